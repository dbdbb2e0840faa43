#pragma once
#include <cstring>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "tdtp/capi/libtdtp.h"
#include "tdtp/packet.hpp"
#include "tdtp/tdtql/condition.hpp"

// What callers of D_* pass in: looked at in place, never kept.
namespace packhouse::tdtp::capi {

/// Pointers and counts that belong together; every row too.
Result<void> check(const D_Packet* packet);

/// A cell of a row that has been checked; NULL is an empty cell.
inline std::string_view cell(const D_Row& row, std::size_t i) {
  const char* text = row.values[i];
  return text == nullptr ? std::string_view() : std::string_view(text, std::strlen(text));
}

Schema schema_of(const D_Schema& schema);
Rows rows_of(const D_Packet& packet);
/// Header and schema as D_WriteFile writes them, with the marks of compression if it is one blob.
Result<Packet> head_of(const D_Packet& packet);

/// Which columns to mask; an error for a name that no column has (decision T4).
Result<std::vector<std::size_t>> masked_columns(const D_Schema& schema, const D_MaskConfig& config);

/// All conditions of a call. A field or operator that there is not is an error of the first row that gets that far.
class Filter {
 public:
  Filter(const D_Schema& schema, const D_FilterSpec* specs, std::size_t count);
  Result<bool> matches(const D_Row& row) const;

 private:
  struct Step {
    std::vector<tdtql::Comparison> comparison;  // one, or none if `wrong` says why
    std::string wrong;
  };
  std::vector<Step> steps_;
};

}  // namespace packhouse::tdtp::capi
