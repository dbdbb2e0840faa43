#include <algorithm>
#include <vector>

#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// One row with a count that the store keeps.
class CountFromStore final : public Operator {
 public:
  explicit CountFromStore(const plan::CountFromStore& step) : step_(step) {}
  void open(ExecContext&) override { done_ = false; }
  Progress next(ExecContext& context, Batch& out) override {
    if (done_) return Progress::done;
    done_ = true;
    const auto n = static_cast<std::int64_t>(count(context));
    for (const Slot s : step_.slots) out.column(s)[0] = Value::integer(n);
    ++context.db_hits;
    out.set_rows(1);
    return Progress::rows;
  }

 private:
  std::uint64_t count(ExecContext& context) const {
    auto& tx = context.tx;
    if (step_.names.empty()) return step_.relationships ? tx.relationship_count() : tx.node_count();
    if (!step_.relationships) {
      const auto label = context.store.find_label(step_.names.front());
      return label ? tx.node_count(*label) : 0;
    }
    std::vector<TypeId> types;
    std::uint64_t sum = 0;
    for (const auto name : step_.names) {
      const auto type = context.store.find_type(name);
      if (!type || std::find(types.begin(), types.end(), *type) != types.end()) continue;
      types.push_back(*type);
      sum += tx.relationship_count(*type);
    }
    return sum;
  }

  const plan::CountFromStore& step_;
  bool done_ = false;
};

}  // namespace

OperatorPtr make_operator(const plan::CountFromStore& step, const plan::Node&, Builder&) {
  return std::make_unique<CountFromStore>(step);
}

}  // namespace packhouse::cypher
