#include "tdtp/tdtql/condition.hpp"

namespace packhouse::tdtp::tdtql {

namespace {

bool needs_pattern(Operator op) {
  return op == Operator::like || op == Operator::not_like;
}

Result<bool> negated(Result<bool> r) {
  if (r) return !*r;
  return r;
}

}  // namespace

Comparison::Comparison(Column column, Operator op, std::vector<std::string> values)
    : column_(std::move(column)), op_(op), values_(std::move(values)) {
  if (needs_pattern(op_)) {
    pattern_.emplace_back(values_.at(0));
    return;
  }
  // The literals are views of values_, whose buffer stays where it is when a Comparison moves.
  for (const std::string& v : values_) literals_.push_back(Operand::read(column_, v, true));
}

Result<bool> Comparison::matches(Rows::Row row) const {
  if (column_.index >= row.size()) return fail(Status::argument_error, "row has fewer fields than schema");
  return compare(row[column_.index]);
}

Result<bool> Comparison::compare(std::string_view cell) const {
  using enum Operator;
  if (op_ == is_null) return cell.empty();
  if (op_ == is_not_null) return !cell.empty();
  const bool null = tdtp::is_null(column_.type, cell);
  if (needs_pattern(op_)) return (!null && pattern_[0].matches(cell)) == (op_ == like);
  const bool negative = op_ == not_equal || op_ == not_in || op_ == not_between;
  if (null) return negative;
  const Operand value = Operand::read(column_, cell);
  switch (op_) {
    case equal: return is_equal(column_, value, literal(0));
    case not_equal: return negated(is_equal(column_, value, literal(0)));
    case in: return this->in(value);
    case not_in: return negated(this->in(value));
    case between: return this->between(value);
    case not_between: return negated(this->between(value));
    case greater_equal: return at_least(value, literal(0));
    case less_equal: return at_most(value, literal(0));
    default: break;
  }
  if (tdtp::is_null(column_.type, literal(0).text)) return false;
  PACKHOUSE_TRY(const int o, order(column_, value, literal(0)));
  return op_ == less ? o < 0 : o > 0;
}

Result<bool> Comparison::in(const Operand& cell) const {
  for (const Operand& l : literals_) {
    PACKHOUSE_TRY(const bool same, is_equal(column_, cell, l));
    if (same) return true;
  }
  return false;
}

Result<bool> Comparison::at_least(const Operand& cell, const Operand& literal) const {
  if (tdtp::is_null(column_.type, literal.text)) return false;
  PACKHOUSE_TRY(const int o, order(column_, cell, literal));
  if (o > 0) return true;
  return is_equal(column_, cell, literal);
}

Result<bool> Comparison::at_most(const Operand& cell, const Operand& literal) const {
  if (tdtp::is_null(column_.type, literal.text)) return false;
  PACKHOUSE_TRY(const int o, order(column_, cell, literal));
  if (o < 0) return true;
  return is_equal(column_, cell, literal);
}

Result<bool> Comparison::between(const Operand& cell) const {
  PACKHOUSE_TRY(const bool above, at_least(cell, literal(0)));
  if (!above) return false;
  return at_most(cell, literal(1));
}

Result<Condition> Condition::compile(const Expression& e, const Schema& schema) {
  Condition c;
  PACKHOUSE_TRY(c.root_, c.build(e, schema));
  return c;
}

Result<Condition::Node> Condition::build(const Expression& e, const Schema& schema) {
  Node node{e.kind, {}, 0};
  if (e.kind == Expression::Kind::compare) {
    const auto column = schema.find_ignoring_case(e.field);
    if (!column) return fail(Status::argument_error, "field '" + e.field + "' not found in schema");
    node.comparison = comparisons_.size();
    comparisons_.emplace_back(Column(schema, *column), e.op, e.values);
    return node;
  }
  for (const Expression& part : e.parts) {
    PACKHOUSE_TRY(Node child, build(part, schema));
    node.parts.push_back(std::move(child));
  }
  return node;
}

Result<bool> Condition::matches(Rows::Row row) const {
  return decide(root_, row);
}

Result<bool> Condition::decide(const Node& node, Rows::Row row) const {
  if (node.kind == Expression::Kind::compare) return comparisons_[node.comparison].matches(row);
  if (node.kind == Expression::Kind::not_) return negated(decide(node.parts[0], row));
  const bool deciding = node.kind == Expression::Kind::or_;
  for (const Node& part : node.parts) {
    PACKHOUSE_TRY(const bool yes, decide(part, row));
    if (yes == deciding) return deciding;
  }
  return !deciding;
}

}  // namespace packhouse::tdtp::tdtql
