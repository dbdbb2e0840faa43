#include "storage/vector/tracked_index.hpp"

#include <algorithm>

#include "storage/keys.hpp"

namespace packhouse::storage {
namespace {
/// The graph looks at no fewer candidates than this: with fewer it misses too many. Graphs that are allowed to be small
/// need less.
std::size_t least_effort(const StoreOptions& options) {
  return std::clamp<std::size_t>(options.vector_graph_from / 8, 8, 128);
}
/// Asking for more than this part of the graph costs as much as comparing everything.
constexpr std::size_t largest_part = 8;
}  // namespace

TrackedVectorIndex::~TrackedVectorIndex() {
  upkeep_.graph_bytes -= accounted_;
}

// ---- the committer -------------------------------------------------------------------------------------------------

void TrackedVectorIndex::note(std::uint64_t sequence, const VectorDelta& delta) {
  const std::lock_guard lock(log_mutex_);
  if (phase_ == Phase::too_large) return;
  delta.for_each([&](std::uint64_t, const VectorDelta::Change& c) { entries_ += c.net; });
  if (phase_ == Phase::exact) {
    if (entries_ < static_cast<std::int64_t>(upkeep_.options.vector_graph_from)) return;
    // Others of the same commit came before this one, and were not noted: the graph is built when they can be read.
    phase_ = Phase::building;
    logged_from_ = sequence;
  }
  delta.for_each([&](std::uint64_t entity, const VectorDelta::Change&) { pending_[entity] = sequence; });
}

// ---- queries -------------------------------------------------------------------------------------------------------

bool TrackedVectorIndex::collect_changed(std::uint64_t sequence, std::size_t most, GraphAnswer& out) {
  const std::lock_guard lock(log_mutex_);
  if (phase_ != Phase::graph || sequence < logged_from_) return false;
  if (pending_.size() > most) return false;
  for (const auto& [entity, changed] : pending_) out.changed.insert(entity);
  if (sequence >= newest_applied_) return true;
  for (const auto& [entity, changed] : applied_) {
    if (changed > sequence) out.changed.insert(entity);
    if (out.changed.size() > most) return false;
  }
  return true;
}

bool TrackedVectorIndex::find(const GraphQuery& query, GraphAnswer& out) {
  // The log is read under the graph's lock: what gets into the graph later was noted before its commit, but what was in
  // it already is told by the log.
  const auto reading = graph_lock_.shared();
  if (!graph_ || graph_->dimensions() != query.wanted.size()) return false;
  const std::size_t all = graph_->size() + graph_->deleted();
  if (!collect_changed(query.sequence, std::max<std::size_t>(256, all / 32), out)) return false;
  for (std::size_t effort = std::max(query.limit, least_effort(upkeep_.options) / 2) * 2; effort < all / largest_part;
       effort *= 2) {
    // No memory for searching in the graph is no reason to fail: the exact search needs none.
    if (!graph_->search(query.wanted, effort, out.nearest)) return false;
    std::erase_if(out.nearest, [&](const VectorCandidate& c) {
      return out.changed.contains(c.entity) || (query.own && query.own->find(c.entity));
    });
    if (out.nearest.size() >= query.limit) return true;
  }
  return false;
}

VectorIndexStatistics TrackedVectorIndex::statistics() {
  VectorIndexStatistics s;
  const auto reading = graph_lock_.shared();
  if (graph_) s.in_graph = graph_->size(), s.deleted = graph_->deleted(), s.graph_bytes = graph_->bytes();
  const std::lock_guard lock(log_mutex_);
  s.phase = phase_;
  s.pending = pending_.size();
  return s;
}

// ---- upkeep --------------------------------------------------------------------------------------------------------

TrackedVectorIndex::Phase TrackedVectorIndex::phase() {
  const std::lock_guard lock(log_mutex_);
  return phase_;
}

void TrackedVectorIndex::maintain() {
  while (!stopped()) {
    Result<bool> going_on = false;
    switch (phase()) {
      case Phase::exact:
      case Phase::too_large: return;
      case Phase::counting: going_on = count(); break;
      case Phase::building: going_on = build(); break;
      case Phase::graph:
        going_on = apply();
        if (going_on) prune();
        if (going_on && worn_out()) going_on = build();
        break;
    }
    // No memory, or an engine that can't be read, which says so to every query too. Without a graph these don't depend
    // on us.
    if (!going_on && !stopped()) remove_graph(Phase::too_large);
    if (!going_on || !*going_on) return;
  }
}

Result<bool> TrackedVectorIndex::count() {
  PACKHOUSE_TRY(const auto snapshot, upkeep_.engine.snapshot());
  const auto range = keys::vector_entries(id_);
  PACKHOUSE_TRY(const auto scan, snapshot->scan(range.low, range.high));
  std::array<kv::Entry, 256> batch;
  std::uint64_t n = 0;
  while (n < upkeep_.options.vector_graph_from) {
    PACKHOUSE_TRY(const std::size_t got, scan->next(batch));
    if (got == 0) break;
    n += got;
  }
  const std::lock_guard lock(log_mutex_);
  entries_ += static_cast<std::int64_t>(n);
  if (entries_ >= static_cast<std::int64_t>(upkeep_.options.vector_graph_from)) {
    phase_ = Phase::building;
    return true;
  }
  phase_ = Phase::exact;
  pending_.clear();
  return false;
}

Bytes TrackedVectorIndex::Entries::of(std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : ends[i - 1];
  return Bytes(elements).subspan(begin, ends[i] - begin);
}

/// Copies the next entries from `from` on, which moves behind them: no snapshot is held while the graph grows.
Result<void> TrackedVectorIndex::read_chunk(keys::SmallKey& from, Entries& out) {
  constexpr std::size_t most = 512;
  out.clear();
  PACKHOUSE_TRY(const auto snapshot, upkeep_.engine.snapshot());
  PACKHOUSE_TRY(const auto scan, snapshot->scan(from, keys::vector_entries(id_).high));
  std::array<kv::Entry, 64> batch;
  while (out.ids.size() < most) {
    PACKHOUSE_TRY(const std::size_t got, scan->next(batch));
    if (got == 0) break;
    for (std::size_t i = 0; i < got; ++i) {
      out.ids.push_back(keys::last_id(batch[i].key));
      out.elements.insert(out.elements.end(), batch[i].value.begin(), batch[i].value.end());
      out.ends.push_back(out.elements.size());
    }
  }
  if (!out.ids.empty()) from = keys::vector_entry(id_, out.ids.back() + 1);
  return ok;
}

/// Out_of_memory unless the graphs of this index may take so many bytes.
Result<void> TrackedVectorIndex::room_for(std::uint64_t bytes) const {
  const std::uint64_t most = upkeep_.options.vector_graph_memory, all = upkeep_.graph_bytes - accounted_ + bytes;
  if (all <= most) return ok;
  return fail(Status::out_of_memory, "the graphs of the vector indexes would need " + std::to_string(all) + " bytes, and may have " +
                                         std::to_string(most));
}

/// Room for a graph of so many bytes beside the old one, which answers until the new one is there; unless there is no
/// room for both, then it goes at once.
Result<void> TrackedVectorIndex::make_room(std::uint64_t bytes) {
  if (graph_ && room_for(graph_->bytes() + bytes)) return ok;
  if (graph_) remove_graph(Phase::building);
  return room_for(bytes);
}

/// What changes from here on is in the log, so the pieces may be read from different snapshots. False when there is
/// nothing to go on with before the next commit.
Result<bool> TrackedVectorIndex::build() {
  {
    PACKHOUSE_TRY(const auto now, upkeep_.engine.snapshot());
    const std::lock_guard lock(log_mutex_);
    if (now->sequence() < logged_from_) return false;
  }
  const std::uint64_t expected = graph_ ? graph_->size() + 1 : upkeep_.options.vector_graph_from;
  std::unique_ptr<VectorGraph> fresh;
  keys::SmallKey from = keys::vector_entries(id_).low;
  Entries entries;
  for (;;) {
    PACKHOUSE_CHECK(read_chunk(from, entries));
    if (entries.ids.empty()) break;
    for (std::size_t i = 0; i < entries.ids.size() && !stopped(); ++i) {
      if (!fresh) {
        // Without dimensions in its definition the index has a graph for those of its first entry; others are searched
        // exactly.
        const auto dimensions =
            config_.dimensions ? config_.dimensions : static_cast<std::uint32_t>(entries.of(i).size() / sizeof(float));
        PACKHOUSE_CHECK(make_room(VectorGraph::bytes_for(config_, dimensions, expected)));
        PACKHOUSE_TRY(fresh, VectorGraph::make(config_, dimensions, expected));
      }
      PACKHOUSE_CHECK(make_room(fresh->bytes_with(entries.ids[i], entries.of(i))));
      PACKHOUSE_CHECK(fresh->put(entries.ids[i], entries.of(i)));
    }
    if (stopped()) return false;
  }
  return install(std::move(fresh));
}

bool TrackedVectorIndex::install(std::unique_ptr<VectorGraph> graph) {
  if (!graph) return remove_graph(Phase::exact);
  {
    const auto writing = graph_lock_.exclusive();
    graph_.swap(graph);
    const std::lock_guard lock(log_mutex_);
    phase_ = Phase::graph;
  }
  account();
  return true;
}

/// False when it stays, because commits are on their way that may make the index large again: they are noted already,
/// and would not be counted.
bool TrackedVectorIndex::remove_graph(Phase next) {
  std::unique_ptr<VectorGraph> old;
  {
    const auto writing = graph_lock_.exclusive();
    const std::lock_guard lock(log_mutex_);
    if (next == Phase::exact && !pending_.empty()) return false;
    graph_.swap(old);
    phase_ = next;
    if (next != Phase::building) {
      entries_ = old ? static_cast<std::int64_t>(old->size()) : 0;
      pending_.clear();
      applied_.clear();
      newest_applied_ = 0;
    }
  }
  account();
  return true;
}

void TrackedVectorIndex::account() {
  const std::uint64_t now = graph_ ? graph_->bytes() : 0;
  upkeep_.graph_bytes += now - accounted_;
  accounted_ = now;
}

/// Whether anything was done; what is not committed yet waits.
Result<bool> TrackedVectorIndex::apply() {
  std::vector<std::uint64_t> todo;
  {
    const std::lock_guard lock(log_mutex_);
    todo.reserve(pending_.size());
    for (const auto& [entity, changed] : pending_) todo.push_back(entity);
  }
  constexpr std::size_t most = 128;
  bool some = false;
  for (std::size_t i = 0; i < todo.size() && !stopped(); i += most) {
    PACKHOUSE_TRY(const bool any, apply_some(std::span(todo).subspan(i, std::min(most, todo.size() - i))));
    some = some || any;
    account();
  }
  return some;
}

Result<bool> TrackedVectorIndex::apply_some(std::span<const std::uint64_t> entities) {
  PACKHOUSE_TRY(const auto snapshot, upkeep_.engine.snapshot());
  const std::uint64_t sequence = snapshot->sequence();
  std::vector<std::uint64_t> visible;
  {
    const std::lock_guard lock(log_mutex_);
    for (const std::uint64_t entity : entities) {
      const auto it = pending_.find(entity);
      if (it != pending_.end() && it->second <= sequence) visible.push_back(entity);
    }
  }
  for (const std::uint64_t entity : visible) {
    if (stopped()) return false;
    PACKHOUSE_TRY(const auto elements, snapshot->get(keys::vector_entry(id_, entity)));
    if (elements) PACKHOUSE_CHECK(room_for(graph_->bytes_with(entity, *elements)));
    const auto writing = graph_lock_.exclusive();
    if (elements)
      PACKHOUSE_CHECK(graph_->put(entity, *elements));
    else
      graph_->erase(entity);
  }
  const std::lock_guard lock(log_mutex_);
  for (const std::uint64_t entity : visible) {
    const auto it = pending_.find(entity);
    if (it->second > sequence) continue;  // changed again meanwhile
    applied_[entity] = it->second;
    newest_applied_ = std::max(newest_applied_, it->second);
    pending_.erase(it);
  }
  return !visible.empty();
}

/// Forgets changes that every snapshot shows.
void TrackedVectorIndex::prune() {
  const std::uint64_t oldest = upkeep_.snapshots.oldest_sequence(upkeep_.last_sequence);
  const std::lock_guard lock(log_mutex_);
  erase_if(applied_, [&](const auto& entry) { return entry.second <= oldest; });
}

bool TrackedVectorIndex::to_prune() {
  const std::lock_guard lock(log_mutex_);
  return phase_ == Phase::graph && !applied_.empty();
}

/// Too much deleted, or nearly empty. Then the graph is built anew, or given up.
bool TrackedVectorIndex::worn_out() {
  if (!graph_ || phase() != Phase::graph) return false;
  if (graph_->size() < upkeep_.options.vector_graph_from / 2) {
    remove_graph(Phase::exact);
    return false;
  }
  return graph_->deleted() > 1000 && graph_->deleted() > graph_->size() / 2;
}

}  // namespace packhouse::storage
