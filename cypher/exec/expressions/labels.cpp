#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/exec/expressions/factories.hpp"

namespace packhouse::cypher {
namespace {

/// A compiled label expression: asks one node's labels or one relationship's type.
struct LabelTest {
  using Form = ast::LabelExpr::Form;
  Form form;
  std::string_view name;
  std::unique_ptr<LabelTest> left, right;
  ExpressionPtr dynamic;

  static std::unique_ptr<LabelTest> make(const ast::LabelExpr& e, ExecContext& context) {
    auto t = std::make_unique<LabelTest>();
    t->form = e.form;
    t->name = e.name;
    if (e.left) t->left = make(*e.left, context);
    if (e.right) t->right = make(*e.right, context);
    if (e.expression) t->dynamic = compile(*e.expression, context);
    return t;
  }

  template <class Has, class Any>
  bool holds(ExecContext& c, Batch& b, RowIndex r, const Has& has, const Any& any) const {
    switch (form) {
      case Form::name: return has(name);
      case Form::any: return any();
      case Form::not_: return !left->holds(c, b, r, has, any);
      case Form::and_: return left->holds(c, b, r, has, any) && right->holds(c, b, r, has, any);
      case Form::or_: return left->holds(c, b, r, has, any) || right->holds(c, b, r, has, any);
      case Form::dynamic: return dynamic_holds(dynamic->eval(c, b, r), has);
    }
    return false;
  }

  template <class Has>
  static bool dynamic_holds(const Value& v, const Has& has) {
    if (v.is(Kind::string)) return has(v.as_string());
    if (v.is(Kind::list)) {
      return std::ranges::all_of(v.as_list(), [&](const Value& x) { return dynamic_holds(x, has); });
    }
    throw QueryError(Status::type_error, "Expected a String or a list of Strings as label or type but was " +
                                             std::string(type_name(v.kind())));
  }
};

class HasLabels final : public Expression {
 public:
  HasLabels(ExpressionPtr object, std::unique_ptr<LabelTest> test) : object_(std::move(object)), test_(std::move(test)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value v = object_->eval(c, b, r);
    if (v.is_null()) return v;
    if (v.is(Kind::node)) {
      const auto node = node_view(c, v.as_node());
      const auto has = [&](std::string_view name) {
        const auto id = c.store.find_label(name);
        return id && node.has_label(*id);
      };
      return Value::boolean(test_->holds(c, b, r, has, [&] { return node.label_count() > 0; }));
    }
    if (v.is(Kind::relationship)) {
      const auto type = c.store.name(relationship_view(c, v.as_relationship()).type());
      const auto has = [&](std::string_view name) { return name == type; };
      return Value::boolean(test_->holds(c, b, r, has, [] { return true; }));
    }
    throw QueryError(Status::type_error, "Type mismatch: expected Node or Relationship but was " + std::string(type_name(v.kind())));
  }

 private:
  ExpressionPtr object_;
  std::unique_ptr<LabelTest> test_;
};

/// x IS :: TYPE. The type text is normalized by the parser: upper case, single blanks.
class IsOfType final : public Expression {
 public:
  IsOfType(ExpressionPtr object, std::string type, bool negated)
      : object_(std::move(object)), type_(std::move(type)), negated_(negated) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    return Value::boolean(matches(object_->eval(c, b, r), type_) != negated_);
  }

 private:
  static std::string_view trim(std::string_view s) {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    return s;
  }

  static bool matches(const Value& v, std::string_view type) {
    type = trim(type);
    int depth = 0;
    for (std::size_t i = 0; i < type.size(); ++i) {  // unions: A | B, outside of LIST<…>
      if (type[i] == '<') ++depth;
      if (type[i] == '>') --depth;
      if (type[i] == '|' && depth == 0) return matches(v, type.substr(0, i)) || matches(v, type.substr(i + 1));
    }
    bool nullable = true;
    if (type.ends_with("NOT NULL")) {
      nullable = false;
      type = trim(type.substr(0, type.size() - 8));
    }
    if (v.is_null()) return nullable && type != "NOTHING";
    if (type == "ANY" || type == "ANY VALUE") return true;
    if (type == "PROPERTY VALUE") return !v.is(Kind::map) && !v.is(Kind::node) && !v.is(Kind::relationship) && !v.is(Kind::path);
    if (type.starts_with("LIST<") || type.starts_with("ARRAY<")) {
      if (!v.is(Kind::list)) return false;
      const auto open = type.find('<') + 1;
      const auto inner = type.substr(open, type.rfind('>') - open);
      return std::ranges::all_of(v.as_list(), [&](const Value& x) { return matches(x, inner); });
    }
    return name_of(v.kind()) == canonical(type);
  }

  static std::string_view canonical(std::string_view t) {
    if (t == "BOOL") return "BOOLEAN";
    if (t == "VARCHAR") return "STRING";
    if (t == "INT" || t == "SIGNED INTEGER") return "INTEGER";
    if (t == "TIMESTAMP WITHOUT TIME ZONE") return "LOCAL DATETIME";
    if (t == "TIMESTAMP WITH TIME ZONE") return "ZONED DATETIME";
    if (t == "TIME WITHOUT TIME ZONE") return "LOCAL TIME";
    if (t == "TIME WITH TIME ZONE") return "ZONED TIME";
    if (t == "VERTEX" || t == "ANY NODE" || t == "ANY VERTEX") return "NODE";
    if (t == "EDGE" || t == "ANY RELATIONSHIP" || t == "ANY EDGE") return "RELATIONSHIP";
    if (t == "ANY MAP") return "MAP";
    return t;
  }
  static std::string_view name_of(Kind k) { return type_name(k); }

  ExpressionPtr object_;
  std::string type_;
  bool negated_;
};

}  // namespace

ExpressionPtr make_label_predicate(const ast::LabelPredicate& e, ExecContext& context) {
  return std::make_unique<HasLabels>(compile(*e.object, context), LabelTest::make(*e.labels, context));
}

ExpressionPtr make_type_predicate(const ast::TypePredicate& e, ExecContext& context) {
  return std::make_unique<IsOfType>(compile(*e.object, context), std::string(e.type), e.negated);
}

}  // namespace packhouse::cypher
