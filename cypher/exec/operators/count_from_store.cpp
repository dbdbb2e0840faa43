#include <algorithm>
#include <optional>

#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// One row with a count that the store keeps.
class CountFromStore final : public Operator {
 public:
  CountFromStore(const plan::CountFromStore& step, TypeSet types, std::optional<LabelId> label)
      : step_(step), types_(std::move(types)), label_(label) {}
  void open(ExecContext&) override { done_ = false; }
  Progress next(ExecContext& context, Batch& out) override {
    if (done_) return Progress::done;
    done_ = true;
    const auto n = static_cast<std::int64_t>(count(context.tx));
    for (const Slot s : step_.slots) out.column(s)[0] = Value::integer(n);
    ++context.db_hits;
    out.set_rows(1);
    return Progress::rows;
  }

 private:
  std::uint64_t count(storage::Transaction& tx) const {
    if (!types_.known) return 0;
    if (!step_.relationships) return label_ ? tx.node_count(*label_) : tx.node_count();
    if (types_.types.empty()) return tx.relationship_count();
    std::uint64_t sum = 0;
    for (const TypeId t : types_.types) sum += tx.relationship_count(t);
    return sum;
  }

  const plan::CountFromStore& step_;
  TypeSet types_;
  std::optional<LabelId> label_;
  bool done_ = false;
};

}  // namespace

OperatorPtr make_operator(const plan::CountFromStore& step, const plan::Node&, Builder& b) {
  TypeSet types;
  std::optional<LabelId> label;
  for (const auto name : step.names) {
    if (step.relationships) {
      const auto id = b.context.store.find_type(name);
      if (id && std::find(types.types.begin(), types.types.end(), *id) == types.types.end()) types.types.push_back(*id);
    } else {
      label = b.context.store.find_label(name);
      types.known = label.has_value();
    }
  }
  if (step.relationships && !step.names.empty()) types.known = !types.types.empty();
  return std::make_unique<CountFromStore>(step, std::move(types), label);
}

}  // namespace packhouse::cypher
