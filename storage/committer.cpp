#include "storage/committer.hpp"

#include <algorithm>

#include "storage/commit_write.hpp"
#include "storage/store_meta.hpp"
#include "storage/unique.hpp"

namespace packhouse::storage {
namespace {
constexpr std::size_t largest_group = 1024;
constexpr std::chrono::microseconds longest_gathering{1000};
}

Result<void> Committer::start() {
  written_node_ = core_.next_node;
  written_relationship_ = core_.next_relationship;
  written_rule_ = core_.next_schema_rule;
  written_id_ = core_.next_id;
  PACKHOUSE_CHECK(find_orphans());
  thread_ = std::thread([this] { run(); });
  return ok;
}

void Committer::submit(Request request) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) {
      queue_.push_back(std::move(request));
      if (queue_.size() == 1 || queue_.size() == expected_) changed_.notify_one();
      return;
    }
  }
  answer(std::move(request), fail(Status::database_unavailable, "The database is closing."));
}

void Committer::close() {
  stage_.close();  // first: what was accepted is written, and nobody waits for what isn't
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

Committer::Clock::duration Committer::patience() const {
  using std::chrono::milliseconds;
  const auto tick = std::clamp<Clock::duration>(core_.options.max_snapshot_age / 8, milliseconds(10), milliseconds(30'000));
  if (!unsynced_since_) return tick;
  const auto left = *unsynced_since_ + core_.options.sync_interval - Clock::now();
  return std::clamp<Clock::duration>(left, milliseconds(0), tick);
}

std::vector<Committer::Request> Committer::take() {
  std::vector<Request> group;
  std::unique_lock lock(mutex_);
  const auto waited_for = [&] { return closing_ || !queue_.empty() || !stage_.empty(); };
  if (!removal_due()) changed_.wait_for(lock, patience(), waited_for);
  // The first of the clients just answered is back: a sync of its own for it would keep the others waiting for two.
  if (core_.options.sync && !queue_.empty() && queue_.size() < expected_) {
    const auto patient = std::min<Clock::duration>(last_write_ / 4, longest_gathering);
    changed_.wait_for(lock, patient, [&] { return closing_ || queue_.size() >= expected_; });
  }
  while (!queue_.empty() && group.size() < largest_group) {
    // A schema command needs the state before it as a snapshot: it gets a batch of its own.
    const bool alone = queue_.front()->state->schema.catalog != nullptr;
    if (alone && !group.empty()) break;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (alone) break;
  }
  return group;
}

void Committer::run() {
  for (;;) {
    auto group = take();
    process_stage();  // first: whoever commits may have written ahead
    if (!group.empty()) process(std::move(group));
    core_.snapshots.expire(core_.options.max_snapshot_age);
    sync_if_due(false);
    const std::lock_guard lock(mutex_);
    if (closing_ && queue_.empty() && stage_.empty()) break;
  }
  sync_if_due(true);
}

void Committer::sync_if_due(bool now) {
  if (!unsynced_since_ || (!now && Clock::now() < *unsynced_since_ + core_.options.sync_interval)) return;
  unsynced_since_.reset();
  if (auto synced = core_.engine->sync(); !synced) sync_error_ = std::move(synced).error();
}

void Committer::answer(Request request, Result<std::uint64_t> result) {
  if (!result && result.error().status() == Status::conflict) ++core_.conflicts;
  core_.locks.release_all(request->state->owner);
  const auto done = std::move(request->done);
  request.reset();
  done(std::move(result));
}

/// What may have changed since prepare(): only the schema. Everything else is locked.
Result<void> Committer::check(CommitRequest& request, kv::Batch& batch) {
  if (request.state->blobs) PACKHOUSE_CHECK(request.state->blobs->check());
  const Catalog& latest = core_.catalogs.latest();
  const bool outdated = request.base_catalog != &latest;
  const bool own_schema = request.state->schema.catalog != nullptr;
  if (!outdated && !own_schema) return ok;
  if (outdated && own_schema) return fail(Status::conflict, "The schema was changed by another transaction; run the transaction again.");
  if (outdated) PACKHOUSE_CHECK(prepare_again(request, latest, core_));
  const Overlay& overlay = request.state->overlay;
  for (const Constraint& constraint : request.catalog().schema().constraints) {
    const IndexDelta* delta = constraint.index ? overlay.index(*constraint.index) : nullptr;
    if (!delta) continue;
    unique::Search search(batch, overlay, constraint, core_);
    Result<void> result = ok;
    delta->for_range({}, {}, [&](const IndexDelta::Entry& e) {
      if (e.net > 0) result = search.check(e.key);
      return result.has_value();
    });
    PACKHOUSE_CHECK(result);
  }
  return ok;
}

Result<void> Committer::write_shared(kv::Batch& batch, const CountDelta& counts) {
  PACKHOUSE_TRY(labels_written_, core_.labels.write(batch));
  PACKHOUSE_TRY(types_written_, core_.types.write(batch));
  PACKHOUSE_TRY(keys_written_, core_.property_keys.write(batch));
  PACKHOUSE_CHECK(write_ids(batch));
  return Counts::write(batch, counts);
}

Result<void> Committer::write_ids(kv::Batch& batch) {
  const auto mark = [&](std::string_view name, std::uint64_t now, std::uint64_t written) -> Result<void> {
    return now == written ? Result<void>() : meta::put(batch, name, now);
  };
  const std::uint64_t node = core_.next_node, relationship = core_.next_relationship, rule = core_.next_schema_rule, id = core_.next_id;
  PACKHOUSE_CHECK(mark(meta::next_node, node, written_node_));
  PACKHOUSE_CHECK(mark(meta::next_relationship, relationship, written_relationship_));
  PACKHOUSE_CHECK(mark(meta::next_schema_rule, rule, written_rule_));
  PACKHOUSE_CHECK(mark(meta::next_id, id, written_id_));
  written_node_ = node;
  written_relationship_ = relationship;
  written_rule_ = rule;
  written_id_ = id;
  return ok;
}

Result<void> Committer::write_group(std::vector<Request>& group, std::uint64_t sequence, CatalogPtr& published) {
  PACKHOUSE_TRY(const auto batch, core_.engine->begin_batch());
  CountDelta counts;
  std::vector<RecordKey> changes;
  for (Request& request : group) {
    auto checked = check(*request, *batch);
    if (checked && request->state->schema.catalog) {
      PACKHOUSE_TRY(const auto base, core_.engine->snapshot());
      checked = write_schema(*request, *base, *batch, core_);
    }
    if (!checked) {
      if (request->state->schema.catalog) return checked;  // alone in its batch, which may hold half of it
      answer(std::move(request), tl::make_unexpected(std::move(checked).error()));
      continue;
    }
    PACKHOUSE_CHECK(write_changes(*request, *batch));
    counts.merge(request->counts);
    changes.insert(changes.end(), request->changes.begin(), request->changes.end());
    if (request->state->schema.catalog) published = request->state->schema.catalog;
  }
  std::erase_if(group, [](const Request& r) { return !r; });
  if (group.empty()) return ok;
  PACKHOUSE_CHECK(write_shared(*batch, counts));
  if (published) {
    published = meta::as_online(*published);
    core_.catalogs.publish(sequence, published);
  }
  for (const Request& request : group) {
    core_.node_cache.note(sequence, request->nodes);
    core_.vectors.note(sequence, request->state->overlay);
  }
  auto committed = batch->commit(sequence, core_.options.sync);
  if (!committed && published) core_.catalogs.retract();
  // Only now: what a failed commit said would look like a change for ever. Nobody can miss it, because who asks about
  // a record has locked it, and we hold these locks still.
  if (committed) core_.recent.record(sequence, changes);
  if (committed && published) core_.vectors.adopt(published->schema());
  if (committed) core_.vectors.published();
  return committed;
}

void Committer::process(std::vector<Request> group) {
  const std::uint64_t sequence = core_.last_sequence + 1;
  CatalogPtr published;
  const auto began = Clock::now();
  auto written = sync_error_ ? Result<void>(tl::make_unexpected(*sync_error_)) : write_group(group, sequence, published);
  if (!written) {
    written_node_ = written_relationship_ = written_rule_ = written_id_ = 0;  // unknown: write them again
    for (Request& request : group) {
      if (request) answer(std::move(request), tl::make_unexpected(written.error()));
    }
    return;
  }
  if (group.empty()) return;
  if (!core_.options.sync && !unsynced_since_) unsynced_since_ = Clock::now();
  core_.labels.mark_persisted(labels_written_);
  core_.types.mark_persisted(types_written_);
  core_.property_keys.mark_persisted(keys_written_);
  if (published) core_.schema_version = published->version();
  core_.last_sequence.store(sequence, std::memory_order_release);
  core_.commits += group.size();
  for (const Request& request : group) {
    if (request->state->blobs) request->state->blobs->committed(removing_);
  }
  last_write_ = Clock::now() - began;
  {
    const std::lock_guard lock(mutex_);
    expected_ = std::min(group.size() + queue_.size(), largest_group);
  }
  for (Request& request : group) answer(std::move(request), sequence);
  core_.recent.prune(core_.snapshots.oldest_sequence(sequence));
}

}  // namespace packhouse::storage
