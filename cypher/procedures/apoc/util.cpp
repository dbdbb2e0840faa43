#include <algorithm>

#include "cypher/exec/property_writer.hpp"
#include "cypher/exec/setter.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/message.hpp"
#include "cypher/procedures/apoc/apoc.hpp"
#include "value/compare.hpp"

// apoc.util.validate, apoc.coll's and apoc.create's procedures that give rows, apoc.convert.setJsonProperty.
namespace packhouse::cypher::apoc {
namespace {

Rows validate(ExecContext&, const Call& call) {
  if (!call[0].is_null() && !call[0].is(Kind::boolean)) call.refuse("'predicate' must be a BOOLEAN");
  if (call[0].is_true()) {
    const auto parameters = call.list(2, "params");
    call.refuse(validation_message(call.procedure(), call.text(1, "message"), parameters));
  }
  return std::make_unique<Table>(0);
}

Rows partition(ExecContext& c, const Call& call) {
  const auto items = call.list(0, "values");
  const std::int64_t size = call.integer(1, "batchSize");
  if (size <= 0) call.refuse("the size of a part must be positive");
  auto table = std::make_unique<Table>(1);
  for (std::size_t at = 0; at < items.size(); at += static_cast<std::size_t>(size)) {
    c.check();
    table->add({list(table->arena(), items.subspan(at, std::min(static_cast<std::size_t>(size), items.size() - at)))});
  }
  return table;
}

Rows split(ExecContext& c, const Call& call) {
  auto table = std::make_unique<Table>(1);
  std::vector<Value> part;
  const auto give = [&] {
    if (!part.empty()) table->add({list(table->arena(), part)});
    part.clear();
  };
  for (const Value& v : call.list(0, "values")) {
    c.check();
    if (equivalent(v, call[1])) {
      give();
    } else {
      part.push_back(v);
    }
  }
  give();
  return table;
}

Rows zip_to_rows(ExecContext& c, const Call& call) {
  const auto x = call.list(0, "list1"), y = call.list(1, "list2");
  auto table = std::make_unique<Table>(1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    c.check();
    const Value pair[] = {x[i], i < y.size() ? y[i] : Value()};
    table->add({list(table->arena(), pair)});
  }
  return table;
}

/// Rows that are made as they are asked for.
class Uuids final : public ProcedureRows {
 public:
  explicit Uuids(std::int64_t count) : count_(count) {}
  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    if (at_ >= count_) return false;
    static const Function* const random = FunctionRegistry::instance().find("randomuuid");
    CallContext call{c, arena};
    row[0] = Value::integer(at_++);
    row[1] = random->call(call, {});
    return true;
  }

 private:
  std::int64_t count_, at_ = 0;
};

Rows uuids(ExecContext&, const Call& call) { return std::make_unique<Uuids>(call.integer(0, "count")); }

Rows set_json(ExecContext& c, const Call& call) {
  static const Function* const to_json = FunctionRegistry::instance().find("apoc.convert.tojson");
  if (!call[0].is(Kind::node)) call.refuse("'node' must be a NODE");
  Arena arena;
  CallContext context{c, arena};
  const Value json = to_json->call(context, {&call[2], 1});
  set_property(c, call[0], or_throw(c.store.key(call.text(1, "key"))), json);
  return std::make_unique<Table>(0);
}

}  // namespace

void add_util(ProcedureRegistry& registry) {
  Family family(registry);
  const ProcedureArgument values{"values", Type::list};
  const std::vector<ProcedureColumn> value{{"value", Type::list}};
  family.add("apoc.util.validate", "Fails with a message if the predicate is true.", ProcedureMode::read,
             {{"predicate", Type::boolean}, {"message", Type::string}, {"params", Type::list}}, {}, validate);
  family.add("apoc.coll.partition", "Cuts a list into parts of a size.", ProcedureMode::read, {values, {"batchSize", Type::integer}}, value,
             partition);
  family.add("apoc.coll.split", "Cuts a list at each occurrence of a value.", ProcedureMode::read, {values, {"value", Type::any}}, value,
             split);
  family.add("apoc.coll.zipToRows", "Makes pairs of the items of two lists.", ProcedureMode::read,
             {{"list1", Type::list}, {"list2", Type::list}}, value, zip_to_rows);
  family.add("apoc.create.uuids", "Generates random UUIDs.", ProcedureMode::read, {{"count", Type::integer}},
             {{"row", Type::integer}, {"uuid", Type::string}}, uuids);
  family.add("apoc.convert.setJsonProperty", "Sets a property to the JSON of a value.", ProcedureMode::write,
             {{"node", Type::node}, {"key", Type::string}, {"value", Type::any}}, {}, set_json);
}

}  // namespace packhouse::cypher::apoc
