#include "cypher/plan/expressions.hpp"

namespace packhouse::cypher::plan {

const Node* inner_plan(const ast::Expr& e) {
  if (const auto* x = e.as<ast::PatternPredicate>()) return x->plan;
  if (const auto* x = e.as<ast::PatternComprehension>()) return x->plan;
  if (const auto* x = e.as<ast::SubqueryExpr>()) return x->plan;
  if (const auto* x = e.as<ast::ShortestPathExpr>()) return x->plan;
  return nullptr;
}

void add_slots(const ast::Expr& e, SlotSet& to) {
  if (const auto* v = e.as<ast::Variable>()) to.add(v->slot);
  if (const Node* inner = inner_plan(e)) to.add(inner->arguments);
  for_each_operand(e, [&](const ast::Expr& x) { add_slots(x, to); });
}

SlotSet slots_of(const ast::Expr& e) {
  SlotSet out;
  add_slots(e, out);
  return out;
}

void add_slots(const ast::LabelExpr* e, SlotSet& to) {
  if (!e) return;
  if (e->expression) add_slots(*e->expression, to);
  add_slots(e->left, to);
  add_slots(e->right, to);
}

void split_conjuncts(ast::Expr* e, Arena& arena, std::vector<ast::Expr*>& out) {
  // Left-deep chains of AND may be thousands long, so the left side is followed without recursion.
  std::vector<ast::Expr*> later;
  while (const auto* b = e->as<ast::Binary>()) {
    if (b->op != ast::Op::and_) break;
    later.push_back(b->right);
    e = b->left;
  }
  if (const auto* chain = e->as<ast::Chain>()) {
    for (std::size_t i = 0; i < chain->ops.size(); ++i) {
      out.push_back(make_binary(arena, chain->ops[i], chain->operands[i], chain->operands[i + 1]));
    }
  } else {
    out.push_back(e);
  }
  for (auto it = later.rbegin(); it != later.rend(); ++it) split_conjuncts(*it, arena, out);
}

ast::Slot variable_slot(const ast::Expr& e) {
  const auto* v = e.as<ast::Variable>();
  return v ? v->slot : ast::no_slot;
}

ast::Expr* make_variable(Arena& arena, std::string_view name, ast::Slot slot, ast::Span at) {
  return arena.make<ast::Expr>(ast::Variable{name, slot}, at);
}

ast::Expr* make_binary(Arena& arena, ast::Op op, ast::Expr* left, ast::Expr* right) {
  return arena.make<ast::Expr>(ast::Binary{op, left, right}, ast::Span{});
}

bool plain_names(const ast::LabelExpr* e, ast::LabelExpr::Form joined_by, std::vector<std::string_view>& out) {
  if (!e) return true;
  if (e->form == ast::LabelExpr::Form::name) {
    out.push_back(e->name);
    return true;
  }
  return e->form == joined_by && plain_names(e->left, joined_by, out) && plain_names(e->right, joined_by, out);
}

namespace {

std::string_view symbol(ast::Op op) {
  using ast::Op;
  switch (op) {
    case Op::or_: return "OR";
    case Op::xor_: return "XOR";
    case Op::and_: return "AND";
    case Op::not_: return "NOT";
    case Op::eq: return "=";
    case Op::ne: return "<>";
    case Op::lt: return "<";
    case Op::le: return "<=";
    case Op::gt: return ">";
    case Op::ge: return ">=";
    case Op::in: return "IN";
    case Op::starts_with: return "STARTS WITH";
    case Op::ends_with: return "ENDS WITH";
    case Op::contains: return "CONTAINS";
    case Op::regex: return "=~";
    case Op::is_null: return "IS NULL";
    case Op::is_not_null: return "IS NOT NULL";
    case Op::add: return "+";
    case Op::sub: return "-";
    case Op::mul: return "*";
    case Op::div: return "/";
    case Op::mod: return "%";
    case Op::pow: return "^";
    case Op::neg: return "-";
    case Op::pos: return "+";
    case Op::concat: return "||";
  }
  return "?";
}

std::string literal(const Value& v) {
  switch (v.kind()) {
    case Kind::null: return "null";
    case Kind::boolean: return v.as_boolean() ? "true" : "false";
    case Kind::integer: return std::to_string(v.as_integer());
    case Kind::real: return std::to_string(v.as_real());
    case Kind::string: return '"' + std::string(v.as_string()) + '"';
    default: return "...";
  }
}

}  // namespace

std::string describe(const ast::Expr& e, std::string_view text) {
  if (e.at.end > e.at.begin && e.at.end <= text.size()) return std::string(text.substr(e.at.begin, e.at.end - e.at.begin));
  return std::visit(overloaded{
                        [](const ast::Literal& x) { return literal(x.value); },
                        [](const ast::Parameter& x) { return '$' + std::string(x.name); },
                        [](const ast::Variable& x) { return std::string(x.name); },
                        [&](const ast::Property& x) { return describe(*x.object, text) + '.' + std::string(x.key); },
                        [&](const ast::Binary& x) {
                          return describe(*x.left, text) + ' ' + std::string(symbol(x.op)) + ' ' + describe(*x.right, text);
                        },
                        [&](const ast::LabelPredicate& x) { return describe(*x.object, text) + ':' + describe(x.labels); },
                        [](const ast::CountStar&) { return std::string("count(*)"); },
                        [](const auto&) { return std::string("..."); },
                    },
                    e.node);
}

std::string describe(const ast::LabelExpr* e) {
  using Form = ast::LabelExpr::Form;
  if (!e) return "";
  switch (e->form) {
    case Form::name: return std::string(e->name);
    case Form::any: return "%";
    case Form::not_: return '!' + describe(e->left);
    case Form::and_: return describe(e->left) + '&' + describe(e->right);
    case Form::or_: return describe(e->left) + '|' + describe(e->right);
    case Form::dynamic: return "$(...)";
  }
  return "";
}

}  // namespace packhouse::cypher::plan
