#include "model.hpp"

#include <algorithm>
#include <tuple>

namespace packhouse::storage {
namespace {

template <class View>
void check_properties(const View& view, const std::map<KeyId, Value>& expected) {
  Arena arena;
  REQUIRE(view.property_count() == expected.size());
  std::size_t i = 0;
  for (const auto& [key, value] : expected) {
    CHECK(view.property_key(i) == key);
    CHECK(equivalent(must(view.property_value(i++, arena)), value));
    CHECK(equivalent(must(view.property(key, arena)), value));
  }
  CHECK(must(view.property(KeyId{777}, arena)).is_null());
}

std::vector<Edge> expected_edges(const Model& model, NodeId node, Direction direction, std::span<const TypeId> types) {
  std::vector<Edge> out;
  const auto wanted = [&](TypeId t) { return types.empty() || std::ranges::find(types, t) != types.end(); };
  for (const auto& [id, r] : model.rels) {
    if (!wanted(r.type)) continue;
    if (direction != Direction::in && r.start == node) out.push_back({id, r.end, r.type, true});
    if (direction != Direction::out && r.end == node && !(direction == Direction::both && r.start == node)) {
      out.push_back({id, r.start, r.type, false});
    }
  }
  std::ranges::sort(out, [](const Edge& a, const Edge& b) {
    return std::tuple(!a.outgoing, a.type, a.neighbour, a.rel) < std::tuple(!b.outgoing, b.type, b.neighbour, b.rel);
  });
  return out;
}

void check_edges(const std::vector<Edge>& got, const std::vector<Edge>& expected) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(got[i].rel == expected[i].rel);
    CHECK(got[i].neighbour == expected[i].neighbour);
    CHECK(got[i].type == expected[i].type);
    CHECK(got[i].outgoing == expected[i].outgoing);
  }
}

void check_expand(Transaction& tx, const Model& model, std::mt19937& random, NodeId node) {
  static constexpr Direction directions[] = {Direction::out, Direction::in, Direction::both};
  const TypeId one[] = {TypeId{static_cast<std::uint32_t>(random() % 3)}};
  const auto other = std::next(model.nodes.begin(), static_cast<std::ptrdiff_t>(random() % model.nodes.size()))->first;
  for (const Direction d : directions) {
    for (const std::span<const TypeId> types : {std::span<const TypeId>(), std::span<const TypeId>(one)}) {
      const auto expected = expected_edges(model, node, d, types);
      std::vector<Edge> got;
      must(tx.expand(node, d, types, got));
      check_edges(got, expected);
      CHECK(must(tx.degree(node, d, types)) == expected.size());
      std::vector<Edge> between;
      for (const Edge& e : expected) {
        if (e.neighbour == other) between.push_back(e);
      }
      got.clear();
      must(tx.expand_into(node, other, d, types, got));
      check_edges(got, between);
    }
  }
}

const std::map<KeyId, Value>* properties_of(const Model& m, const Index& index, std::uint64_t id) {
  if (index.entity == EntityType::node) return &m.nodes.at(NodeId{id}).properties;
  return &m.rels.at(RelId{id}).properties;
}

/// Ids that have all properties of the index.
std::vector<std::uint64_t> indexed(const Model& m, const Index& index) {
  std::vector<std::uint64_t> out;
  const auto complete = [&](const std::map<KeyId, Value>& p) {
    return std::ranges::all_of(index.keys, [&](KeyId k) { return p.contains(k); });
  };
  if (index.entity == EntityType::node) {
    for (const auto& [id, n] : m.nodes) {
      if (n.labels.contains(LabelId{index.token}) && complete(n.properties)) out.push_back(raw(id));
    }
  } else {
    for (const auto& [id, r] : m.rels) {
      if (r.type == TypeId{index.token} && complete(r.properties)) out.push_back(raw(id));
    }
  }
  return out;
}

bool in_range(const Value& v, const IndexRange& range) {
  if (range.starts_with) return v.is(Kind::string) && v.as_string().starts_with(*range.starts_with);
  if (range.low) {
    const auto c = compare(v, *range.low);
    if (c != Comparison::greater && !(range.low_inclusive && c == Comparison::equal)) return false;
  }
  if (range.high) {
    const auto c = compare(v, *range.high);
    if (c != Comparison::less && !(range.high_inclusive && c == Comparison::equal)) return false;
  }
  return true;
}

