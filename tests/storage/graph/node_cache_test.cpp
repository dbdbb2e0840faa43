#include <algorithm>
#include <random>
#include <thread>

#include "storage/node_cache/node_cache.hpp"
#include "support.hpp"
#include "value/compare.hpp"

namespace packhouse::storage {
namespace {

/// What the records say, one by one: the cache is never asked about few nodes.
struct Seen {
  std::vector<std::optional<Value>> values;  ///< nothing: no such node
  std::vector<std::uint8_t> labelled;
  std::vector<NodeId> members;
};

Seen by_record(Transaction& tx, std::span<const NodeId> ids, KeyId key, LabelId label, Arena& arena) {
  Seen seen;
  for (const NodeId id : ids) {
    const auto node = must(tx.node(id));
    seen.values.push_back(node ? std::optional(must(node->property(key, arena))) : std::nullopt);
    seen.labelled.push_back(node && node->has_label(label));
    if (seen.labelled.back()) seen.members.push_back(id);
  }
  return seen;
}

Seen at_once(Transaction& tx, std::span<const NodeId> ids, KeyId key, LabelId label, Arena& arena) {
  Seen seen;
  std::vector<Value> values(ids.size());
  std::vector<std::size_t> missing;
  must(tx.node_properties(ids, key, arena, values, missing));
  seen.values.assign(values.begin(), values.end());
  for (const std::size_t i : missing) seen.values[i].reset();
  seen.labelled.resize(ids.size());
  must(tx.have_labels(ids, std::span(&label, 1), seen.labelled));
  seen.members = drain(tx.scan_label(label), 100);
  return seen;
}

void check_same(const Seen& a, const Seen& b) {
  REQUIRE(a.values.size() == b.values.size());
  const auto same = [](const std::optional<Value>& x, const std::optional<Value>& y) {
    return x.has_value() == y.has_value() && (!x || (x->kind() == y->kind() && equivalent(*x, *y)));
  };
  const auto differs = std::ranges::mismatch(a.values, b.values, same).in1 - a.values.begin();
  CHECK(differs == std::ssize(a.values));
  CHECK(a.labelled == b.labelled);
  CHECK(a.members == b.members);
}

/// A value of any kind, long and short; some nodes have none.
Value any_value(std::mt19937& random, Arena& arena) {
  const auto n = static_cast<std::int64_t>(random() % 50);
  switch (random() % 9) {
    case 0: return Value();
    case 1: return Value::real(static_cast<double>(n) / 4);
    case 2: return Value::boolean(n > 20);
    case 3: return Value::string(arena.copy("text " + std::to_string(n)));
    case 4: return Value::string(arena.copy(std::string(100, 'x') + std::to_string(n)));
    case 5: return Value::date(Date{n});
    case 6: return Value::datetime(DateTime{n, static_cast<std::int32_t>(n), {}});
    case 7: {
      const auto items = arena.array<Value>(2);
      items[0] = items[1] = Value::integer(n);
      return Value::list(items);
    }
    default: return Value::integer(n);
  }
}

/// A store whose nodes 0 .. count-1 are of one label and have a property.
struct House {
  explicit House(EngineKind kind, std::size_t count, StoreOptions options = {}) : store(kind, options) {
    key = must(store->key("k"));
    label = must(store->label("L"));
    auto tx = begin(*store);
    for (std::size_t i = 0; i < count; ++i) {
      ids.push_back(must(tx->create_node(std::span(&label, 1), Properties{{key, Value::integer(0)}})));
    }
    must(commit(*tx));
  }
  /// Reads often enough for the cache to have everything.
  void warm() {
    Arena arena;
    auto tx = begin(*store, AccessMode::read);
    for (int i = 0; i < 4; ++i) at_once(*tx, ids, key, label, arena);
  }
  TestStore store;
  KeyId key{};
  LabelId label{};
  std::vector<NodeId> ids;
};

}  // namespace

TEST_CASE("what many nodes are asked at once is what their records say") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    House house(kind, 3000);
    std::mt19937 random(kind == EngineKind::memory ? 1 : 2);
    Arena arena;
    std::vector<std::pair<std::unique_ptr<Transaction>, Seen>> old;  // snapshots that stay open over later commits
    for (int round = 0; round < 12; ++round) {
      CAPTURE(round);
      auto tx = begin(*house.store);
      const std::size_t changes = round % 3 == 0 ? 1500 : 3;
      for (std::size_t i = 0; i < changes; ++i) {
        const NodeId id = house.ids[random() % house.ids.size()];
        if (!must(tx->node(id))) continue;
        switch (random() % 8) {
          case 0: must(tx->delete_node(id)); break;
          case 1: must(tx->remove_label(id, house.label)); break;
          case 2: must(tx->add_label(id, house.label)); break;
          default: must(tx->set_property(id, house.key, any_value(random, arena))); break;
        }
      }
      house.ids.push_back(must(tx->create_node(std::span(&house.label, 1), Properties{{house.key, Value::integer(round)}})));
      // Its own changes, with those of the cache beside them.
      check_same(at_once(*tx, house.ids, house.key, house.label, arena), by_record(*tx, house.ids, house.key, house.label, arena));
      must(commit(*tx));
      house.warm();
      CHECK(house.store->statistics().node_cache > 3000 * sizeof(Value));
      auto reader = begin(*house.store, AccessMode::read);
      Seen truth = by_record(*reader, house.ids, house.key, house.label, arena);
      check_same(at_once(*reader, house.ids, house.key, house.label, arena), truth);
      for (auto& [earlier, seen] : old) {
        const auto known = std::span(house.ids).first(seen.values.size());
        Seen again = at_once(*earlier, known, house.key, house.label, arena);
        check_same(again, seen);
      }
      old.emplace_back(std::move(reader), std::move(truth));
    }
  }
}

