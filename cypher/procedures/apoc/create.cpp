#include <algorithm>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/exec/setter.hpp"
#include "cypher/functions/apoc/token_maker.hpp"
#include "cypher/procedures/apoc/written.hpp"

// apoc.create.*
namespace packhouse::cypher::apoc {

std::vector<LabelId> labels_to_write(ExecContext& c, const Call& call, std::size_t i) {
  std::vector<LabelId> out;
  const auto one = [&](const Value& v) {
    if (!v.is(Kind::string) || v.as_string().empty())
      call.refuse("the list of label names may not contain any NULL or empty STRING values; write an empty list for no labels");
    const LabelId id = TokenMaker(c).label(v.as_string());
    if (std::ranges::find(out, id) == out.end()) out.push_back(id);
  };
  if (call[i].is(Kind::string)) {
    one(call[i]);
  } else {
    std::ranges::for_each(call.list(i, "labels"), one);
  }
  return out;
}

TypeId type_to_write(ExecContext& c, const Call& call, std::size_t i) {
  if (!call[i].is(Kind::string) || call[i].as_string().empty())
    call.refuse("a relationship type cannot be NULL or an empty STRING");
  return TokenMaker(c).type(call[i].as_string());
}

PropertyList properties_to_write(ExecContext& c, std::span<const MapEntry> map, Arena& arena) {
  PropertyList out;
  for (const auto& [key, value] : map) {
    check_storable(value);
    out.emplace_back(TokenMaker(c).key(key), deep_copy(value, arena));
  }
  return out;
}

PropertyList properties_to_create(ExecContext& c, std::span<const MapEntry> map, Arena& arena) {
  PropertyList out = properties_to_write(c, map, arena);
  std::erase_if(out, [](const auto& p) { return p.second.is_null(); });
  return out;
}

void add_properties(ExecContext& c, const Value& entity, const PropertyList& properties) {
  for (const auto& [key, value] : properties) set_property(c, entity, key, value);
}

namespace {

Rows one_row(Value v) {
  auto table = std::make_unique<Table>(1);
  table->add({v});
  return table;
}

template <class Ids, class Make>
Rows rows_of(const Ids& ids, Make make) {
  auto table = std::make_unique<Table>(1);
  for (const auto id : ids) table->add({make(id)});
  return table;
}

Rows node(ExecContext& c, const Call& call) {
  Arena arena;
  const auto properties = properties_to_create(c, call.map(1, "props"), arena);
  return one_row(Value::node(or_throw(c.tx.create_node(labels_to_write(c, call, 0), properties))));
}

Rows nodes(ExecContext& c, const Call& call) {
  const auto labels = labels_to_write(c, call, 0);
  auto table = std::make_unique<Table>(1);
  for (const Value& v : call.list(1, "props")) {
    c.check();
    if (!v.is(Kind::map)) call.refuse("'props' must hold MAPs only");
    Arena arena;
    table->add({Value::node(or_throw(c.tx.create_node(labels, properties_to_create(c, v.as_map(), arena))))});
  }
  return table;
}

NodeId end_node(const Call& call, std::size_t i, std::string_view what) {
  if (!call[i].is(Kind::node)) call.refuse("the " + std::string(what) + " node is missing");
  return call[i].as_node();
}

Rows relationship(ExecContext& c, const Call& call) {
  Arena arena;
  const auto properties = properties_to_create(c, call.map(2, "props"), arena);
  const NodeId from = end_node(call, 0, "start"), to = end_node(call, 3, "end");
  return one_row(Value::relationship(or_throw(c.tx.create_relationship(from, to, type_to_write(c, call, 1), properties))));
}

Rows virtual_node(ExecContext& c, const Call& call) {
  Arena arena;
  const auto properties = properties_to_create(c, call.map(1, "props"), arena);
  return one_row(Value::node(or_throw(c.tx.virtual_node(labels_to_write(c, call, 0), properties))));
}

Rows virtual_relationship(ExecContext& c, const Call& call) {
  Arena arena;
  const auto properties = properties_to_create(c, call.map(2, "props"), arena);
  const NodeId from = end_node(call, 0, "start"), to = end_node(call, 3, "end");
  return one_row(Value::relationship(or_throw(c.tx.virtual_relationship(from, to, type_to_write(c, call, 1), properties))));
}

enum class Change { add, set, remove };

template <Change change>
Rows labels(ExecContext& c, const Call& call) {
  const auto ids = call.nodes(c, 0);
  const auto wanted = labels_to_write(c, call, 1);
  for (const NodeId id : ids) {
    c.check();
    if constexpr (change == Change::set) {
      std::vector<LabelId> old;
      const auto view = node_view(c, id);
      for (std::size_t i = 0; i < view.label_count(); ++i) old.push_back(view.label(i));
      for (const LabelId l : old) {
        if (std::ranges::find(wanted, l) == wanted.end()) or_throw(c.tx.remove_label(id, l));
      }
    }
    for (const LabelId l : wanted) {
      if constexpr (change == Change::remove) {
        or_throw(c.tx.remove_label(id, l));
      } else {
        or_throw(c.tx.add_label(id, l));
      }
    }
  }
  return rows_of(ids, [](NodeId id) { return Value::node(id); });
}

std::vector<Value> entities(ExecContext& c, const Call& call, bool of_nodes) {
  std::vector<Value> out;
  if (of_nodes) {
    for (const NodeId id : call.nodes(c, 0)) out.push_back(Value::node(id));
  } else {
    for (const RelId id : call.relationships(c, 0)) out.push_back(Value::relationship(id));
  }
  return out;
}

template <bool of_nodes>
Rows set_one(ExecContext& c, const Call& call) {
  const auto all = entities(c, call, of_nodes);
  Arena arena;
  const MapEntry entry{call.text(1, "key"), call[2]};
  const auto properties = properties_to_write(c, {&entry, 1}, arena);
  for (const Value& v : all) add_properties(c, v, properties);
  return rows_of(all, [](const Value& v) { return v; });
}

template <bool of_nodes>
Rows set_many(ExecContext& c, const Call& call) {
  const auto all = entities(c, call, of_nodes);
  const auto keys = call.texts(1, "keys");
  const auto values = call.list(2, "values");
  if (keys.size() != values.size())
    call.refuse("there are " + std::to_string(keys.size()) + " keys but " + std::to_string(values.size()) + " values");
  std::vector<MapEntry> entries;
  for (std::size_t i = 0; i < keys.size(); ++i) entries.push_back({keys[i], values[i]});
  Arena arena;
  const auto properties = properties_to_write(c, entries, arena);
  for (const Value& v : all) add_properties(c, v, properties);
  return rows_of(all, [](const Value& v) { return v; });
}

template <bool of_nodes>
Rows remove_many(ExecContext& c, const Call& call) {
  const auto all = entities(c, call, of_nodes);
  for (const auto key : call.texts(1, "keys")) {
    const auto id = c.store.find_key(key);
    if (!id) continue;
    for (const Value& v : all) set_property(c, v, *id, Value());
  }
  return rows_of(all, [](const Value& v) { return v; });
}

}  // namespace

void add_create(ProcedureRegistry& registry) {
  Family family(registry);
  const ProcedureArgument labels_list{"labels", Type::list}, props{"props", Type::map}, any_nodes{"nodes", Type::any},
      any_rels{"rels", Type::any}, key{"key", Type::string}, value{"value", Type::any}, keys{"keys", Type::list},
      values{"values", Type::list}, from{"from", Type::node}, to{"to", Type::node}, type{"relType", Type::string};
  const std::vector<ProcedureColumn> a_node{{"node", Type::node}}, a_rel{{"rel", Type::relationship}};
  const auto add = [&](std::string_view name, std::string description, std::vector<ProcedureArgument> arguments,
                       const std::vector<ProcedureColumn>& columns, Family::Open open) {
    family.add("apoc.create." + std::string(name), std::move(description), ProcedureMode::write, std::move(arguments), columns, open);
  };
  add("node", "Creates a node with computed labels.", {labels_list, props}, a_node, node);
  add("nodes", "Creates a node with computed labels for each map.", {labels_list, {"props", Type::list}}, a_node, nodes);
  add("relationship", "Creates a relationship of a computed type.", {from, type, props, to}, a_rel, relationship);
  add("addLabels", "Adds labels to nodes.", {any_nodes, labels_list}, a_node, labels<Change::add>);
  add("setLabels", "Gives nodes these labels and no others.", {any_nodes, labels_list}, a_node, labels<Change::set>);
  add("removeLabels", "Takes labels from nodes.", {any_nodes, labels_list}, a_node, labels<Change::remove>);
  add("setProperty", "Sets a property of nodes.", {any_nodes, key, value}, a_node, set_one<true>);
  add("setProperties", "Sets properties of nodes.", {any_nodes, keys, values}, a_node, set_many<true>);
  add("removeProperties", "Removes properties of nodes.", {any_nodes, keys}, a_node, remove_many<true>);
  add("setRelProperty", "Sets a property of relationships.", {any_rels, key, value}, a_rel, set_one<false>);
  add("setRelProperties", "Sets properties of relationships.", {any_rels, keys, values}, a_rel, set_many<false>);
  add("removeRelProperties", "Removes properties of relationships.", {any_rels, keys}, a_rel, remove_many<false>);
  family.add("apoc.create.vNode", "Makes a virtual node, which only the result has.", ProcedureMode::read, {labels_list, props},
             a_node, virtual_node);
  family.add("apoc.create.vRelationship", "Makes a virtual relationship, which only the result has.", ProcedureMode::read,
             {from, type, props, to}, a_rel, virtual_relationship);
}

}  // namespace packhouse::cypher::apoc
