#include "cypher/syntax/print.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/ascii.hpp"

namespace packhouse::cypher {
namespace {

using namespace ast;

constexpr int deepest = 100;

std::string_view symbol(Op op) {
  switch (op) {
    case Op::or_: return " OR ";
    case Op::xor_: return " XOR ";
    case Op::and_: return " AND ";
    case Op::not_: return "NOT ";
    case Op::eq: return " = ";
    case Op::ne: return " <> ";
    case Op::lt: return " < ";
    case Op::le: return " <= ";
    case Op::gt: return " > ";
    case Op::ge: return " >= ";
    case Op::in: return " IN ";
    case Op::starts_with: return " STARTS WITH ";
    case Op::ends_with: return " ENDS WITH ";
    case Op::contains: return " CONTAINS ";
    case Op::regex: return " =~ ";
    case Op::is_null: return " IS NULL";
    case Op::is_not_null: return " IS NOT NULL";
    case Op::add: return " + ";
    case Op::sub: return " - ";
    case Op::mul: return " * ";
    case Op::div: return " / ";
    case Op::mod: return " % ";
    case Op::pow: return " ^ ";
    case Op::neg: return "-";
    case Op::pos: return "+";
    case Op::concat: return " || ";
  }
  return " ? ";
}

/// How tightly an operator binds; higher is tighter.
int power(Op op) {
  switch (op) {
    case Op::or_: return 1;
    case Op::xor_: return 2;
    case Op::and_: return 3;
    case Op::not_: return 4;
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge: return 5;
    case Op::in:
    case Op::starts_with:
    case Op::ends_with:
    case Op::contains:
    case Op::regex:
    case Op::is_null:
    case Op::is_not_null: return 6;
    case Op::add:
    case Op::sub:
    case Op::concat: return 7;
    case Op::mul:
    case Op::div:
    case Op::mod: return 8;
    case Op::pow: return 9;
    case Op::neg:
    case Op::pos: return 10;
  }
  return 0;
}
constexpr int atom_power = 20;

int power(const Expr& e) {
  if (const auto* b = e.as<Binary>()) return power(b->op);
  if (const auto* u = e.as<Unary>()) return power(u->op);
  if (e.as<Chain>() != nullptr) return 5;
  if (e.as<TypePredicate>() != nullptr) return 6;
  return atom_power;
}

/// Writes one expression; not to be used twice.
class Printer {
 public:
  std::string out;

  void put(const Expr* e, int min_power = 0) {
    if (depth_ > deepest) {
      out += "…";
      return;
    }
    ++depth_;
    const bool brackets = power(*e) < min_power;
    if (brackets) out += '(';
    std::visit([this](const auto& n) { node(n); }, e->node);
    if (brackets) out += ')';
    --depth_;
  }

  void labels(const LabelExpr* l, int min_power = 0) {
    using Form = LabelExpr::Form;
    if (depth_ > deepest) {
      out += "…";
      return;
    }
    ++depth_;
    const int p = l->form == Form::or_ ? 1 : l->form == Form::and_ ? 2 : 3;
    if (p < min_power) out += '(';
    switch (l->form) {
      case Form::name: out += quote_name(l->name); break;
      case Form::any: out += '%'; break;
      case Form::not_: out += '!', labels(l->left, 3); break;
      case Form::and_: labels(l->left, 2), out += '&', labels(l->right, 2); break;
      case Form::or_: labels(l->left, 1), out += '|', labels(l->right, 1); break;
      case Form::dynamic: out += "$(", put(l->expression), out += ')'; break;
    }
    if (p < min_power) out += ')';
    --depth_;
  }

  void node_pattern(const NodePattern& n) {
    out += '(';
    details(n.variable, n.labels);
    if (n.properties != nullptr) space(), put(n.properties);
    if (n.where != nullptr) space(), out += "WHERE ", put(n.where);
    out += ')';
  }

