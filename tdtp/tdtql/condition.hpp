#pragma once
#include <string>
#include <vector>

#include "base/error.hpp"
#include "tdtp/tdtql/like.hpp"
#include "tdtp/tdtql/operand.hpp"
#include "tdtp/tdtql/syntax.hpp"

namespace packhouse::tdtp::tdtql {

/// One comparison of a column with literals that have been read already.
class Comparison {
 public:
  Comparison(Column column, Operator op, std::vector<std::string> values);
  Comparison(Comparison&&) noexcept = default;
  Comparison& operator=(Comparison&&) noexcept = default;
  Result<bool> matches(Rows::Row row) const;
  /// The same for the one cell that counts, of column().
  Result<bool> compare(std::string_view cell) const;
  std::size_t column() const { return column_.index; }

 private:
  Result<bool> in(const Operand& cell) const;
  Result<bool> at_least(const Operand& cell, const Operand& literal) const;
  Result<bool> at_most(const Operand& cell, const Operand& literal) const;
  Result<bool> between(const Operand& cell) const;
  const Operand& literal(std::size_t i) const { return literals_[i]; }

  Column column_;
  Operator op_;
  std::vector<std::string> values_;
  std::vector<Operand> literals_;
  std::vector<LikePattern> pattern_;  // none or one
};

/// A condition with its fields found: decides about rows. Moves, but does not copy: literals are views of itself.
class Condition {
 public:
  /// Fields are found in any case; one that is missing is an error: `field 'X' not found in schema`.
  static Result<Condition> compile(const Expression& e, const Schema& schema);

  /// False decides AND, true decides OR; what comes after is not looked at, nor are its errors.
  Result<bool> matches(Rows::Row row) const;

 private:
  struct Node {
    Expression::Kind kind;
    std::vector<Node> parts;
    std::size_t comparison = 0;
  };
  Result<Node> build(const Expression& e, const Schema& schema);
  Result<bool> decide(const Node& node, Rows::Row row) const;

  std::vector<Comparison> comparisons_;
  Node root_{Expression::Kind::and_, {}, 0};
};

}  // namespace packhouse::tdtp::tdtql
