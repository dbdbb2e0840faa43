#include <re2/re2.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cypher/exec/expressions/arithmetic.hpp"
#include "cypher/exec/expressions/factories.hpp"
#include "value/compare.hpp"

namespace packhouse::cypher {
namespace {

using ast::Op;

Value to_value(Ternary t) { return t == Ternary::null ? Value() : Value::boolean(t == Ternary::true_); }

Value compare_op(Op op, const Value& a, const Value& b) {
  switch (op) {
    case Op::eq: return to_value(equals(a, b));
    case Op::ne: {
      const Ternary t = equals(a, b);
      return t == Ternary::null ? Value() : Value::boolean(t == Ternary::false_);
    }
    default: break;
  }
  const Comparison c = compare(a, b);
  if (c == Comparison::null) return Value();
  if (c == Comparison::nan) return Value::boolean(false);
  switch (op) {
    case Op::lt: return Value::boolean(c == Comparison::less);
    case Op::le: return Value::boolean(c != Comparison::greater);
    case Op::gt: return Value::boolean(c == Comparison::greater);
    default: return Value::boolean(c != Comparison::less);
  }
}

class Compare final : public Expression {
 public:
  Compare(Op op, ExpressionPtr left, ExpressionPtr right) : op_(op), left_(std::move(left)), right_(std::move(right)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value left = left_->eval(c, b, r);
    return compare_op(op_, left, right_->eval(c, b, r));
  }
  void eval_all(ExecContext& c, Batch& b, Value* out) const override {
    const Value* fixed = right_->constant();
    if (!fixed) return Expression::eval_all(c, b, out);
    left_->eval_all(c, b, out);
    const Value right = *fixed;
    if (right.is(Kind::integer)) {
      switch (op_) {
        case Op::eq: return with_integer(b, out, right, std::equal_to<>());
        case Op::ne: return with_integer(b, out, right, std::not_equal_to<>());
        case Op::lt: return with_integer(b, out, right, std::less<>());
        case Op::le: return with_integer(b, out, right, std::less_equal<>());
        case Op::gt: return with_integer(b, out, right, std::greater<>());
        default: return with_integer(b, out, right, std::greater_equal<>());
      }
    }
    for (RowIndex i = 0, n = b.size(); i < n; ++i) out[b.row(i)] = compare_op(op_, out[b.row(i)], right);
  }

 private:
  /// Integers among themselves, the usual case, without asking again for each row what they are.
  template <class Holds>
  void with_integer(const Batch& b, Value* out, const Value& right, Holds holds) const {
    const std::int64_t limit = right.as_integer();
    for (RowIndex i = 0, n = b.size(); i < n; ++i) {
      Value& v = out[b.row(i)];
      v = v.is(Kind::integer) ? Value::boolean(holds(v.as_integer(), limit)) : compare_op(op_, v, right);
    }
  }

  Op op_;
  ExpressionPtr left_, right_;
};

/// a < b <= c: every operand is evaluated once.
class ComparisonChain final : public Expression {
 public:
  ComparisonChain(std::vector<Op> ops, std::vector<ExpressionPtr> operands)
      : ops_(std::move(ops)), operands_(std::move(operands)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    bool unknown = false;
    Value left = operands_[0]->eval(c, b, r);
    for (std::size_t i = 0; i < ops_.size(); ++i) {
      const Value right = operands_[i + 1]->eval(c, b, r);
      const Value holds = compare_op(ops_[i], left, right);
      if (holds.is(Kind::boolean) && !holds.as_boolean()) return holds;
      unknown |= holds.is_null();
      left = right;
    }
    return unknown ? Value() : Value::boolean(true);
  }

 private:
  std::vector<Op> ops_;
  std::vector<ExpressionPtr> operands_;
};

bool is_arithmetic(Op op) {
  return op == Op::add || op == Op::sub || op == Op::mul || op == Op::div || op == Op::mod || op == Op::pow ||
         op == Op::concat;
}

/// A left-deep run of arithmetic operators, evaluated in a loop.
class Arithmetic final : public Expression {
 public:
  struct Step {
    Op op;
    ExpressionPtr operand;
  };
  Arithmetic(ExpressionPtr first, std::vector<Step> steps) : first_(std::move(first)), steps_(std::move(steps)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    Value sum = first_->eval(c, b, r);
    for (const Step& s : steps_) sum = arithmetic(s.op, sum, s.operand->eval(c, b, r), b.arena());
    bound_memory(c, b);
    return sum;
  }

 private:
  ExpressionPtr first_;
  std::vector<Step> steps_;
};

/// x IN list, three-valued.
class In final : public Expression {
 public:
  In(ExpressionPtr item, ExpressionPtr list) : item_(std::move(item)), list_(std::move(list)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value item = item_->eval(c, b, r), list = list_->eval(c, b, r);
    if (list.is_null()) return Value();
    if (!list.is(Kind::list)) {
      throw QueryError(Status::type_error, "Type mismatch: expected List<T> but was " + std::string(type_name(list.kind())));
    }
    bool unknown = false;
    for (const Value& candidate : list.as_list()) {
      const Ternary t = equals(item, candidate);
      if (t == Ternary::true_) return Value::boolean(true);
      unknown |= t == Ternary::null;
    }
    return unknown ? Value() : Value::boolean(false);
  }

