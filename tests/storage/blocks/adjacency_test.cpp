#include <algorithm>
#include <random>
#include <set>

#include "engines.hpp"
#include "storage/adjacency.hpp"
#include "storage/adjacency_block.hpp"
#include "storage/keys.hpp"

namespace packhouse::storage {

// doctest and REQUIRE(a == b) want these.
bool operator==(const Edge& a, const Edge& b) {
  return a.rel == b.rel && a.neighbour == b.neighbour && a.type == b.type && a.outgoing == b.outgoing;
}

namespace {

using adjacency::Entry;
using Entries = std::vector<Entry>;

Entry entry(std::uint64_t type, std::uint64_t neighbour, std::uint64_t rel) {
  return {TypeId{static_cast<std::uint32_t>(type)}, NodeId{neighbour}, RelId{rel}};
}

TEST_CASE("a block gives back its entries") {
  const Entries cases[] = {
      {},
      {entry(0, 0, 0)},
      {entry(3, 7, 9)},
      {entry(0, 0, 1), entry(0, 5, 0), entry(1, 0, 300), entry(4'000'000'000, 70'000, 2)},
      {entry(1, 1, 1), entry(1, 1, 2), entry(1, std::uint64_t{1} << 40, 3), entry(2, ~std::uint64_t{0}, ~std::uint64_t{0})},
  };
  for (const Entries& entries : cases) {
    for (const bool more : {false, true}) {
      Buffer stored;
      write_block(entries, more, stored);
      CHECK(stored.size() == adjacency::block_size(entries));
      const auto block = must(adjacency::Block::parse(stored));
      CHECK(block.more() == more);
      CHECK(block.size() == entries.size());
      Entries back;
      block.append_all(back);
      CHECK(back == entries);
      for (std::size_t n = 0; n < stored.size(); ++n) CHECK(!adjacency::Block::parse(stored.view().first(n)).has_value());
      for (std::size_t i = 0; i < stored.size(); ++i) {  // damaged blocks are errors or other blocks, never a crash
        for (const int flip : {1, 0x10, 0xFF}) {
          stored[i] ^= static_cast<std::byte>(flip);
          if (const auto other = adjacency::Block::parse(stored)) {
            Entries any;
            other->append_all(any);
            CHECK(any.size() == other->size());
          }
          stored[i] ^= static_cast<std::byte>(flip);
        }
      }
    }
  }
}

/// The graph around one node as two plain sets.
struct Model {
  NodeId node{5};
  std::set<Entry> out, in;