  void rel_pattern(const RelPattern& r) {
    out += r.direction == Direction::in ? "<-" : "-";
    const bool plain = r.variable.name.empty() && r.types == nullptr && r.properties == nullptr && r.where == nullptr &&
                       !r.variable_length;
    if (!plain) {
      out += '[';
      details(r.variable, r.types);
      if (r.variable_length) length(r.length);
      if (r.properties != nullptr) space(), put(r.properties);
      if (r.where != nullptr) space(), out += "WHERE ", put(r.where);
      out += ']';
    }
    out += r.direction == Direction::out ? "->" : "-";
  }

  void path(const Path& p) {
    if (!p.variable.name.empty()) out += quote_name(p.variable.name) + " = ";
    if (p.kind != PathKind::walk) out += p.kind == PathKind::shortest ? "shortestPath(" : "allShortestPaths(";
    node_pattern(p.start);
    for (const Step& s : p.steps) rel_pattern(s.rel), node_pattern(s.node);
    if (p.kind != PathKind::walk) out += ')';
  }

 private:
  void space() {
    if (out.back() != '(' && out.back() != '[') out += ' ';
  }
  void details(const Variable& v, const LabelExpr* l) {
    if (!v.name.empty()) out += quote_name(v.name);
    if (l != nullptr) out += ':', labels(l);
  }
  void length(const Length& l) {
    out += '*';
    if (l.max_given && l.max == l.min)
      out += std::to_string(l.min);
    else if (l.max_given)
      out += std::to_string(l.min) + ".." + std::to_string(l.max);
    else if (l.min != 1)
      out += std::to_string(l.min) + "..";
  }
  template <class S, class F>
  void joined(const S& items, F one) {
    bool first = true;
    for (const auto& i : items) {
      if (!first) out += ", ";
      first = false;
      one(i);
    }
  }

