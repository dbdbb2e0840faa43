#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "storage/fulltext/posting_list.hpp"

namespace packhouse::storage {

/// Which terms of a field to walk over: low <= term < high, an empty high is the end.
struct TermRange {
  std::string low, high;
};
/// All terms that begin with `prefix`.
TermRange terms_with(std::string_view prefix);

/// Calls f(term) for the terms of a field in order, stored ones and the transaction's own; some may have no entity any more.
/// f returns false to stop.
Result<void> for_each_term(const FulltextView& view, std::uint8_t field, const TermRange& range,
                           const std::function<Result<bool>(std::string_view)>& f);

}  // namespace packhouse::storage
