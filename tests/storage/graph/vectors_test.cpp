#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "support.hpp"
#include "value/compare.hpp"
#include "value/vector_math.hpp"

// Vector indexes against brute force: exact and by graph, through changes, rollbacks, old snapshots and reopening.
namespace packhouse::storage {
namespace {

using Vector = std::vector<double>;

double score_of(VectorSimilarity similarity, const Vector& a, const Vector& b) {
  if (similarity == VectorSimilarity::euclidean) return 1 / (1 + packhouse::vectors::exact_squared_distance(a, b));
  using packhouse::vectors::exact_dot;
  return (1 + exact_dot(a, b) / std::sqrt(exact_dot(a, a) * exact_dot(b, b))) / 2;
}

/// What is in the index, by entity.
using Contents = std::map<std::uint64_t, Vector>;

std::vector<VectorMatch> brute_force(const Contents& contents, VectorSimilarity similarity, const Vector& wanted,
                                     std::size_t k) {
  std::vector<VectorMatch> out;
  for (const auto& [id, v] : contents) {
    if (v.size() == wanted.size()) out.push_back({id, score_of(similarity, v, wanted)});
  }
  std::ranges::sort(out,
                    [](const auto& a, const auto& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; });
  if (out.size() > k) out.resize(k);
  return out;
}

std::vector<VectorMatch> ask(Transaction& tx, IndexId index, const Vector& wanted, std::size_t k) {
  const std::vector<float> floats(wanted.begin(), wanted.end());
  VectorQuery query;
  query.index = index;
  query.vector = floats;
  query.limit = k;
  return must(tx.vector_search(query));
}

/// Scores are those of f32 elements; among equal ones any may come first where the rest of the sum differs.
void check_exact(const std::vector<VectorMatch>& got, const std::vector<VectorMatch>& want, const Contents& contents,
                 VectorSimilarity similarity, const Vector& wanted) {
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(got[i].score == doctest::Approx(want[i].score).epsilon(1e-5));
    REQUIRE(contents.contains(got[i].id));
    CHECK(got[i].score == doctest::Approx(score_of(similarity, contents.at(got[i].id), wanted)).epsilon(1e-5));
    if (i > 0)
      CHECK((got[i - 1].score > got[i].score || (got[i - 1].score == got[i].score && got[i - 1].id < got[i].id)));
  }
}

Value list_of(Arena& arena, const Vector& v) {
  const auto items = arena.array<Value>(v.size());
  std::ranges::transform(v, items.begin(), &Value::real);
  return Value::list(items);
}
Value vector_of(Arena& arena, const Vector& v) {
  std::vector<float> floats(v.begin(), v.end());
  return Value::vector(Element::f32, static_cast<std::uint32_t>(v.size()),
                       arena.copy(std::as_bytes(std::span(floats))).data());
}

Vector random_vector(std::mt19937& random, std::size_t dimensions) {
  std::normal_distribution<double> number;
  Vector out(dimensions);
  for (double& x : out) x = static_cast<double>(static_cast<float>(number(random)));
  return out;
}

IndexDefinition definition(Store& store, VectorSimilarity similarity, std::uint32_t dimensions,
                           EntityType entity = EntityType::node) {
  IndexDefinition d;
  d.name = "vectors";
  d.type = IndexType::vector;
  d.entity = entity;
  d.token = entity == EntityType::node ? raw(must(store.label("L"))) : raw(must(store.type("T")));
  d.keys = {must(store.key("v"))};
  d.vector.similarity = similarity;
  d.vector.dimensions = dimensions;
  return d;
}

/// Random changes of nodes or relationships, next to a map of what the index should hold.
class Model {
 public:
  Model(EngineKind kind, EntityType entity, VectorSimilarity similarity, bool graph, unsigned seed)
      : store_(kind, options(graph)), entity_(entity), similarity_(similarity), graph_(graph), random_(seed) {
    label_ = must(store_->label("L"));
    type_ = must(store_->type("T"));
    key_ = must(store_->key("v"));
    tx_ = begin(*store_);
    hub_ = must(tx_->create_node({}));
    for (int i = 0; i < 40; ++i) change();  // what the index is built from
    finish(true);
    index_ = must(tx_->create_index(definition(*store_, similarity, dimensions, entity)));
    finish(true);
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      const auto what = random_() % 100;
      if (what < 70)
        change();
      else if (what < 80)
        statement(random_() % 3 == 0);
      else if (what < 88)
        check();
      else if (what < 98)
        finish(random_() % 4 != 0);
      else
        reopen();
    }
    finish(true);
    reopen();
    check();
    store_->settle_vector_indexes();
    CHECK((store_->vector_statistics(index_)->phase == VectorIndexStatistics::Phase::graph) == graph_);
    check();
  }

 private:
  static constexpr std::uint32_t dimensions = 12;
  static StoreOptions options(bool graph) {
    StoreOptions o;
    if (graph) o.vector_graph_from = 20;
    return o;
  }

