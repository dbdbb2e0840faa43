#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace packhouse::tdtp::tdtql {

enum class Operator : std::uint8_t {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  like,
  not_like,
  in,
  not_in,
  between,
  not_between,
  is_null,
  is_not_null
};

/// A condition as it is written: a comparison of one field, or AND, OR, NOT of others.
struct Expression {
  enum class Kind : std::uint8_t { compare, and_, or_, not_ };
  Kind kind = Kind::compare;
  std::string field;
  Operator op = Operator::equal;
  std::vector<std::string> values;  ///< one, two for BETWEEN, any number for IN
  std::vector<Expression> parts;    ///< of AND, OR (two or more) and NOT (one)
};

/// A field of ORDER BY.
struct Order {
  std::string field;
  bool descending = false;
};

/// A whole WHERE text. As it is made it lets all rows through.
struct Query {
  Expression where{Expression::Kind::and_, {}, Operator::equal, {}, {}};
  std::vector<Order> order;
  std::optional<std::int64_t> limit, offset;
};

/// Parses what stands behind WHERE. AND binds tighter than OR, NOT tighter than AND. The error's position is the
/// place in the text; its message is `parse error: …` in the original's wording where there is one.
Result<Query> parse(std::string_view text, std::size_t depth = 1000);

/// What stands behind ORDER BY alone: "Balance DESC, Name".
Result<std::vector<Order>> parse_order(std::string_view text);

/// `=`, `LIKE`, `BETWEEN`, … in any case, or the words eq, gt, … (decision T5).
std::optional<Operator> operator_of(std::string_view name);

}  // namespace packhouse::tdtp::tdtql
