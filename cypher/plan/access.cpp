#include "cypher/plan/access.hpp"

#include "cypher/functions/registry.hpp"
#include "cypher/plan/expressions.hpp"

namespace packhouse::cypher::plan {
namespace {

ast::Op turned(ast::Op op) {
  switch (op) {
    case ast::Op::lt: return ast::Op::gt;
    case ast::Op::le: return ast::Op::ge;
    case ast::Op::gt: return ast::Op::lt;
    case ast::Op::ge: return ast::Op::le;
    default: return op;
  }
}

std::optional<std::string_view> property_of(const ast::Expr& e, Slot of) {
  const auto* p = e.as<ast::Property>();
  if (!p || variable_slot(*p->object) != of) return std::nullopt;
  return p->key;
}

double items_in(const ast::Expr& list) {
  const auto* literal = list.as<ast::ListLiteral>();
  return literal ? static_cast<double>(literal->items.size()) : 10;
}

}  // namespace

std::optional<PropertyComparison> property_comparison(const ast::Expr& e, Slot of) {
  const auto* b = e.as<ast::Binary>();
  if (!b) return std::nullopt;
  switch (b->op) {
    case ast::Op::in:
    case ast::Op::starts_with:
      if (const auto key = property_of(*b->left, of)) return PropertyComparison{*key, b->op, b->right};
      return std::nullopt;
    case ast::Op::eq:
    case ast::Op::lt:
    case ast::Op::le:
    case ast::Op::gt:
    case ast::Op::ge:
      if (const auto key = property_of(*b->left, of)) return PropertyComparison{*key, b->op, b->right};
      if (const auto key = property_of(*b->right, of)) return PropertyComparison{*key, turned(b->op), b->left};
      return std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<IdComparison> id_comparison(const ast::Expr& e, Slot of) {
  const auto* b = e.as<ast::Binary>();
  if (!b || (b->op != ast::Op::eq && b->op != ast::Op::in)) return std::nullopt;
  const auto call_on = [&](const ast::Expr& x) -> const Function* {
    const auto* c = x.as<ast::Call>();
    if (!c || !c->function || c->arguments.size() != 1 || variable_slot(*c->arguments[0]) != of) return nullptr;
    return c->function->name == "id" || c->function->name == "elementid" ? c->function : nullptr;
  };
  if (const auto* f = call_on(*b->left)) return IdComparison{f->name != "id", b->op == ast::Op::in, b->right};
  if (b->op == ast::Op::in) return std::nullopt;
  if (const auto* f = call_on(*b->right)) return IdComparison{f->name != "id", false, b->left};
  return std::nullopt;
}

bool readable(const ast::Expr& e, const SlotSet& introduced, const SlotSet& bound) {
  SlotSet s = slots_of(e);
  s.keep(introduced);
  return s.within(bound);
}

namespace {

struct Comparison : PropertyComparison {
  std::size_t condition;
};

/// The best use of one index, given the comparisons on the node's properties.
class IndexUse {
 public:
  IndexUse(const storage::Index& index, const storage::Store& store, const std::vector<Comparison>& comparisons)
      : comparisons_(comparisons) {
    for (const KeyId k : index.keys) step_.keys.push_back(store.name(k));
    step_.index = index.id;
    step_.unique = index.owner.has_value();
  }

  /// False when the index can't be used. Every key needs a comparison, because nodes without one of them aren't in it.
  bool fit(Slot node, std::string_view label, double count) {
    step_.node = node;
    step_.label = label;
    double rows = count;
    std::size_t k = 0;
    for (; k < step_.keys.size(); ++k) {
      const Comparison* c = find(step_.keys[k], ast::Op::eq);
      if (!c) break;
      step_.equal.push_back(c->value);
      access_.settles.push_back(c->condition);
    }
    const bool all_equal = k == step_.keys.size();
    if (all_equal) {
      rows = step_.unique ? std::min(1.0, count) : Statistics::equal_rows(count);
    } else {
      if (!range(step_.keys[k], rows)) return false;
      if (k > 0) rows = std::max(1.0, rows * 0.01);
      for (std::size_t rest = k + 1; rest < step_.keys.size(); ++rest) {
        if (!any(step_.keys[rest])) return false;
      }
    }
    access_.cost = cost::seek * seeks_ + rows * cost::seek_row;
    access_.rows = rows;
    access_.seeks = true;
    access_.step = step_;
    return true;
  }
  Access take() { return std::move(access_); }

 private:
  const Comparison* find(std::string_view key, ast::Op op) const {
    for (const auto& c : comparisons_) {
      if (c.key == key && c.op == op) return &c;
    }
    return nullptr;
  }
  bool any(std::string_view key) const {
    for (const auto& c : comparisons_) {
      if (c.key == key) return true;
    }
    return false;
  }
  bool range(std::string_view key, double& rows) {
    if (const auto* c = find(key, ast::Op::in)) {
      step_.any_of = c->value;
      access_.settles.push_back(c->condition);
      seeks_ = items_in(*c->value);
      rows = std::min(rows, seeks_ * (step_.unique ? 1 : Statistics::equal_rows(rows)));
      return true;
    }
    if (const auto* c = find(key, ast::Op::starts_with)) {
      step_.prefix = c->value;
      access_.settles.push_back(c->condition);
      rows *= 0.05;
      return true;
    }
    const auto bound = [&](ast::Op strict, ast::Op inclusive, Bound& to) {
      const auto* c = find(key, strict);
      if (!c) c = find(key, inclusive);
      if (!c) return false;
      to = {c->value, c->op == inclusive};
      access_.settles.push_back(c->condition);
      return true;
    };
    const bool low = bound(ast::Op::gt, ast::Op::ge, step_.low), high = bound(ast::Op::lt, ast::Op::le, step_.high);
    rows *= low && high ? 0.1 : 0.3;
    return low || high;
  }

  const std::vector<Comparison>& comparisons_;
  IndexSeek step_;
  Access access_;
  double seeks_ = 1;
};

}  // namespace

Access best_access(const Pattern& pattern, std::size_t n, const SlotSet& bound, const std::vector<bool>& done,
                   const Statistics& statistics) {
  const auto& node = pattern.nodes[n];
  Access best{AllNodesScan{node.slot}, statistics.nodes() * cost::scan_row + 2, statistics.nodes(), {}, false};
  std::vector<Comparison> comparisons;
  const auto consider = [&](Access a) {
    if (a.cost < best.cost || (a.seeks && !best.seeks && a.cost <= best.cost * 2)) best = std::move(a);
  };
  for (std::size_t i = 0; i < pattern.conditions.size(); ++i) {
    const auto& c = pattern.conditions[i];
    if (done[i]) continue;
    if (const auto id = id_comparison(*c.expr, node.slot); id && readable(*id->value, pattern.introduced, bound)) {
      const double rows = id->many ? items_in(*id->value) : 1;
      consider({NodeById{node.slot, id->value, id->element_id, id->many}, rows * 3, rows, {i}, true});
    }
    const auto p = property_comparison(*c.expr, node.slot);
    if (p && readable(*p->value, pattern.introduced, bound)) comparisons.push_back({*p, i});
  }
  for (std::size_t i = 0; i < pattern.conditions.size(); ++i) {
    const auto& c = pattern.conditions[i];
    if (done[i] || c.label_of != node.slot) continue;
    const double count = statistics.nodes(c.label);
    consider({LabelScan{node.slot, c.label}, count * cost::scan_row + 1, count, {i}, false});
    const auto label = statistics.store().find_label(c.label);
    if (!label || comparisons.empty()) continue;
    for (const auto& index : statistics.schema().indexes) {
      if (index.entity != storage::EntityType::node || index.type != storage::IndexType::range || index.token != raw(*label) ||
          index.state != storage::IndexState::online) {
        continue;
      }
      IndexUse use(index, statistics.store(), comparisons);
      if (!use.fit(node.slot, c.label, count)) continue;
      Access a = use.take();
      a.settles.push_back(i);
      consider(std::move(a));
    }
  }
  return best;
}

}  // namespace packhouse::cypher::plan
