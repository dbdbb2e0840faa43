#include "storage/commit_write.hpp"

#include <algorithm>

#include "storage/fulltext/layout.hpp"

namespace packhouse::storage {
namespace {

Result<void> put_or_erase(kv::Batch& batch, Bytes key, const OverlayRecord& record) {
  return record.exists() ? batch.put(key, record.now.record) : batch.erase(key);
}

Result<void> write_edges(const CommitRequest& request, kv::Batch& batch) {
  std::vector<adjacency::Entry> adds, removes;
  const auto& edges = request.edges;
  for (std::size_t i = 0; i < edges.size();) {
    adds.clear();
    removes.clear();
    const EdgeChange& first = edges[i];
    for (; i < edges.size() && edges[i].node == first.node && edges[i].direction == first.direction; ++i) {
      (edges[i].add ? adds : removes).push_back(edges[i].entry);
    }
    PACKHOUSE_CHECK(adjacency::merge(batch, first.node, first.direction, adds, removes));
  }
  return ok;
}

/// One token's entries.
template <class KeyOf>
Result<void> write_token(const IdDelta& delta, kv::Batch& batch, KeyOf key_of) {
  Result<void> result = ok;
  delta.for_each([&](const IdDelta::Entry& e) {
    if (!result) return;
    const keys::SmallKey key = key_of(e.id);
    result = e.net > 0 ? batch.put(key, {}) : batch.erase(key);
  });
  return result;
}

template <class Id, class Delta>
using Sorted = std::vector<std::pair<Id, const Delta*>>;

Result<void> write_tokens(const Overlay& overlay, kv::Batch& batch) {
  Sorted<LabelId, IdDelta> labels;
  overlay.for_each_label([&](LabelId id, const IdDelta& delta) { labels.emplace_back(id, &delta); });
  std::ranges::sort(labels);
  for (const auto& [label, delta] : labels) {
    PACKHOUSE_CHECK(write_token(*delta, batch, [l = label](std::uint64_t id) { return keys::label_entry(l, NodeId{id}); }));
  }
  Sorted<TypeId, IdDelta> types;
  overlay.for_each_type([&](TypeId id, const IdDelta& delta) { types.emplace_back(id, &delta); });
  std::ranges::sort(types);
  for (const auto& [type, delta] : types) {
    PACKHOUSE_CHECK(write_token(*delta, batch, [t = type](std::uint64_t id) { return keys::type_entry(t, RelId{id}); }));
  }
  return ok;
}

Result<void> write_indexes(const Overlay& overlay, kv::Batch& batch) {
  Sorted<IndexId, IndexDelta> indexes;
  overlay.for_each_index([&](IndexId id, const IndexDelta& delta) { indexes.emplace_back(id, &delta); });
  std::ranges::sort(indexes);
  Result<void> result = ok;
  for (const auto& [id, delta] : indexes) {
    delta->for_range({}, {}, [&](const IndexDelta::Entry& e) {
      result = e.net > 0 ? batch.put(e.key, {}) : batch.erase(e.key);
      return result.has_value();
    });
    PACKHOUSE_CHECK(result);
  }
  return ok;
}

Result<void> write_cells(const CellOverlay& overlay, kv::Batch& batch) {
  for (const auto& [key, cell] : overlay.cells()) {
    const keys::IndexKey stored = keys::cell(as_bytes(key));
    PACKHOUSE_CHECK(cell.value ? batch.put(stored, *cell.value) : batch.erase(stored));
  }
  return ok;
}

Result<void> write_vectors(const Overlay& overlay, kv::Batch& batch) {
  Sorted<IndexId, VectorDelta> indexes;
  overlay.for_each_vector_index([&](IndexId id, const VectorDelta& delta) { indexes.emplace_back(id, &delta); });
  std::ranges::sort(indexes);
  for (const auto& [id, delta] : indexes) {
    for (const std::uint64_t entity : delta->sorted()) {
      const Bytes elements = delta->find(entity)->elements;
      const auto key = keys::vector_entry(id, entity);
      PACKHOUSE_CHECK(elements.empty() ? batch.erase(key) : batch.put(key, elements));
    }
  }
  return ok;
}

Result<void> write_fulltext(const Overlay& overlay, kv::Batch& batch) {
  Sorted<IndexId, FulltextDelta> indexes;
  overlay.for_each_fulltext_index([&](IndexId id, const FulltextDelta& delta) { indexes.emplace_back(id, &delta); });
  std::ranges::sort(indexes);
  for (const auto& [id, delta] : indexes) PACKHOUSE_CHECK(layout::write(batch, id, *delta));
  return ok;
}

}  // namespace

Result<void> write_changes(const CommitRequest& request, kv::Batch& batch) {
  const Overlay& overlay = request.state->overlay;
  for (const OverlayNode* node : request.nodes) PACKHOUSE_CHECK(put_or_erase(batch, keys::node(node->id), *node));
  for (const OverlayRel* rel : request.rels) PACKHOUSE_CHECK(put_or_erase(batch, keys::relationship(rel->id), *rel));
  PACKHOUSE_CHECK(write_edges(request, batch));
  PACKHOUSE_CHECK(write_tokens(overlay, batch));
  PACKHOUSE_CHECK(write_indexes(overlay, batch));
  PACKHOUSE_CHECK(write_vectors(overlay, batch));
  PACKHOUSE_CHECK(write_fulltext(overlay, batch));
  PACKHOUSE_CHECK(write_cells(request.state->cells, batch));
  return request.state->blobs ? request.state->blobs->write(batch) : ok;
}

}  // namespace packhouse::storage