  void node(const Literal& l) {
    switch (l.value.kind()) {
      case packhouse::Kind::boolean: out += l.value.as_boolean() ? "true" : "false"; break;
      case packhouse::Kind::integer: out += std::to_string(l.value.as_integer()); break;
      case packhouse::Kind::real: real(l.value.as_real()); break;
      case packhouse::Kind::string: text(l.value.as_string()); break;
      default: out += "null";
    }
  }
  void real(double d) {
    if (std::isnan(d))
      out += "NaN";
    else if (std::isinf(d))
      out += d < 0 ? "-Infinity" : "Infinity";
    else if (const std::string s = fmt::format("{}", d); s.find_first_of(".e") == std::string::npos)
      out += s + ".0";
    else
      out += s;
  }
  void text(std::string_view s) {
    out += '"';
    for (const char c : s) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  void node(const Parameter& p) { out += '$' + quote_name(p.name); }
  void node(const Variable& v) { out += quote_name(v.name); }
  void node(const Property& p) { put(p.object, atom_power), out += '.' + quote_name(p.key); }
  void node(const Index& i) { put(i.object, atom_power), out += '[', put(i.at), out += ']'; }
  void node(const Slice& s) {
    put(s.object, atom_power), out += '[';
    if (s.from != nullptr) put(s.from);
    out += "..";
    if (s.to != nullptr) put(s.to);
    out += ']';
  }
  void node(const Unary& u) {
    if (u.op == Op::is_null || u.op == Op::is_not_null) {
      put(u.operand, 6), out += symbol(u.op);
    } else {
      out += symbol(u.op), put(u.operand, power(u.op));
    }
  }
  void node(const Binary& b) {
    const int p = power(b.op);
    const bool associative = b.op == Op::and_ || b.op == Op::or_ || b.op == Op::xor_;
    put(b.left, p == 5 ? 6 : p), out += symbol(b.op), put(b.right, associative ? p : p + 1);
  }
  void node(const Chain& c) {
    for (std::size_t i = 0; i < c.operands.size(); ++i) {
      if (i > 0) out += symbol(c.ops[i - 1]);
      put(c.operands[i], 6);
    }
  }
  void node(const ListLiteral& l) {
    out += '[', joined(l.items, [this](const Expr* e) { put(e); }), out += ']';
  }
  void entry(std::string_view key, const Expr* value) { out += quote_name(key) + ": ", put(value); }
  void node(const MapLiteral& m) {
    out += '{', joined(m.entries, [this](const Entry& e) { entry(e.key, e.value); }), out += '}';
  }
  void node(const MapProjection& m) {
    using Form = MapProjection::Form;
    put(m.object), out += '{';
    joined(m.items, [this](const MapProjection::Item& i) {
      if (i.form == Form::all_properties)
        out += ".*";
      else if (i.form == Form::property)
        out += '.' + quote_name(i.key);
      else if (i.form == Form::variable)
        out += quote_name(i.key);
      else
        entry(i.key, i.value);
    });
    out += '}';
  }
  void node(const Case& c) {
    out += "CASE";
    if (c.subject != nullptr) out += ' ', put(c.subject);
    for (const CaseArm& a : c.arms) out += " WHEN ", put(a.when), out += " THEN ", put(a.then);
    if (c.otherwise != nullptr) out += " ELSE ", put(c.otherwise);
    out += " END";
  }
  void node(const Call& c) {
    out += c.name;
    out += c.distinct ? "(DISTINCT " : "(";
    joined(c.arguments, [this](const Expr* e) { put(e); }), out += ')';
  }
  void node(const CountStar&) { out += "count(*)"; }
  void each(const Variable& v, const Expr* list, const Expr* where) {
    out += quote_name(v.name) + " IN ", put(list);
    if (where != nullptr) out += " WHERE ", put(where);
  }
  void node(const ListComprehension& c) {
    out += '[', each(c.variable, c.list, c.where);
    if (c.map != nullptr) out += " | ", put(c.map);
    out += ']';
  }
  void node(const Quantifier& q) {
    static constexpr std::string_view names[] = {"all(", "any(", "none(", "single("};
    out += names[static_cast<std::size_t>(q.kind)], each(q.variable, q.list, q.where), out += ')';
  }
  void node(const Reduce& r) {
    out += "reduce(" + quote_name(r.accumulator.name) + " = ", put(r.initial), out += ", ";
    each(r.variable, r.list, nullptr), out += " | ", put(r.step), out += ')';
  }
  void node(const PatternPredicate& p) { path(*p.path); }
  void node(const PatternComprehension& c) {
    out += '[', path(*c.path);
    if (c.where != nullptr) out += " WHERE ", put(c.where);
    out += " | ", put(c.map), out += ']';
  }
  void node(const SubqueryExpr& s) {
    out += s.kind == SubqueryKind::exists  ? "EXISTS { … }"
           : s.kind == SubqueryKind::count ? "COUNT { … }"
                                           : "COLLECT { … }";
  }
  void node(const ShortestPathExpr& s) { path(*s.path); }
  void node(const LabelPredicate& l) { put(l.object, atom_power), out += ':', labels(l.labels); }
  void node(const TypePredicate& t) { put(t.object, 6), out += t.negated ? " IS NOT :: " : " IS :: ", out += t.type; }

  int depth_ = 0;
};

}  // namespace

std::string quote_name(std::string_view name) {
  bool plain = !name.empty() && !is_digit(name[0]);
  for (const char c : name) {
    plain = plain && (is_ascii_letter(c) || is_digit(c) || c == '_' || (c & '\x80') != 0);
  }
  if (plain) return std::string(name);
  std::string out = "`";
  for (const char c : name) {
    out += c;
    if (c == '`') out += c;
  }
  return out + '`';
}

std::string print(const Expr& e) {
  Printer p;
  p.put(&e);
  return std::move(p.out);
}
std::string print(const LabelExpr& labels) {
  Printer p;
  p.labels(&labels);
  return std::move(p.out);
}
std::string print(const NodePattern& node) {
  Printer p;
  p.node_pattern(node);
  return std::move(p.out);
}
std::string print(const RelPattern& rel) {
  Printer p;
  p.rel_pattern(rel);
  return std::move(p.out);
}
std::string print(const Path& path) {
  Printer p;
  p.path(path);
  return std::move(p.out);
}

}  // namespace packhouse::cypher
