#include "storage/vector/tracked_index.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "support.hpp"

// One vector index without a store, so that the moments between noting a commit and committing it can be had.
namespace packhouse::storage {
namespace {

struct Fixture {
  memory::Engine engine;
  Snapshots snapshots;
  std::atomic<std::uint64_t> last_sequence{0};
  StoreOptions options;
  std::unique_ptr<VectorUpkeep> upkeep;
  std::unique_ptr<TrackedVectorIndex> index;
  std::uint64_t sequence = 1;
  std::unique_ptr<kv::Batch> batch;

  void open(std::uint64_t graph_from) {
    options.vector_graph_from = graph_from;
    upkeep.reset(new VectorUpkeep{engine, snapshots, last_sequence, options});
    Index definition;
    definition.id = IndexId{1};
    definition.vector.dimensions = 2;
    definition.vector.similarity = VectorSimilarity::euclidean;
    index = std::make_unique<TrackedVectorIndex>(definition, *upkeep);
    index->maintain();  // counts: nothing is there
  }
  static std::array<float, 2> place(std::uint64_t entity) { return {static_cast<float>(entity), 0}; }

  /// One of the requests of the next commit: new entities.
  void request(std::uint64_t from, std::uint64_t to) {
    if (!batch) batch = must(engine.begin_batch());
    VectorDelta delta;
    for (std::uint64_t e = from; e < to; ++e) {
      const auto elements = place(e);
      must(batch->put(keys::vector_entry(IndexId{1}, e), std::as_bytes(std::span(elements))));
      delta.set(e, {{}, 1});
    }
    index->note(sequence, delta);
  }
  void commit() {
    must(batch->commit(sequence, true));
    batch.reset();
    last_sequence = sequence++;
  }
  /// The nearest by the graph, and what it can't tell.
  std::set<std::uint64_t> near(std::uint64_t entity, std::size_t limit) {
    const auto wanted = place(entity);
    GraphAnswer answer;
    if (!index->find({.sequence = last_sequence, .wanted = wanted, .limit = limit}, answer)) return {};
    std::set<std::uint64_t> out(answer.changed.begin(), answer.changed.end());
    std::sort(answer.nearest.begin(), answer.nearest.end());
    for (const auto& c : std::span(answer.nearest).first(limit)) out.insert(c.entity);
    return out;
  }
};

using Phase = VectorIndexStatistics::Phase;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a graph holds what came in the commit that made it necessary, of all its requests") {
  open(100);
  request(0, 90);     // not enough: not noted
  request(90, 1000);  // of the same commit
  index->maintain();  // the commit can't be seen yet
  CHECK(index->statistics().phase == Phase::building);
  CHECK(index->statistics().in_graph == 0);
  commit();
  index->maintain();
  CHECK(index->statistics().phase == Phase::graph);
  CHECK(index->statistics().in_graph == 1000);
  CHECK(near(40, 3) == std::set<std::uint64_t>{39, 40, 41});
}

TEST_CASE_FIXTURE(Fixture, "what a graph does not show is told for each snapshot") {
  open(100);
  request(0, 1000);
  commit();
  index->maintain();
  request(1000, 1010);
  CHECK(near(500, 1).size() == 11);  // on their way
  index->maintain();
  CHECK(index->statistics().pending == 10);
  commit();
  const std::uint64_t before = last_sequence - 1;
  SnapshotHandle old;
  must(snapshots.open(old, engine, last_sequence));
  request(1010, 1020);
  commit();
  index->maintain();
  CHECK(index->statistics().pending == 0);
  CHECK(near(500, 1) == std::set<std::uint64_t>{500});
  CHECK(index->to_prune());  // the old snapshot needs the later ones
  const auto wanted = place(500);
  for (const auto& [at, changed] : {std::pair(before, 10UL), std::pair(before + 1, 10UL)}) {
    GraphAnswer answer;
    REQUIRE(index->find({.sequence = at, .wanted = wanted, .limit = 1}, answer));
    CHECK(answer.changed.size() == changed);  // what all snapshots see is forgotten
  }
  old.close();
  index->maintain();
  CHECK_FALSE(index->to_prune());
}

TEST_CASE_FIXTURE(Fixture, "a graph never needs more memory than it may have") {
  open(100);
  const std::uint64_t first = VectorGraph::bytes_for({.dimensions = 2}, 2, 100);
  SUBCASE("from the beginning") { options.vector_graph_memory = first - 1; }
  SUBCASE("when it has to grow") { options.vector_graph_memory = first + 10; }
  SUBCASE("when it grew after all") {
    options.vector_graph_memory = first + 10;
    request(0, 100);
    commit();
    index->maintain();
    CHECK(index->statistics().phase == Phase::graph);
  }
  request(100, 300);
  commit();
  index->maintain();
  CHECK(index->statistics().phase == Phase::too_large);
  CHECK(upkeep->graph_bytes == 0);
}

}  // namespace packhouse::storage
