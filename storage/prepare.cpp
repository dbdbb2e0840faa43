#include <fmt/format.h>

#include <tuple>

#include "storage/commit_request.hpp"
#include "storage/constraints.hpp"
#include "storage/record_key.hpp"
#include "storage/record_schemas.hpp"
#include "storage/store_core.hpp"

namespace packhouse::storage {
namespace {

/// A deleted node has no relationship left: not in the snapshot (nobody could add one since: its edges are locked),
/// and not among our own.
Result<void> check_deleted(Overlay& overlay, kv::Snapshot& snapshot, const OverlayNode& node, std::vector<Edge>& edges) {
  edges.clear();
  if (!node.created()) {
    PACKHOUSE_CHECK(adjacency::expand(snapshot, node.id, Direction::both, {}, edges));
    if (overlay.removes_edges()) std::erase_if(edges, [&](const Edge& e) { return overlay.deleted(e.rel); });
  }
  if (edges.empty()) overlay.append_edges(node.id, Direction::both, {}, edges);
  if (edges.empty()) return ok;
  return tl::make_unexpected(Error(Status::constraint_failed,
                                   fmt::format("Cannot delete node<{}>, because it still has relationships. To delete this node, "
                                               "you must first delete its relationships.", raw(node.id)))
                                 .with_gql("G1001"));
}

Result<void> check_deleted(Overlay& overlay, kv::Snapshot& snapshot, std::span<OverlayNode* const> nodes) {
  std::vector<Edge> edges;
  for (const OverlayNode* node : nodes) {
    if (node->now.presence == Presence::deleted) PACKHOUSE_CHECK(check_deleted(overlay, snapshot, *node, edges));
  }
  return ok;
}

Result<void> check_records(ChangedRecords changes, const Catalog& catalog, const StoreCore& core) {
  PACKHOUSE_CHECK(constraints::check_records(changes, catalog, core));
  return record_schemas::check_records(changes, catalog, core);
}
Result<void> check_records(const CommitRequest& request, const Catalog& catalog, const StoreCore& core) {
  return check_records(ChangedRecords{request.nodes, request.rels}, catalog, core);
}

/// Changed records get their bytes.
Result<void> encode(CommitRequest& request) {
  Arena& arena = request.state->overlay.arena();
  Buffer buffer;
  const auto finish = [&](OverlayRecord& record) {
    record.now.record = arena.copy(buffer.view());
    record.now.expanded = nullptr;
  };
  for (OverlayNode* node : request.nodes) {
    if (!node->exists() || !node->now.expanded) continue;
    buffer.clear();
    PACKHOUSE_CHECK(packos::encode_node(buffer, node->now.expanded->label_span(), node->now.expanded->property_span()));
    finish(*node);
  }
  for (OverlayRel* rel : request.rels) {
    if (!rel->exists() || !rel->now.expanded) continue;
    buffer.clear();
    PACKHOUSE_CHECK(packos::encode_relationship(buffer, rel->type, rel->start, rel->end, rel->now.expanded->property_span()));
    finish(*rel);
  }
  return ok;
}

void collect_records(CommitRequest& request) {
  const auto collect = [](const auto& from, auto& to) {
    to.reserve(from.size());
    for (auto* record : from) {
      if (record->changed()) to.push_back(record);
    }
    const auto id = [](const auto* record) { return raw(record->id); };
    if (!std::ranges::is_sorted(to, {}, id)) std::ranges::sort(to, {}, id);
  };
  collect(request.state->overlay.nodes(), request.nodes);
  collect(request.state->overlay.rels(), request.rels);
}

void collect_edges(CommitRequest& request) {
  for (const OverlayRel* rel : request.rels) {
    const bool was = !rel->created(), is = rel->exists();
    if (was == is) continue;
    request.edges.push_back({rel->start, Direction::out, is, {rel->type, rel->end, rel->id}});
    request.edges.push_back({rel->end, Direction::in, is, {rel->type, rel->start, rel->id}});
  }
  std::ranges::sort(request.edges, [](const EdgeChange& a, const EdgeChange& b) {
    return std::tie(a.node, a.direction, a.add, a.entry) < std::tie(b.node, b.direction, b.add, b.entry);
  });
}

void collect_changes(CommitRequest& request) {
  auto& changes = request.changes;
  changes.reserve(request.nodes.size() + request.rels.size());
  for (const OverlayNode* node : request.nodes) {
    if (node->created()) continue;  // nobody knew it
    changes.push_back(record_key(node->id));
    if (!node->exists()) changes.push_back(deletion_key(node->id));
  }
  for (const OverlayRel* rel : request.rels) {
    if (!rel->created()) changes.push_back(record_key(rel->id));
  }
  const Overlay& overlay = request.state->overlay;
  NodeId last{~std::uint64_t{0}};
  for (const EdgeChange& edge : request.edges) {
    if (edge.node == last) continue;
    last = edge.node;
    const OverlayNode* node = overlay.find(last);
    if (!node || !node->created()) changes.push_back(edges_key(last));
  }
  const auto& guards = request.state->guards;
  changes.insert(changes.end(), guards.begin(), guards.end());
  if (request.state->schema.catalog) changes.push_back(schema_key());
}

void count(CommitRequest& request) {
  const Overlay& overlay = request.state->overlay;
  request.counts.nodes(overlay.all_nodes().sum());
  request.counts.relationships(overlay.all_relationships().sum());
  overlay.for_each_label([&](LabelId id, const IdDelta& delta) { request.counts.label(id, delta.sum()); });
  overlay.for_each_type([&](TypeId id, const IdDelta& delta) { request.counts.type(id, delta.sum()); });
}

/// Entries of unique indexes are locked by their values; a change of them must be seen by who waits.
void collect_index_changes(CommitRequest& request, const Catalog& catalog) {
  for (const Constraint& constraint : catalog.schema().constraints) {
    const IndexDelta* delta = constraint.index ? request.state->overlay.index(*constraint.index) : nullptr;
    if (!delta) continue;
    delta->for_range({}, {}, [&](const IndexDelta::Entry& e) {
      request.changes.push_back(index_entry_key(e.key.first(e.key.size() - sizeof(std::uint64_t))));
      return true;
    });
  }
}

}  // namespace

Result<void> check_changes(Overlay& overlay, kv::Snapshot& snapshot, ChangedRecords changes, const Catalog& catalog,
                           const StoreCore& core) {
  PACKHOUSE_CHECK(check_deleted(overlay, snapshot, changes.nodes));
  return check_records(changes, catalog, core);
}

Result<void> prepare(CommitRequest& request, const StoreCore& core) {
  Overlay& overlay = request.state->overlay;
  const Catalog& catalog = request.catalog();
  if (request.state->schema.catalog) PACKHOUSE_CHECK(overlay.derive_again(catalog));
  else PACKHOUSE_CHECK(overlay.derive(catalog));
  overlay.for_each_fulltext_index([](IndexId, const FulltextDelta& delta) { (void)delta.terms(); });  // here, not in the committer
  PACKHOUSE_CHECK(check_deleted(overlay, *request.snapshot, overlay.nodes()));
  collect_records(request);
  PACKHOUSE_CHECK(encode(request));
  PACKHOUSE_CHECK(check_records(request, catalog, core));
  collect_edges(request);
  collect_changes(request);
  collect_index_changes(request, catalog);
  count(request);
  return ok;
}

Result<void> prepare_again(CommitRequest& request, const Catalog& latest, const StoreCore& core) {
  request.base_catalog = &latest;
  PACKHOUSE_CHECK(request.state->overlay.derive_again(latest));
  PACKHOUSE_CHECK(check_records(request, latest, core));
  collect_index_changes(request, latest);
  return ok;
}

}  // namespace packhouse::storage