  std::vector<Edge> edges(Direction direction, const std::vector<TypeId>& types, std::optional<NodeId> other = {}) const {
    std::vector<Edge> result;
    for (const bool outgoing : {true, false}) {
      if (direction == (outgoing ? Direction::in : Direction::out)) continue;
      for (const Entry& e : outgoing ? out : in) {
        if (!types.empty() && std::ranges::find(types, e.type) == types.end()) continue;
        if (other && e.neighbour != *other) continue;
        if (!outgoing && direction == Direction::both && e.neighbour == node) continue;
        result.push_back({e.rel, e.neighbour, e.type, outgoing});
      }
    }
    return result;
  }
};

void check_reads(kv::Snapshot& snapshot, const Model& model, std::mt19937_64& random) {
  std::vector<NodeId> others{model.node, NodeId{0}, NodeId{1}, NodeId{999'999}};
  for (const auto* side : {&model.out, &model.in}) {
    if (!side->empty()) others.push_back(std::next(side->begin(), static_cast<std::ptrdiff_t>(random() % side->size()))->neighbour);
  }
  const std::vector<TypeId> filters[] = {{}, {TypeId{0}}, {TypeId{2}, TypeId{1}, TypeId{2}}, {TypeId{99}}, {TypeId{4'000'000'000}, TypeId{0}}};
  for (const Direction direction : {Direction::out, Direction::in, Direction::both}) {
    for (const auto& types : filters) {
      const auto expected = model.edges(direction, types);
      std::vector<Edge> got;
      must(adjacency::expand(snapshot, model.node, direction, types, got));
      REQUIRE(got == expected);
      REQUIRE(must(adjacency::degree(snapshot, model.node, direction, types)) == expected.size());
      for (const NodeId other : others) {
        got.clear();
        must(adjacency::expand_into(snapshot, model.node, other, direction, types, got));
        REQUIRE(got == model.edges(direction, types, other));
      }
    }
  }
}

/// Every block is as small as promised, its key is a lower bound, and `more` is right.
void check_blocks(kv::Snapshot& snapshot, NodeId node, Direction direction) {
  const auto range = keys::starting_with(keys::adjacency(node, direction));
  const auto entries = all_of(snapshot, as_text(range.low.view()), as_text(range.high.view()));
  Entries all;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto block = must(adjacency::Block::parse(as_bytes(entries[i].second)));
    REQUIRE(entries[i].second.size() <= adjacency::max_block);
    REQUIRE(block.more() == (i == 0 && entries.size() > 1));
    REQUIRE((block.size() > 0 || (i == 0 && entries.size() > 1)));
    const std::size_t before = all.size();
    block.append_all(all);
    if (i == 0) continue;
    const Entry& first = all[before];
    const auto own = keys::adjacency(node, direction, first.type, first.neighbour, first.rel);
    REQUIRE(entries[i].first <= as_text(own.view()));
    if (before > 0) {
      const Entry& last = all[before - 1];
      REQUIRE(as_text(keys::adjacency(node, direction, last.type, last.neighbour, last.rel).view()) < entries[i].first);
    }
  }
  REQUIRE(std::ranges::is_sorted(all));
}

struct Growth {
  const char* name;
  std::size_t changes;       // of one commit
  unsigned remove_per_cent;  // of the changes
  std::uint64_t neighbours;
  bool ascending;  // new relationships always go to new, greater nodes
  int rounds;
};

void play(kv::Engine& engine, const Growth& growth, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Model model;
  std::uint64_t next_rel = 0;
  for (std::uint64_t round = 1; round <= static_cast<std::uint64_t>(growth.rounds); ++round) {
    auto batch = must(engine.begin_batch());
    for (const Direction direction : {Direction::out, Direction::in}) {
      auto& side = direction == Direction::out ? model.out : model.in;
      std::set<Entry> adds, removes;
      // The second half of the rounds takes away what the first half built up.
      const unsigned remove = round * 2 > static_cast<std::uint64_t>(growth.rounds) ? 100 - growth.remove_per_cent : growth.remove_per_cent;
      for (std::size_t i = 0; i < growth.changes; ++i) {
        if (random() % 100 < remove && !side.empty()) {
          auto at = side.lower_bound(entry(random() % 4, random() % growth.neighbours, 0));
          if (at == side.end()) at = side.begin();
          if (!adds.contains(*at)) removes.insert(*at);
          continue;
        }
        const std::uint64_t type = growth.ascending ? 1 : random() % 50 == 0 ? 4'000'000'000 : random() % 4;
        const std::uint64_t neighbour = growth.ascending ? 1000 + next_rel : random() % growth.neighbours;
        adds.insert(entry(type, neighbour, next_rel++));
      }
      must(adjacency::merge(*batch, model.node, direction, Entries(adds.begin(), adds.end()), Entries(removes.begin(), removes.end())));
      for (const Entry& e : removes) side.erase(e);
      side.insert(adds.begin(), adds.end());
    }
    // A node next door, whose blocks must not be touched.
    if (round == 1) must(adjacency::merge(*batch, NodeId{6}, Direction::out, Entries{entry(0, 0, 0)}, {}));
    CHECK(must(adjacency::has_edges(*batch, model.node)) == (!model.out.empty() || !model.in.empty()));
    must(batch->commit(round, false));
    auto snapshot = must(engine.snapshot());
    check_reads(*snapshot, model, random);
    for (const Direction direction : {Direction::out, Direction::in}) check_blocks(*snapshot, model.node, direction);
    CHECK(must(adjacency::degree(*snapshot, NodeId{6}, Direction::both, {})) == 1);
    CHECK(must(adjacency::degree(*snapshot, NodeId{4}, Direction::both, {})) == 0);
  }
}

TEST_CASE("a node's lists behave like sets") {
  const Growth growths[] = {{"few", 3, 40, 10, false, 60},          {"single changes on many", 1, 10, 1000, false, 60},
                            {"many at once", 3000, 20, 500, false, 8}, {"wide ids", 700, 30, std::uint64_t{1} << 50, false, 16},
                            {"ascending", 900, 5, 1'000'000, true, 16}, {"drained", 2000, 0, 100'000, false, 10}};
  for (int kind = 0; kind < 2; ++kind) {
    for (const Growth& growth : growths) {
      CAPTURE(std::string(engine_names[kind]));
      CAPTURE(std::string(growth.name));
      EngineUnderTest under_test(kind);
      play(*under_test.engine, growth, 1 + growth.changes);
    }
  }
}

TEST_CASE("a list that is emptied leaves no key") {
  memory::Engine engine;
  Entries entries;
  for (std::uint64_t i = 0; i < 5000; ++i) entries.push_back(entry(i / 2500, i, i));
  auto batch = must(engine.begin_batch());
  must(adjacency::merge(*batch, NodeId{1}, Direction::out, entries, {}));
  must(batch->commit(1, false));
  CHECK(all_of(*must(engine.snapshot())).size() > 3);
  for (std::uint64_t sequence = 2; !entries.empty(); ++sequence) {  // from the front, block by block
    const std::size_t n = std::min<std::size_t>(entries.size(), 321);
    batch = must(engine.begin_batch());
    must(adjacency::merge(*batch, NodeId{1}, Direction::out, {}, std::span(entries).first(n)));
    entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(n));
    must(batch->commit(sequence, false));
    check_blocks(*must(engine.snapshot()), NodeId{1}, Direction::out);
  }
  CHECK(all_of(*must(engine.snapshot())).empty());
}

TEST_CASE("contradictions are errors") {
  memory::Engine engine;
  auto batch = must(engine.begin_batch());
  const Entries one{entry(1, 2, 3)}, other{entry(1, 2, 4)};
  must(adjacency::merge(*batch, NodeId{1}, Direction::out, one, {}));
  CHECK(adjacency::merge(*batch, NodeId{1}, Direction::out, one, {}).error().status() == Status::storage_failed);
  CHECK(adjacency::merge(*batch, NodeId{1}, Direction::out, {}, other).error().status() == Status::storage_failed);
  CHECK(adjacency::merge(*batch, NodeId{2}, Direction::in, {}, other).error().status() == Status::storage_failed);
  CHECK(!adjacency::merge(*batch, NodeId{1}, Direction::both, one, {}).has_value());
}

TEST_CASE("damaged blocks are reported") {
  memory::Engine engine;
  auto batch = must(engine.begin_batch());
  must(batch->put(keys::adjacency(NodeId{1}, Direction::out), as_bytes("nonsense")));
  const Entries one{entry(1, 2, 3)};
  CHECK(adjacency::merge(*batch, NodeId{1}, Direction::out, one, {}).error().status() == Status::storage_failed);
  must(batch->commit(1, false));
  auto snapshot = must(engine.snapshot());
  std::vector<Edge> edges;
  CHECK(!adjacency::expand(*snapshot, NodeId{1}, Direction::out, {}, edges).has_value());
  CHECK(!adjacency::degree(*snapshot, NodeId{1}, Direction::both, {}).has_value());
}

}  // namespace
}  // namespace packhouse::storage
