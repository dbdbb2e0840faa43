#include <string>
#include <vector>

#include "cypher/exec/expressions/factories.hpp"
#include "value/compare.hpp"

namespace packhouse::cypher {
namespace {

using ast::Op;

Ternary truth(const Value& v) {
  if (v.is(Kind::boolean)) return v.as_boolean() ? Ternary::true_ : Ternary::false_;
  if (v.is_null()) return Ternary::null;
  throw QueryError(Status::type_error, "Type mismatch: expected Boolean but was " + std::string(type_name(v.kind())));
}

Value to_value(Ternary t) { return t == Ternary::null ? Value() : Value::boolean(t == Ternary::true_); }

/// AND and OR over any number of operands, three-valued; stops at the first operand that decides.
class Junction final : public Expression {
 public:
  Junction(Ternary decides, std::vector<ExpressionPtr> operands) : decides_(decides), operands_(std::move(operands)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    bool unknown = false;
    for (const auto& operand : operands_) {
      const Ternary t = truth(operand->eval(c, b, r));
      if (t == decides_) return to_value(t);
      unknown |= t == Ternary::null;
    }
    if (unknown) return Value();
    return Value::boolean(decides_ == Ternary::false_);
  }

 private:
  Ternary decides_;
  std::vector<ExpressionPtr> operands_;
};

class Xor final : public Expression {
 public:
  explicit Xor(std::vector<ExpressionPtr> operands) : operands_(std::move(operands)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    bool result = false, unknown = false;
    for (const auto& operand : operands_) {
      const Ternary t = truth(operand->eval(c, b, r));
      unknown |= t == Ternary::null;
      result ^= t == Ternary::true_;
    }
    return unknown ? Value() : Value::boolean(result);
  }

 private:
  std::vector<ExpressionPtr> operands_;
};

class Not final : public Expression {
 public:
  explicit Not(ExpressionPtr operand) : operand_(std::move(operand)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Ternary t = truth(operand_->eval(c, b, r));
    return t == Ternary::null ? Value() : Value::boolean(t == Ternary::false_);
  }

 private:
  ExpressionPtr operand_;
};

/// CASE with and without a subject.
class CaseExpression final : public Expression {
 public:
  struct Arm {
    ExpressionPtr when, then;
  };
  CaseExpression(ExpressionPtr subject, std::vector<Arm> arms, ExpressionPtr otherwise)
      : subject_(std::move(subject)), arms_(std::move(arms)), otherwise_(std::move(otherwise)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value subject = subject_ ? subject_->eval(c, b, r) : Value();
    for (const Arm& arm : arms_) {
      const Value when = arm.when->eval(c, b, r);
      const bool hit = subject_ ? equals(subject, when) == Ternary::true_ : truth(when) == Ternary::true_;
      if (hit) return arm.then->eval(c, b, r);
    }
    return otherwise_ ? otherwise_->eval(c, b, r) : Value();
  }

 private:
  ExpressionPtr subject_;
  std::vector<Arm> arms_;
  ExpressionPtr otherwise_;
};

}  // namespace

ExpressionPtr make_logic(Op op, const ast::Binary& e, ExecContext& context) {
  bool (*same)(Op) = op == Op::and_ ? +[](Op o) { return o == Op::and_; }
                     : op == Op::or_ ? +[](Op o) { return o == Op::or_; }
                                     : +[](Op o) { return o == Op::xor_; };
  std::vector<ExpressionPtr> operands;
  for (const Term& t : flatten(e, same)) operands.push_back(compile(*t.operand, context));
  if (op == Op::xor_) return std::make_unique<Xor>(std::move(operands));
  return std::make_unique<Junction>(op == Op::and_ ? Ternary::false_ : Ternary::true_, std::move(operands));
}

ExpressionPtr make_not(ExpressionPtr operand) { return std::make_unique<Not>(std::move(operand)); }

ExpressionPtr make_case(const ast::Case& e, ExecContext& context) {
  std::vector<CaseExpression::Arm> arms;
  for (const ast::CaseArm& arm : e.arms) arms.push_back({compile(*arm.when, context), compile(*arm.then, context)});
  return std::make_unique<CaseExpression>(e.subject ? compile(*e.subject, context) : nullptr, std::move(arms),
                                          e.otherwise ? compile(*e.otherwise, context) : nullptr);
}

}  // namespace packhouse::cypher