 private:
  ExpressionPtr item_, list_;
};

/// STARTS WITH, ENDS WITH, CONTAINS: null unless both are strings.
class TextMatch final : public Expression {
 public:
  TextMatch(Op op, ExpressionPtr text, ExpressionPtr part) : op_(op), text_(std::move(text)), part_(std::move(part)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value text = text_->eval(c, b, r), part = part_->eval(c, b, r);
    if (!text.is(Kind::string) || !part.is(Kind::string)) return Value();
    const std::string_view s = text.as_string(), p = part.as_string();
    if (op_ == Op::starts_with) return Value::boolean(s.starts_with(p));
    if (op_ == Op::ends_with) return Value::boolean(s.ends_with(p));
    return Value::boolean(s.find(p) != s.npos);
  }

 private:
  Op op_;
  ExpressionPtr text_, part_;
};

/// text =~ pattern, the whole text must match; RE2, so linear in the text. The last pattern's machine is kept.
class RegexMatch final : public Expression {
 public:
  RegexMatch(ExpressionPtr text, ExpressionPtr pattern) : text_(std::move(text)), pattern_(std::move(pattern)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value text = text_->eval(c, b, r), pattern = pattern_->eval(c, b, r);
    if (!text.is(Kind::string) || !pattern.is(Kind::string)) return Value();
    if (!machine_ || machine_->pattern() != pattern.as_string()) {
      machine_ = std::make_unique<RE2>(pattern.as_string(), RE2::Quiet);
      if (!machine_->ok()) {
        throw QueryError(Status::syntax_error, "Invalid Regex: " + machine_->error());
      }
    }
    return Value::boolean(RE2::FullMatch(re2::StringPiece(text.as_string().data(), text.as_string().size()), *machine_));
  }

 private:
  ExpressionPtr text_, pattern_;
  mutable std::unique_ptr<RE2> machine_;
};

class IsNull final : public Expression {
 public:
  IsNull(ExpressionPtr operand, bool wanted) : operand_(std::move(operand)), wanted_(wanted) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    return Value::boolean(operand_->eval(c, b, r).is_null() == wanted_);
  }

 private:
  ExpressionPtr operand_;
  bool wanted_;
};

class Negate final : public Expression {
 public:
  Negate(ExpressionPtr operand, bool minus) : operand_(std::move(operand)), minus_(minus) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value v = operand_->eval(c, b, r);
    if (minus_) return negate(v, b.arena());
    if (v.is_null() || v.is_number() || v.is(Kind::duration)) return v;
    throw QueryError(Status::type_error, "Cannot use `+` on " + std::string(type_name(v.kind())) + ".");
  }

 private:
  ExpressionPtr operand_;
  bool minus_;
};

ExpressionPtr make_arithmetic(const ast::Binary& e, ExecContext& context) {
  const std::vector<Term> terms = flatten(e, is_arithmetic);
  std::vector<Arithmetic::Step> steps;
  for (std::size_t i = 1; i < terms.size(); ++i) steps.push_back({terms[i].op, compile(*terms[i].operand, context)});
  return std::make_unique<Arithmetic>(compile(*terms[0].operand, context), std::move(steps));
}

}  // namespace

ExpressionPtr make_unary(const ast::Unary& e, ExecContext& context) {
  ExpressionPtr operand = compile(*e.operand, context);
  switch (e.op) {
    case Op::not_: return make_not(std::move(operand));
    case Op::is_null: return std::make_unique<IsNull>(std::move(operand), true);
    case Op::is_not_null: return std::make_unique<IsNull>(std::move(operand), false);
    case Op::neg: return std::make_unique<Negate>(std::move(operand), true);
    case Op::pos: return std::make_unique<Negate>(std::move(operand), false);
    default: throw QueryError(Status::internal, "not a unary operator");
  }
}

ExpressionPtr make_binary(const ast::Binary& e, ExecContext& context) {
  if (is_arithmetic(e.op)) return make_arithmetic(e, context);
  if (e.op == Op::and_ || e.op == Op::or_ || e.op == Op::xor_) return make_logic(e.op, e, context);
  ExpressionPtr left = compile(*e.left, context), right = compile(*e.right, context);
  switch (e.op) {
    case Op::in: return std::make_unique<In>(std::move(left), std::move(right));
    case Op::starts_with:
    case Op::ends_with:
    case Op::contains: return std::make_unique<TextMatch>(e.op, std::move(left), std::move(right));
    case Op::regex: return std::make_unique<RegexMatch>(std::move(left), std::move(right));
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge: return std::make_unique<Compare>(e.op, std::move(left), std::move(right));
    default: throw QueryError(Status::internal, "not a binary operator");
  }
}

ExpressionPtr make_chain(const ast::Chain& e, ExecContext& context) {
  std::vector<ExpressionPtr> operands;
  for (const ast::Expr* operand : e.operands) operands.push_back(compile(*operand, context));
  return std::make_unique<ComparisonChain>(std::vector<Op>(e.ops.begin(), e.ops.end()), std::move(operands));
}

}  // namespace packhouse::cypher
