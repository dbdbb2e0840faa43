#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "tdtp/processors/processor.hpp"

namespace packhouse::tdtp {

/// fields:{name:pattern} with the patterns partial, middle, stars, first2_last2; or fields:[names] with mask_char
/// (default *) and visible_chars (default 0). Works on code points.
Result<std::unique_ptr<Processor>> make_masker(const json::Node& config);

/// All but the last `visible` code points replaced; a value that is not longer stays.
std::string mask_all_but_last(std::string_view value, char32_t mask, std::size_t visible);

/// name@host.tld, ASCII only.
bool is_email(std::string_view s);

}  // namespace packhouse::tdtp