  void change() {
    const auto what = random_() % 10;
    if (what < 5 || all_.empty()) return create();
    const std::uint64_t id = *std::next(all_.begin(), static_cast<std::ptrdiff_t>(random_() % all_.size()));
    if (what < 8) return set(id);
    working_.erase(id);
    all_.erase(id);
    if (entity_ == EntityType::node)
      must(tx_->delete_node(NodeId{id}));
    else
      must(tx_->delete_relationship(RelId{id}));
  }

  void create() {
    const std::uint64_t id = entity_ == EntityType::node ? raw(must(tx_->create_node(std::span(&label_, 1))))
                                                         : raw(must(tx_->create_relationship(hub_, hub_, type_)));
    all_.insert(id);
    set(id);
  }

  /// Sometimes something that is not indexed.
  void set(std::uint64_t id) {
    Vector v = random_vector(random_, random_() % 10 == 0 ? 5 : dimensions);
    const auto kind = random_() % 12;
    if (kind == 0) std::ranges::fill(v, 0.0);
    if (kind == 1) v[0] = std::nan("");
    Arena arena;
    const Value value = kind == 2   ? Value()
                        : kind == 3 ? Value::string("no vector")
                        : kind < 8  ? list_of(arena, v)
                                    : vector_of(arena, v);
    if (entity_ == EntityType::node)
      must(tx_->set_property(NodeId{id}, key_, value));
    else
      must(tx_->set_property(RelId{id}, key_, value));
    const bool fits = v.size() == dimensions && kind != 1 && kind != 2 && kind != 3 &&
                      !(kind == 0 && similarity_ == VectorSimilarity::cosine);
    if (fits)
      working_[id] = v;
    else
      working_.erase(id);
  }

  void statement(bool undo) {
    if (undo) {
      tx_->rollback_statement();
      working_ = at_statement_, all_ = all_at_statement_;
    }
    tx_->begin_statement();
    at_statement_ = working_, all_at_statement_ = all_;
  }

  void finish(bool keep) {
    if (keep) {
      must(commit(*tx_));
      committed_ = working_, all_committed_ = all_;
    } else {
      tx_->rollback();
    }
    tx_.reset();
    if (random_() % 4 == 0) store_->settle_vector_indexes();
    // A reader that stays while others write must go on seeing its moment.
    if (old_ && random_() % 3 == 0) check_old(), old_.reset();
    if (!old_ && random_() % 3 == 0) old_ = begin(*store_, AccessMode::read), old_contents_ = committed_;
    fresh();
  }

  void fresh() {
    tx_ = begin(*store_);
    working_ = at_statement_ = committed_;
    all_ = all_at_statement_ = all_committed_;
  }

  void check_old() { check(*old_, old_contents_); }
  void check() { check(*tx_, working_); }
  void check(Transaction& tx, const Contents& contents) {
    if (!tx.schema().index("vectors")) return;
    const Vector wanted = random_vector(random_, dimensions);
    const std::size_t k = 1 + random_() % 6;
    const auto got = ask(tx, index_, wanted, k);
    const auto want = brute_force(contents, similarity_, wanted, k);
    if (!graph_) return check_exact(got, want, contents, similarity_, wanted);
    // By graph it need not be the very nearest, but what is there must be right, and as many as there are.
    REQUIRE(got.size() == want.size());
    for (const VectorMatch& m : got) {
      REQUIRE(contents.contains(m.id));
      CHECK(m.score == doctest::Approx(score_of(similarity_, contents.at(m.id), wanted)).epsilon(1e-5));
      hits_ += std::ranges::count(want, m.id, &VectorMatch::id);
      ++asked_;
    }
  }

 public:
  double recall() const { return asked_ == 0 ? 1 : static_cast<double>(hits_) / static_cast<double>(asked_); }

 private:
  void reopen() {
    old_.reset();
    tx_.reset();
    store_.reopen();
    if (random_() % 2) store_->settle_vector_indexes();
    fresh();
  }

  TestStore store_;
  EntityType entity_;
  VectorSimilarity similarity_;
  bool graph_;
  std::mt19937 random_;
  LabelId label_{};
  TypeId type_{};
  KeyId key_{};
  NodeId hub_{};
  IndexId index_{};
  std::unique_ptr<Transaction> tx_, old_;
  Contents committed_, working_, at_statement_, old_contents_;
  std::set<std::uint64_t> all_, all_committed_, all_at_statement_;
  std::ptrdiff_t hits_ = 0, asked_ = 0;
};

/// Clusters, as embeddings have them.
std::vector<Vector> clustered(std::size_t count, std::size_t dimensions, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Vector> centres;
  for (int i = 0; i < 40; ++i) centres.push_back(random_vector(random, dimensions));
  std::vector<Vector> out;
  for (std::size_t i = 0; i < count; ++i) {
    Vector v = random_vector(random, dimensions);
    const Vector& centre = centres[random() % centres.size()];
    for (std::size_t d = 0; d < dimensions; ++d) v[d] = static_cast<double>(static_cast<float>(centre[d] + 0.5 * v[d]));
    out.push_back(std::move(v));
  }
  return out;
}

