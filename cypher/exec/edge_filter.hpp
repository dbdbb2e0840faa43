#pragma once
#include <vector>

#include "cypher/exec/build.hpp"
#include "value/compare.hpp"

namespace packhouse::cypher {

/// The property map of a variable-length pattern: every relationship on the way must have these values.
class EdgeFilter {
 public:
  EdgeFilter(const std::vector<ast::Entry>& properties, Builder& b) {
    for (const auto& p : properties) wanted_.push_back({p.key, b.context.store.find_key(p.key), b.compile(*p.value), {}});
  }
  bool any() const { return !wanted_.empty(); }

  /// Computes the values for an input row.
  void start(ExecContext& context, Batch& in, RowIndex row) {
    for (auto& w : wanted_) {
      w.value = w.expression->eval(context, in, row);
      if (!w.key) w.key = context.store.find_key(w.name);
    }
  }
  bool accepts(ExecContext& context, RelId id) {
    if (wanted_.empty()) return true;
    const auto view = or_throw(context.tx.relationship(id));
    ++context.db_hits;
    if (!view) return false;
    scratch_.reset();
    for (const auto& w : wanted_) {
      if (!w.key || equals(or_throw(view->property(*w.key, scratch_)), w.value) != Ternary::true_) return false;
    }
    return true;
  }

 private:
  struct Wanted {
    std::string_view name;
    std::optional<KeyId> key;
    ExpressionPtr expression;
    Value value;
  };
  std::vector<Wanted> wanted_;
  Arena scratch_{256};
};

}  // namespace packhouse::cypher
