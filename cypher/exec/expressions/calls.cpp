#include <array>
#include <string>
#include <vector>

#include "cypher/exec/expressions/factories.hpp"
#include "cypher/functions/registry.hpp"

namespace packhouse::cypher {
namespace {

/// coalesce(): the first value that isn't null; later arguments are not evaluated.
class Coalesce final : public Expression {
 public:
  explicit Coalesce(std::vector<ExpressionPtr> arguments) : arguments_(std::move(arguments)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    for (const auto& a : arguments_) {
      const Value v = a->eval(c, b, r);
      if (!v.is_null()) return v;
    }
    return Value();
  }

 private:
  std::vector<ExpressionPtr> arguments_;
};

class FunctionCall final : public Expression {
 public:
  FunctionCall(const Function& f, std::vector<ExpressionPtr> arguments)
      : function_(f), arguments_(std::move(arguments)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    std::array<Value, 4> few;
    if (arguments_.size() > few.size()) return many(c, b, r);
    return call(c, b, r, std::span(few).first(arguments_.size()));
  }

 private:
  Value many(ExecContext& c, Batch& b, RowIndex r) const { return call(c, b, r, b.arena().array<Value>(arguments_.size())); }

  Value call(ExecContext& c, Batch& b, RowIndex r, std::span<Value> values) const {
    bool any_null = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = arguments_[i]->eval(c, b, r);
      any_null |= values[i].is_null();
    }
    if (any_null && function_.null_in_null_out) return Value();
    CallContext context{c, b.arena()};
    const Value result = function_.call(context, values);
    bound_memory(c, b);
    return result;
  }

  const Function& function_;
  std::vector<ExpressionPtr> arguments_;
};

}  // namespace

ExpressionPtr make_call(const ast::Call& e, ExecContext& context) {
  if (!e.function) throw QueryError(Status::internal, "unresolved function " + std::string(e.name));
  if (e.function->aggregating()) {
    throw QueryError(Status::syntax_error, "Invalid use of aggregating function " + std::string(e.name) + "(...) in this context");
  }
  std::vector<ExpressionPtr> arguments;
  for (const ast::Expr* a : e.arguments) arguments.push_back(compile(*a, context));
  if (e.function->name == "coalesce") return std::make_unique<Coalesce>(std::move(arguments));
  return std::make_unique<FunctionCall>(*e.function, std::move(arguments));
}

}  // namespace packhouse::cypher
