#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "storage/schema.hpp"

namespace packhouse::storage {

/// An entity and how near it is: larger is nearer, see vectors::rank().
struct VectorCandidate {
  float rank;
  std::uint64_t entity;

  /// Order of results: best first, equal ones by id.
  bool operator<(const VectorCandidate& o) const { return rank != o.rank ? rank > o.rank : entity < o.entity; }
};

/// A hierarchical navigable small world of an index's vectors: finds most of the nearest ones by looking at few.
/// Built with the library hnswlib, whose exceptions stay inside. Any number of threads may search, or one may change
/// it.
class VectorGraph {
 public:
  /// Room for `capacity` vectors at first. Status::out_of_memory.
  static Result<std::unique_ptr<VectorGraph>> make(const VectorConfig& config, std::uint32_t dimensions,
                                                   std::size_t capacity);
  ~VectorGraph();
  VectorGraph(const VectorGraph&) = delete;
  VectorGraph& operator=(const VectorGraph&) = delete;

  /// Elements as the index keeps them. Replaces what the entity had. After an error the graph is broken: searching and
  /// changing it fail from then on.
  Result<void> put(std::uint64_t entity, Bytes elements);
  void erase(std::uint64_t entity);
  /// Writes those of the (about) `count` nearest that were not erased to `out`, in no order. More than are wanted
  /// should be asked for: the graph looks as far as it is asked to.
  Result<void> search(std::span<const float> wanted, std::size_t count, std::vector<VectorCandidate>& out) const;

  std::uint32_t dimensions() const;
  std::size_t size() const;     ///< vectors that can be found
  std::size_t deleted() const;  ///< that only take room
  std::size_t bytes() const;
  /// What it will need, about, after put() of these.
  std::size_t bytes_with(std::uint64_t entity, Bytes elements) const;
  /// What a new graph with room for so many vectors needs, about.
  static std::size_t bytes_for(const VectorConfig& config, std::uint32_t dimensions, std::size_t capacity);

 private:
  struct Impl;
  explicit VectorGraph(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace packhouse::storage
