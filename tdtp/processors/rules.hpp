#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace packhouse::tdtp {

/// One rule that cells are checked against.
class Rule {
 public:
  virtual ~Rule() = default;
  /// What is wrong with the cell, or nothing. A parameter that makes no sense is reported for every cell, too.
  virtual std::optional<std::string> fault(std::string_view cell) const = 0;
};

/// From "type" or "type:parameter": regex, range, enum, required, length, email, phone, url, date. Messages:
/// `unknown validation rule type: X`; `invalid regex pattern 'X': …`, which `is_regex_error` tells apart.
Result<std::unique_ptr<Rule>> make_rule(std::string_view text);

}  // namespace packhouse::tdtp
