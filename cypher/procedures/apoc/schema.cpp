#include <algorithm>
#include <array>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/procedures/apoc/apoc.hpp"
#include "cypher/functions/apoc/value_set.hpp"
#include "cypher/procedures/families.hpp"

// apoc.schema.*: indexes and constraints as tables, and made so that just the wanted ones are there.
namespace packhouse::cypher::apoc {
namespace {

using storage::Constraint;
using storage::EntityType;
using storage::Index;

struct Filter {
  std::vector<std::string> only, excluded;
  bool lets(std::string_view name) const {
    return (only.empty() || std::ranges::count(only, name) > 0) && std::ranges::count(excluded, name) == 0;
  }
};

Filter filter_of(const Call& call, const char* only, const char* excluded) {
  Config config(call.procedure(), call[0]);
  Filter f{config.texts(only), config.texts(excluded)};
  config.done();
  return f;
}

std::string_view token_name(ExecContext& c, EntityType entity, std::uint32_t token) {
  return entity == EntityType::node ? c.store.name(LabelId{token}) : c.store.name(TypeId{token});
}

std::vector<std::string> key_names(ExecContext& c, const std::vector<KeyId>& keys) {
  std::vector<std::string> out;
  for (const KeyId k : keys) out.emplace_back(c.store.name(k));
  return out;
}

std::string rule_name(std::string_view token, const std::vector<std::string>& keys) {
  std::string out = ":" + std::string(token) + "(";
  for (std::size_t i = 0; i < keys.size(); ++i) out += (i ? "," : "") + keys[i];
  return out + ")";
}

/// How many entries an index has, and which part of them are distinct: of all, or of the first ten thousand.
struct IndexSize {
  std::uint64_t entries = 0;
  double selectivity = 1;
};

IndexSize measure(ExecContext& c, const Index& index) {
  constexpr std::uint64_t most_read = 10'000;
  IndexSize size;
  if (index.type != storage::IndexType::range || index.entity != EntityType::node) return size;
  if (index.state != storage::IndexState::online) return size;
  const auto cursor = or_throw(c.tx.index_seek(index.id, {}));
  std::array<NodeId, 256> ids;
  std::uint64_t read = 0, distinct = 0;
  std::vector<Value> last, now(index.keys.size());
  Arena kept[2];  // the entries come in order: equal ones stand side by side
  while (const std::size_t n = or_throw(cursor->next(ids))) {
    c.check();
    size.entries += n;
    for (std::size_t i = 0; i < n && read < most_read && !index.owner; ++i, ++read) {
      Arena& arena = kept[read & 1];
      arena.reset();
      const auto view = node_view(c, ids[i]);
      for (std::size_t k = 0; k < now.size(); ++k) now[k] = deep_copy(or_throw(view.property(index.keys[k], arena)), arena);
      if (last.empty() || !std::ranges::equal(last, now, equivalent)) ++distinct;
      last = now;
    }
  }
  if (read > 0) size.selectivity = static_cast<double>(distinct) / static_cast<double>(read);
  return size;
}

std::string_view state_word(storage::IndexState state) {
  constexpr std::string_view words[] = {"POPULATING", "ONLINE", "FAILED"};
  return words[static_cast<std::size_t>(state)];
}

Rows nodes(ExecContext& c, const Call& call) {
  const Filter filter = filter_of(call, "labels", "excludeLabels");
  auto table = std::make_unique<Table>(10);
  Arena& arena = table->arena();
  const auto add = [&](const auto& d, std::string_view type, std::string_view status, double progress, const IndexSize& size) {
    const auto token = token_name(c, d.entity, d.token);
    const auto keys = key_names(c, d.keys);
    if (d.entity != EntityType::node || !filter.lets(token)) return;
    const std::string name = rule_name(token, keys);
    table->add({text(arena, name), text(arena, token), texts(arena, keys), text(arena, status), text(arena, type),
                text(arena, "NO FAILURE"), Value::real(progress), number(size.entries), Value::real(size.selectivity),
                text(arena, "name='" + d.name + "', type='" + std::string(type) + "', schema=" + name)});
  };
  for (const Constraint& d : c.tx.schema().constraints) add(d, type_word(d.type, d.entity), "", 0, {0, 0});
  for (const Index& d : c.tx.schema().indexes) {
    if (d.type == storage::IndexType::lookup) continue;
    add(d, type_word(d.type), state_word(d.state), d.state == storage::IndexState::online ? 100 : 0, measure(c, d));
  }
  return table;
}

Rows relationships(ExecContext& c, const Call& call) {
  const Filter filter = filter_of(call, "relationships", "excludeRelationships");
  auto table = std::make_unique<Table>(5);
  Arena& arena = table->arena();
  const auto add = [&](const auto& d, std::string_view type, std::string_view status) {
    if (d.entity != EntityType::relationship) return;
    const auto token = token_name(c, d.entity, d.token);
    if (!filter.lets(token)) return;
    const auto keys = key_names(c, d.keys);
    table->add({text(arena, rule_name(token, keys)), text(arena, type), texts(arena, keys), text(arena, status), text(arena, token)});
  };
  for (const Constraint& d : c.tx.schema().constraints) add(d, type_word(d.type, d.entity), "");
  for (const Index& d : c.tx.schema().indexes) {
    if (d.type != storage::IndexType::lookup) add(d, type_word(d.type), state_word(d.state));
  }
  return table;
}

/// The distinct values of a property among the nodes with a label.
Rows distinct(ExecContext& c, const Call& call) {
  auto table = std::make_unique<Table>(1);
  const auto label = c.store.find_label(call.text(0, "label"));
  const auto key = c.store.find_key(call.text(1, "key"));
  ValueSet seen(c);
  if (label && key) {
    const auto cursor = or_throw(c.tx.scan_label(*label));
    std::array<NodeId, 256> ids;
    Arena scratch;
    while (const std::size_t n = or_throw(cursor->next(ids))) {
      c.check();
      for (std::size_t i = 0; i < n; ++i) {
        const Value v = or_throw(node_view(c, ids[i]).property(*key, scratch));
        if (!v.is_null()) seen.add(v);
      }
      scratch.reset();
    }
  }
  table->add({deep_copy(Value::list(seen.values()), table->arena())});
  return table;
}

}  // namespace

void add_schema(ProcedureRegistry& registry) {
  Family family(registry);
  const ProcedureColumn name{"name", Type::string}, type{"type", Type::string}, properties{"properties", Type::list},
      status{"status", Type::string};
  family.add_long("apoc.schema.nodes", "Lists the indexes and constraints of labels.", ProcedureMode::read, {config_argument()},
                  {name, {"label", Type::any}, properties, status, type, {"failure", Type::string},
                   {"populationProgress", Type::floating}, {"size", Type::integer}, {"valuesSelectivity", Type::floating},
                   {"userDescription", Type::string}},
                  nodes);
  family.add("apoc.schema.relationships", "Lists the indexes and constraints of relationship types.", ProcedureMode::read,
             {config_argument()}, {name, type, properties, status, {"relationshipType", Type::any}}, relationships);
  family.add_long("apoc.schema.properties.distinct", "Lists the distinct values of a property of the nodes with a label.",
                  ProcedureMode::read, {{"label", Type::string}, {"key", Type::string}}, {{"value", Type::list}}, distinct);
  add_schema_assert(registry);
}

}  // namespace packhouse::cypher::apoc