double recall_at_10(Transaction& tx, IndexId index, const Contents& contents, VectorSimilarity similarity,
                    const std::vector<Vector>& queries) {
  std::size_t hits = 0, asked = 0;
  for (const Vector& q : queries) {
    const auto got = ask(tx, index, q, 10);
    for (const VectorMatch& m : brute_force(contents, similarity, q, 10)) {
      ++asked;
      hits += std::ranges::count(got, m.id, &VectorMatch::id) > 0 ? 1U : 0U;
    }
  }
  return static_cast<double>(hits) / static_cast<double>(asked);
}

}  // namespace

TEST_CASE("exact vector search behaves like brute force") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    for (const EntityType entity : {EntityType::node, EntityType::relationship}) {
      for (const VectorSimilarity similarity : {VectorSimilarity::cosine, VectorSimilarity::euclidean}) {
        CAPTURE(name_of(kind));
        for (unsigned seed = 1; seed <= (kind == EngineKind::memory ? 4U : 1U); ++seed)
          Model(kind, entity, similarity, false, seed).run(500);
      }
    }
  }
}

TEST_CASE("vector search by graph sees its snapshot and its own changes") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    for (const VectorSimilarity similarity : {VectorSimilarity::cosine, VectorSimilarity::euclidean}) {
      CAPTURE(name_of(kind));
      for (unsigned seed = 11; seed <= (kind == EngineKind::memory ? 14U : 12U); ++seed) {
        CAPTURE(seed);
        Model model(kind, seed % 2 ? EntityType::node : EntityType::relationship, similarity, true, seed);
        model.run(2500);
        CHECK(model.recall() > 0.8);  // it looks at a dozen candidates only
      }
    }
  }
}

TEST_CASE("the graph finds 95% of the nearest, also after much was deleted and changed, and after reopening") {
  constexpr std::size_t count = 4000, dimensions = 32;
  for (const VectorSimilarity similarity : {VectorSimilarity::cosine, VectorSimilarity::euclidean}) {
    StoreOptions options;
    options.vector_graph_from = 1000;
    TestStore store(EngineKind::lmdb, options);
    const LabelId label = must(store->label("L"));
    const KeyId key = must(store->key("v"));
    auto tx = begin(*store);
    const IndexId index = must(tx->create_index(definition(*store, similarity, dimensions)));
    must(commit(*tx));
    Contents contents;
    const auto vectors = clustered(count + 50, dimensions, 5);
    const std::vector<Vector> queries(vectors.begin() + count, vectors.end());
    Arena arena;
    for (std::size_t i = 0; i < count; i += 500) {
      tx = begin(*store);
      for (std::size_t j = i; j < i + 500; ++j) {
        const std::pair<KeyId, Value> property{key, vector_of(arena, vectors[j])};
        const NodeId made = must(tx->create_node(std::span(&label, 1), std::span(&property, 1)));
        contents[raw(made)] = vectors[j];
      }
      must(commit(*tx));
    }
    store->settle_vector_indexes();
    auto statistics = store->vector_statistics(index).value();
    CHECK(statistics.phase == VectorIndexStatistics::Phase::graph);
    CHECK((statistics.in_graph == count && statistics.pending == 0));
    tx = begin(*store, AccessMode::read);
    CHECK(recall_at_10(*tx, index, contents, similarity, queries) >= 0.95);

    // Every third is deleted, every fifth is moved.
    tx = begin(*store);
    for (auto it = contents.begin(); it != contents.end();) {
      if (it->first % 3 == 0) {
        must(tx->delete_node(NodeId{it->first}));
        it = contents.erase(it);
        continue;
      }
      if (it->first % 5 == 0) {
        it->second = vectors[(it->first * 7) % count];
        must(tx->set_property(NodeId{it->first}, key, list_of(arena, it->second)));
      }
      ++it;
    }
    CHECK(recall_at_10(*tx, index, contents, similarity, queries) >= 0.95);  // not committed yet
    must(commit(*tx));
    store->settle_vector_indexes();
    statistics = store->vector_statistics(index).value();
    CHECK((statistics.in_graph == contents.size() && statistics.pending == 0));
    tx = begin(*store, AccessMode::read);
    CHECK(recall_at_10(*tx, index, contents, similarity, queries) >= 0.95);

    tx.reset();
    store.reopen();
    tx = begin(*store, AccessMode::read);
    CHECK(recall_at_10(*tx, index, contents, similarity, queries) >= 0.95);
    store->settle_vector_indexes();
    statistics = store->vector_statistics(index).value();
    CHECK((statistics.in_graph == contents.size() && statistics.deleted == 0));
    CHECK(recall_at_10(*tx, index, contents, similarity, queries) >= 0.95);
  }
}

}  // namespace packhouse::storage