IndexRange random_range(const Index& index, std::mt19937& random, std::span<const Value> values) {
  const auto pick = [&] { return values[random() % values.size()]; };
  IndexRange range;
  const std::size_t prefix = random() % (index.keys.size() + 1);
  for (std::size_t i = 0; i < prefix; ++i) range.prefix.push_back(pick());
  if (prefix == index.keys.size()) return range;
  switch (random() % 5) {
    case 0: range.low = pick(); break;
    case 1: range.high = pick(); break;
    case 2: range.low = pick(), range.high = pick(); break;
    case 3: range.starts_with = random() % 2 ? "a" : "long"; break;
    default: break;
  }
  range.low_inclusive = random() % 2;
  range.high_inclusive = random() % 2;
  return range;
}

void check_seek(Transaction& tx, const Model& model, const Index& index, std::mt19937& random, std::span<const Value> values) {
  const IndexRange range = random_range(index, random, values);
  std::vector<std::uint64_t> expected, got;
  for (const std::uint64_t id : indexed(model, index)) {
    const auto& p = *properties_of(model, index, id);
    bool matches = true;
    for (std::size_t i = 0; i < range.prefix.size() && matches; ++i) matches = equals(p.at(index.keys[i]), range.prefix[i]) == Ternary::true_;
    if (matches && range.prefix.size() < index.keys.size()) matches = in_range(p.at(index.keys[range.prefix.size()]), range);
    if (matches) expected.push_back(id);
  }
  if (index.entity == EntityType::node) {
    for (const NodeId id : drain(tx.index_seek(index.id, range))) got.push_back(raw(id));
  } else {
    for (const RelId id : drain(tx.index_seek_relationships(index.id, range))) got.push_back(raw(id));
  }
  for (std::size_t i = 1; i < got.size(); ++i) {  // in index order, as far as keys tell
    const Value& a = properties_of(model, index, got[i - 1])->at(index.keys[0]);
    const Value& b = properties_of(model, index, got[i])->at(index.keys[0]);
    const bool cut = a.is(Kind::string) && a.as_string().size() > 400 && b.is(Kind::string) && b.as_string().size() > 400;
    CHECK((cut || order(a, b) <= 0));
  }
  std::ranges::sort(got);
  CHECK(got == expected);
}

}  // namespace

void check_same(Transaction& tx, const Model& model, std::mt19937& random, std::span<const Value> values) {
  std::vector<NodeId> all, ids;
  std::map<LabelId, std::vector<NodeId>> by_label;
  const std::uint64_t beyond = model.nodes.empty() ? 5 : raw(model.nodes.rbegin()->first) + 5;
  for (std::uint64_t i = 0; i < beyond; ++i) ids.push_back(NodeId{i});
  std::vector<std::optional<NodeView>> views(ids.size());
  must(tx.nodes(ids, views));
  for (const NodeId id : ids) {
    const auto expected = model.nodes.find(id);
    const auto& view = views[raw(id)];
    const auto single = must(tx.node(id));
    REQUIRE(view.has_value() == (expected != model.nodes.end()));
    REQUIRE(single.has_value() == view.has_value());
    if (!view) continue;
    CHECK(view->id() == id);
    all.push_back(id);
    std::size_t i = 0;
    REQUIRE(view->label_count() == expected->second.labels.size());
    for (const LabelId label : expected->second.labels) {
      CHECK(view->label(i++) == label);
      CHECK(view->has_label(label));
      by_label[label].push_back(id);
    }
    check_properties(*view, expected->second.properties);
    check_properties(*single, expected->second.properties);
    if (random() % 4 == 0) check_expand(tx, model, random, id);
  }
  CHECK(drain(tx.scan_nodes()) == all);
  CHECK(tx.node_count() == all.size());
  for (std::uint32_t l = 0; l < 3; ++l) {
    CHECK(drain(tx.scan_label(LabelId{l})) == by_label[LabelId{l}]);
    CHECK(tx.node_count(LabelId{l}) == by_label[LabelId{l}].size());
  }
  std::vector<RelId> all_rels;
  std::map<TypeId, std::vector<RelId>> by_type;
  for (const auto& [id, expected] : model.rels) {
    const auto view = must(tx.relationship(id));
    REQUIRE(view.has_value());
    CHECK(view->type() == expected.type);
    CHECK(view->start() == expected.start);
    CHECK(view->end() == expected.end);
    check_properties(*view, expected.properties);
    all_rels.push_back(id);
    by_type[expected.type].push_back(id);
  }
  CHECK(drain(tx.scan_relationships()) == all_rels);
  CHECK(tx.relationship_count() == all_rels.size());
  for (std::uint32_t t = 0; t < 3; ++t) {
    CHECK(drain(tx.scan_type(TypeId{t})) == by_type[TypeId{t}]);
    CHECK(tx.relationship_count(TypeId{t}) == by_type[TypeId{t}].size());
  }
  for (const Index& index : model.indexes) {
    for (int i = 0; i < 4; ++i) check_seek(tx, model, index, random, values);
  }
}

}  // namespace packhouse::storage