TEST_CASE("a commit that fails changes nothing for those who read from the cache") {
  House house(EngineKind::memory, 2000);
  house.warm();
  Arena arena;
  const auto set_all = [&](std::int64_t value) {
    auto tx = begin(*house.store);
    for (const NodeId id : house.ids) must(tx->set_property(id, house.key, Value::integer(value)));
    return tx;
  };
  const auto first = set_all(0);
  const std::uint64_t before = house.store.engine().calls();
  must(commit(*first));
  const std::uint64_t calls = house.store.engine().calls() - before;
  const auto second = set_all(7);
  house.store.engine().fail_after(calls);  // the very last call of a commit
  REQUIRE_FALSE(commit(*second));
  house.store.engine().heal();
  house.warm();
  auto reader = begin(*house.store, AccessMode::read);
  const Seen seen = at_once(*reader, house.ids, house.key, house.label, arena);
  check_same(seen, by_record(*reader, house.ids, house.key, house.label, arena));
  CHECK(seen.values[5]->as_integer() == 0);
}

TEST_CASE("a relationship needs both its nodes, whatever was cached of them before") {
  House house(EngineKind::memory, 1200);
  const TypeId type = must(house.store->type("T"));
  const auto connect = [&](std::size_t from, std::size_t to) {
    auto tx = begin(*house.store);
    const auto made = tx->create_relationship(house.ids[from], house.ids[to], type);
    if (made) must(commit(*tx));
    return made.has_value();
  };
  for (std::size_t i = 0; i + 1 < house.ids.size(); ++i) REQUIRE(connect(i, i + 1));
  auto tx = begin(*house.store);
  const NodeId lonely = must(tx->create_node({}));
  must(commit(*tx));
  tx = begin(*house.store);
  must(tx->delete_node(lonely));
  must(commit(*tx));
  house.ids.push_back(lonely);
  for (int i = 0; i < 1100; ++i) REQUIRE_FALSE(connect(0, house.ids.size() - 1));
  REQUIRE(connect(0, 5));
}

TEST_CASE("the cache keeps to its budget and forgets what is not used") {
  StoreOptions options;
  options.node_cache = 200'000;  // some nine chunks
  House house(EngineKind::memory, 3000, options);
  Arena arena;
  for (int i = 0; i < 20; ++i) {
    const KeyId key = must(house.store->key("key " + std::to_string(i)));
    auto tx = begin(*house.store);
    for (std::size_t n = 0; n < house.ids.size(); n += 2) must(tx->set_property(house.ids[n], key, Value::integer(i)));
    must(commit(*tx));
    auto reader = begin(*house.store, AccessMode::read);
    for (int again = 0; again < 4; ++again) {
      check_same(at_once(*reader, house.ids, key, house.label, arena), by_record(*reader, house.ids, key, house.label, arena));
    }
    CHECK(house.store->statistics().node_cache <= options.node_cache);
    CHECK(house.store->statistics().node_cache > 3000 * sizeof(Value));
  }
}

TEST_CASE("without a budget nothing is kept") {
  StoreOptions options;
  options.node_cache = 0;
  House house(EngineKind::memory, 2000, options);
  house.warm();
  CHECK(house.store->statistics().node_cache == 0);
  Arena arena;
  auto reader = begin(*house.store, AccessMode::read);
  check_same(at_once(*reader, house.ids, house.key, house.label, arena), by_record(*reader, house.ids, house.key, house.label, arena));
}

TEST_CASE("who reads beside a writer sees one commit or the next, never some of each") {
  House house(EngineKind::memory, 2500);
  house.warm();
  constexpr std::int64_t commits = 60;
  std::atomic<bool> done{false}, torn{false};
  const auto read = [&] {
    std::vector<Value> values(house.ids.size());
    std::vector<std::size_t> missing;
    Arena arena;
    while (!done && !torn) {
      auto tx = begin(*house.store, AccessMode::read);
      for (int i = 0; i < 4; ++i) {
        if (!tx->node_properties(house.ids, house.key, arena, values, missing) || !missing.empty()) torn = true;
        const std::int64_t first = values[0].as_integer();
        if (!std::ranges::all_of(values, [&](const Value& v) { return v.is(Kind::integer) && v.as_integer() == first; })) torn = true;
        const auto record = tx->node(house.ids[0]);
        if (!record || !*record || must((*record)->property(house.key, arena)).as_integer() != first) torn = true;
      }
      arena.reset();
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back(read);
  for (std::int64_t i = 1; i <= commits; ++i) {
    auto tx = begin(*house.store);
    for (const NodeId id : house.ids) must(tx->set_property(id, house.key, Value::integer(i)));
    must(commit(*tx));
  }
  done = true;
  for (auto& t : readers) t.join();
  CHECK_FALSE(torn);
}

}  // namespace packhouse::storage
