#include "storage/vector/graph.hpp"

// Its own distance functions read past the ends of lists to prefetch, and put functions into the global namespace.
#define NO_MANUAL_VECTORIZATION
#include <hnswlib/hnswlib.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <exception>
#include <string>

#include "value/vector_math.hpp"

#ifdef __SANITIZE_THREAD__
// The library takes the locks of its lists in no order while it inserts. Only one thread inserts, alone.
extern "C" const char* __tsan_default_suppressions() {
  return "deadlock:hnswlib::\n";
}
#endif

namespace packhouse::storage {
namespace {

/// Tells hnswlib how our vectors compare: the less, the nearer.
class Space final : public hnswlib::SpaceInterface<float> {
 public:
  Space(VectorSimilarity similarity, std::size_t dimensions)
      : cosine_(similarity == VectorSimilarity::cosine), dimensions_(dimensions) {}
  std::size_t get_data_size() override { return dimensions_ * sizeof(float); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return cosine_ ? opposite : distance; }
  void* get_dist_func_param() override { return &dimensions_; }

 private:
  static float opposite(const void* a, const void* b, const void* n) {
    return -packhouse::vectors::dot(a, b, *static_cast<const std::size_t*>(n));
  }
  static float distance(const void* a, const void* b, const void* n) {
    return packhouse::vectors::squared_distance(a, b, *static_cast<const std::size_t*>(n));
  }
  bool cosine_;
  std::size_t dimensions_;
};

using Hnsw = hnswlib::HierarchicalNSW<float>;

/// 1 is a list, not a graph; the library can't do with less than 2.
std::size_t links(const VectorConfig& config) {
  return std::max<std::size_t>(config.m, 4);
}

std::size_t bytes_each(const VectorConfig& config, std::uint32_t dimensions) {
  const std::size_t m = links(config);
  constexpr std::size_t lock = sizeof(std::mutex), maps = 96;  // hnswlib's and ours, with what is empty in them
  return dimensions * sizeof(float) + (2 * m + 1) * 4 + 8 + sizeof(void*) + sizeof(int) + lock + 2 +
         (m + 1) * 4 / (m - 1) + maps;
}

/// Room for how many vectors a graph begins with.
std::size_t at_least(std::size_t capacity) {
  return std::max<std::size_t>(capacity, 64);
}

/// Never names what was thrown: it is always memory, or a broken graph.
template <class F>
Result<void> guarded(F&& f) {
  try {
    f();
    return ok;
  } catch (const std::exception& e) {
    return fail(Status::out_of_memory, std::string("the graph of a vector index can't grow: ") + e.what());
  }
}

}  // namespace

struct VectorGraph::Impl {
  Impl(const VectorConfig& c, std::uint32_t d, std::size_t capacity)
      : config(c),
        dimensions(d),
        space(c.similarity, d),
        graph(std::make_unique<Hnsw>(&space, capacity, links(c), std::max<std::size_t>(c.ef_construction, 1))) {}
  ~Impl() {
    // The library's destructor frees what an interrupted insertion has not set yet; rather leak a graph for which there
    // was no memory.
    if (broken) (void)graph.release();
  }

  /// Elements of the graph's size.
  bool holds(std::uint64_t entity, Bytes elements) const {
    const auto it = labels.find(entity);
    if (it == labels.end()) return false;
    // Labels are given out in order, so they are the library's internal numbers too.
    const auto* data = reinterpret_cast<const std::byte*>(graph->getDataByInternalId(it->second));
    return as_text(Bytes(data, elements.size())) == as_text(elements);
  }
  std::size_t capacity_for_next() const {
    const std::size_t now = graph->max_elements_;
    return graph->cur_element_count < now ? now : now + now / 2 + 64;
  }

  void insert(std::uint64_t entity, Bytes elements) {
    if (const std::size_t wanted = capacity_for_next(); wanted != graph->max_elements_) graph->resizeIndex(wanted);
    const auto label = entities.size();
    entities.push_back(entity);
    graph->addPoint(elements.data(), label);
    labels[entity] = static_cast<std::uint32_t>(label);
  }

  VectorConfig config;
  std::uint32_t dimensions;
  Space space;
  std::unique_ptr<Hnsw> graph;
  /// Each vector has a label of its own: a changed one is a new vector, and the old one only leads to others, as
  /// deleted ones do. (The library can mark deleted vectors too, but may then insert beside nothing and crash.)
  static constexpr std::uint64_t nobody = ~std::uint64_t{0};
  std::vector<std::uint64_t> entities;  // by label
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> labels;
  bool broken = false;
};

VectorGraph::VectorGraph(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VectorGraph::~VectorGraph() = default;

Result<std::unique_ptr<VectorGraph>> VectorGraph::make(const VectorConfig& config, std::uint32_t dimensions,
                                                       std::size_t capacity) {
  std::unique_ptr<VectorGraph> made;
  PACKHOUSE_CHECK(guarded([&] {
    made.reset(new VectorGraph(std::make_unique<Impl>(config, dimensions, at_least(capacity))));
  }));
  return made;
}

Result<void> VectorGraph::put(std::uint64_t entity, Bytes elements) {
  Impl& g = *impl_;
  if (g.broken) return fail(Status::internal, "the graph of a vector index is broken");
  if (elements.size() != g.dimensions * sizeof(float)) {
    erase(entity);
    return ok;
  }
  if (g.holds(entity, elements)) return ok;
  erase(entity);
  auto done = guarded([&] { g.insert(entity, elements); });
  g.broken = !done;
  return done;
}

void VectorGraph::erase(std::uint64_t entity) {
  const auto it = impl_->labels.find(entity);
  if (it == impl_->labels.end()) return;
  impl_->entities[it->second] = Impl::nobody;
  impl_->labels.erase(it);
}

Result<void> VectorGraph::search(std::span<const float> wanted, std::size_t count,
                                 std::vector<VectorCandidate>& out) const {
  const Impl& g = *impl_;
  out.clear();
  if (g.broken) return fail(Status::internal, "the graph of a vector index is broken");
  if (g.labels.empty()) return ok;
  return guarded([&] {
    auto found = g.graph->searchKnn(wanted.data(), count);
    out.reserve(found.size());
    for (; !found.empty(); found.pop()) {
      const std::uint64_t entity = g.entities[found.top().second];
      if (entity != Impl::nobody) out.push_back({-found.top().first, entity});
    }
  });
}

std::uint32_t VectorGraph::dimensions() const {
  return impl_->dimensions;
}
std::size_t VectorGraph::size() const {
  return impl_->labels.size();
}
std::size_t VectorGraph::deleted() const {
  return impl_->entities.size() - impl_->labels.size();
}
std::size_t VectorGraph::bytes() const {
  return impl_->graph->max_elements_ * bytes_each(impl_->config, impl_->dimensions);
}
std::size_t VectorGraph::bytes_with(std::uint64_t entity, Bytes elements) const {
  const Impl& g = *impl_;
  if (elements.size() != g.dimensions * sizeof(float) || g.holds(entity, elements)) return bytes();
  return g.capacity_for_next() * bytes_each(g.config, g.dimensions);
}
std::size_t VectorGraph::bytes_for(const VectorConfig& config, std::uint32_t dimensions, std::size_t capacity) {
  return at_least(capacity) * bytes_each(config, dimensions);
}

}  // namespace packhouse::storage
