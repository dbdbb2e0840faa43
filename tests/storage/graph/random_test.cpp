#include <string>

#include "model.hpp"

// Random operation sequences against the naive model: statements that are rolled back, commits, rollbacks, reopening,
// indexes that come and go.
namespace packhouse::storage {
namespace {

class Driver {
 public:
  Driver(EngineKind kind, unsigned seed) : store_(kind), random_(seed) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      REQUIRE(raw(must(store_->label("L" + std::to_string(i)))) == i);
      REQUIRE(raw(must(store_->type("T" + std::to_string(i)))) == i);
      REQUIRE(raw(must(store_->key("k" + std::to_string(i)))) == i);
    }
    for (int i = 0; i < 6; ++i) values_.push_back(Value::integer(i));
    values_.push_back(Value::real(2.0));
    values_.push_back(Value::real(2.5));
    values_.push_back(Value::boolean(true));
    for (const char* s : {"", "a", "ab", "b", "longer"}) values_.push_back(Value::string(s));
    for (const char* end : {"x", "y"}) values_.push_back(Value::string(arena_.copy("long" + std::string(600, '-') + end)));
    static const Value items[] = {Value::integer(1), Value::string("in a list")};
    values_.push_back(Value::list(items));
    values_.push_back(Value::duration(arena_.make<Duration>(Duration{1, 2, 3, 4})));
    tx_ = begin(*store_);
    add_index(EntityType::node, 0, {KeyId{0}});
    add_index(EntityType::node, 0, {KeyId{1}, KeyId{2}});
    add_index(EntityType::relationship, 1, {KeyId{0}});
    finish(true);
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      const auto what = random_() % 100;
      if (what < 60) change();
      else if (what < 75) statement(random_() % 3 == 0);
      else if (what < 85) check_same(*tx_, working_, random_, values_);
      else if (what < 97) finish(random_() % 3 != 0);
      else if (what < 98) index_change();
      else reopen();
    }
    finish(true);
    reopen();
    check_same(*tx_, committed_, random_, values_);
  }

 private:
  Value value() { return values_[random_() % values_.size()]; }
  KeyId key() { return KeyId{static_cast<std::uint32_t>(random_() % 3)}; }
  LabelId label() { return LabelId{static_cast<std::uint32_t>(random_() % 3)}; }
  template <class Map>
  auto pick(Map& map) {
    return std::next(map.begin(), static_cast<std::ptrdiff_t>(random_() % map.size()));
  }
  Properties some_properties(std::map<KeyId, Value>& expected) {
    Properties out;
    for (auto n = random_() % 4; n > 0; --n) {
      out.emplace_back(key(), random_() % 8 == 0 ? Value() : value());
      if (out.back().second.is_null()) expected.erase(out.back().first);
      else expected[out.back().first] = out.back().second;
    }
    return out;
  }

  void create_node() {
    ModelNode node;
    std::vector<LabelId> labels;
    for (auto n = random_() % 3; n > 0; --n) labels.push_back(label());
    node.labels = {labels.begin(), labels.end()};
    const auto properties = some_properties(node.properties);
    const NodeId id = must(random_() % 2 ? tx_->create_node(labels, properties) : tx_->create_node(labels));
    if (must(tx_->node(id))->property_count() == 0) node.properties.clear();
    working_.nodes[id] = node;
  }

  void create_rel() {
    if (working_.nodes.empty()) return;
    ModelRel rel{TypeId{static_cast<std::uint32_t>(random_() % 3)}, pick(working_.nodes)->first, pick(working_.nodes)->first, {}};
    const auto properties = some_properties(rel.properties);
    working_.rels[must(tx_->create_relationship(rel.start, rel.end, rel.type, properties))] = rel;
  }

  template <class Map>
  void set_property(Map& map) {
    if (map.empty()) return;
    auto& [id, record] = *pick(map);
    const KeyId k = key();
    const Value v = random_() % 4 == 0 ? Value() : value();
    CHECK(must(tx_->set_property(id, k, v)) == record.properties.contains(k));
    if (v.is_null()) record.properties.erase(k);
    else record.properties[k] = v;
  }

  void set_label() {
    if (working_.nodes.empty()) return;
    auto& [id, node] = *pick(working_.nodes);
    const LabelId l = label();
    if (random_() % 2) CHECK(must(tx_->add_label(id, l)) == node.labels.insert(l).second);
    else CHECK(must(tx_->remove_label(id, l)) == (node.labels.erase(l) > 0));
  }

  void delete_rel(RelId id) {
    CHECK(must(tx_->delete_relationship(id)));
    CHECK_FALSE(must(tx_->delete_relationship(id)));
    CHECK(tx_->deleted_type(id) == working_.rels[id].type);
    working_.rels.erase(id);
  }

  void delete_node() {
    if (working_.nodes.empty()) return;
    const NodeId id = pick(working_.nodes)->first;
    std::vector<Edge> edges;
    must(tx_->expand(id, Direction::both, {}, edges));
    for (const Edge& e : edges) delete_rel(e.rel);
    CHECK(must(tx_->delete_node(id)));
    CHECK_FALSE(must(tx_->delete_node(id)));
    CHECK(tx_->deleted_here(id));
    working_.nodes.erase(id);
  }

  void change() {
    const auto what = random_() % 100;
    if (what < 25) create_node();
    else if (what < 50) create_rel();
    else if (what < 62) set_property(working_.nodes);
    else if (what < 74) set_property(working_.rels);
    else if (what < 85) set_label();
    else if (what < 93) delete_node();
    else if (!working_.rels.empty()) delete_rel(pick(working_.rels)->first);
  }

  void statement(bool undo) {
    if (undo) {
      tx_->rollback_statement();
      working_ = at_statement_;
    }
    tx_->begin_statement();
    at_statement_ = working_;
  }

  void finish(bool keep) {
    if (keep) {
      must(commit(*tx_));
      committed_ = working_;
      for (Index& index : committed_.indexes) index.state = IndexState::online;
    } else {
      tx_->rollback();
    }
    fresh();
  }

  void fresh() {
    tx_.reset();
    tx_ = begin(*store_);
    working_ = at_statement_ = committed_;
  }

  void add_index(EntityType entity, std::uint32_t token, std::vector<KeyId> keys) {
    Index index;
    index.entity = entity;
    index.token = token;
    index.keys = std::move(keys);
    index.id = must(tx_->create_index(index));
    working_.indexes.push_back(index);
  }

  /// Drops an index and makes it again, in transactions of their own that also change data.
  void index_change() {
    finish(true);
    const Index index = working_.indexes[random_() % working_.indexes.size()];
    must(tx_->drop_index(index.id));
    std::erase_if(working_.indexes, [&](const Index& i) { return i.id == index.id; });
    for (int i = 0; i < 5; ++i) change();
    finish(true);
    for (int i = 0; i < 5; ++i) change();
    add_index(index.entity, index.token, index.keys);
    for (int i = 0; i < 5; ++i) change();
    finish(true);
    check_same(*tx_, working_, random_, values_);
  }

  void reopen() {
    tx_.reset();
    store_.reopen();
    fresh();
  }

  TestStore store_;
  std::mt19937 random_;
  Arena arena_;
  std::vector<Value> values_;
  std::unique_ptr<Transaction> tx_;
  Model committed_, working_, at_statement_;
};

}  // namespace

TEST_CASE("a store behaves like the naive model") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    for (unsigned seed = 1; seed <= (kind == EngineKind::memory ? 12U : 4U); ++seed) {
      CAPTURE(name_of(kind));
      CAPTURE(seed);
      Driver(kind, seed).run(600);
    }
  }
}

}  // namespace packhouse::storage
