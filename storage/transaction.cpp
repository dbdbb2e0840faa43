#include "storage/transaction.hpp"

#include "storage/committer.hpp"

namespace packhouse::storage {

TransactionImpl::TransactionImpl(Store& store, StoreCore& core, Committer& committer, AccessMode mode)
    : store_(store), core_(core), committer_(committer),
      id_(core.next_transaction.fetch_add(1, std::memory_order_relaxed)), mode_(mode) {
  core_.active_transactions.fetch_add(1, std::memory_order_relaxed);
}

TransactionImpl::~TransactionImpl() {
  rollback();
  core_.active_transactions.fetch_sub(1, std::memory_order_relaxed);
}

Result<void> TransactionImpl::start() {
  PACKHOUSE_CHECK(core_.snapshots.open(snapshot_, *core_.engine, core_.last_sequence));
  sequence_ = snapshot_->sequence();
  base_catalog_ = &core_.catalogs.at(sequence_);
  return ok;
}

Result<void> TransactionImpl::reading() {
  if (over_) [[unlikely]] return fail(Status::internal, "the transaction is over");
  if (failed_) [[unlikely]] return tl::make_unexpected(*failed_);
  if (snapshot_.expired()) [[unlikely]] {
    return fail(Status::timed_out, "The transaction has been open for longer than the store keeps snapshots (max_snapshot_age).");
  }
  touched_ = touched_ || count_reads_;
  return ok;
}

Result<void> TransactionImpl::writing() {
  if (mode_ != AccessMode::write) [[unlikely]] {
    return fail(Status::access_mode, "Writing in read access mode not allowed.");
  }
  PACKHOUSE_CHECK(reading());
  if (!write_) write_ = std::make_unique<WriteState>(id_);
  if (write_->bytes() > changes_limit_) [[unlikely]] {
    return fail(Status::out_of_memory, "The transaction's changes need more memory than they may use: the limit is " +
                                           std::to_string(changes_limit_) + " bytes; commit in smaller portions");
  }
  return ok;
}

/// Brings the overlay's labels, types, indexes and counts up to date.
Result<void> TransactionImpl::derive() {
  if (!write_) return ok;
  const Catalog* now = &catalog();
  const bool again = derived_with_ && derived_with_ != now;
  derived_with_ = now;
  return again ? write_->overlay.derive_again(*now) : write_->overlay.derive(*now);
}

// ---- statements ----------------------------------------------------------------------------------------------------

void TransactionImpl::begin_statement() {
  earlier_ = earlier_ || touched_;
  touched_ = false;
  counts_ = {};
  if (!write_) {
    saved_schema_ = {};
    return;
  }
  write_->begin_statement();
  saved_schema_ = write_->schema;
}

void TransactionImpl::rollback_statement() {
  counts_ = part_counts_;
  if (!write_) return;
  write_->rollback_statement();
  write_->schema = saved_schema_;
}

Result<void> TransactionImpl::check_statement() {
  if (!write_) return ok;
  std::vector<OverlayNode*> nodes;
  std::vector<OverlayRel*> rels;
  write_->overlay.changed_by_statement(nodes, rels);
  return check_changes(write_->overlay, *snapshot_, {nodes, rels}, catalog(), core_);
}

// ---- waiting -------------------------------------------------------------------------------------------------------

Result<void> TransactionImpl::lock(RecordKey key, LockMode mode, RecordKey change) {
  auto state = core_.locks.acquire(write_->owner, key, mode, patience_);
  if (!state) [[unlikely]] return tl::make_unexpected(std::move(state).error());
  if (*state == LockState::waiting) {
    wait_ = Wait::lock;
    awaited_change_ = change;
    return fail(Status::conflict, "The record is locked by another transaction.");
  }
  if (*state == LockState::refused) return fail(Status::conflict, "The record is locked by another transaction.");
  return check_unchanged(change);
}

Result<void> TransactionImpl::check_unchanged(RecordKey change) {
  if (!core_.recent.changed_since(change, sequence_)) [[likely]] return ok;
  if (patience_ == Patience::give_up) {
    // Whoever does not wait tries again in a transaction of its own.
  } else if (restartable()) {
    wait_ = Wait::restart;
  } else {
    core_.conflicts.fetch_add(1, std::memory_order_relaxed);
  }
  return fail(Status::conflict, "The record was changed by another transaction since this one began; run the transaction again.");
}

void TransactionImpl::on_wake(std::function<void()> wake) {
  switch (wait_) {
    case Wait::lock: return core_.locks.on_wake(write_->owner, std::move(wake));
    case Wait::part: return wait_for_part(std::move(wake));
    case Wait::none:
    case Wait::restart: return wake();
  }
}

Result<void> TransactionImpl::resume_after_wait() {
  const Wait was = std::exchange(wait_, Wait::none);
  if (was == Wait::part) return resume_part();
  if (over_ || was == Wait::none) return fail(Status::lock_client_stopped, "The transaction does not wait for a lock any more.");
  if (was == Wait::lock && core_.locks.waiting(write_->owner)) {
    wait_ = was;
    return fail(Status::internal, "the awaited lock was not granted yet");
  }
  if (!restartable()) return check_unchanged(awaited_change_);
  // Nothing was read that a newer snapshot could contradict. Only the locks stay.
  write_->forget();
  virtual_.reset();
  derived_with_ = nullptr;
  saved_schema_ = {};
  touched_ = false;
  return start();
}

void TransactionImpl::cancel_wait() {
  if (wait_ == Wait::lock) core_.locks.cancel(write_->owner);
  if (wait_ == Wait::part) forget_part();
  wait_ = Wait::none;
}

// ---- the end -------------------------------------------------------------------------------------------------------

void TransactionImpl::end() {
  over_ = true;
  wait_ = Wait::none;
  if (write_) core_.locks.release_all(write_->owner);
  write_.reset();
  virtual_.reset();
  saved_schema_ = {};
  snapshot_.close();
}

void TransactionImpl::rollback() {
  if (!over_) end();
}

void TransactionImpl::commit(std::function<void(Result<std::uint64_t>)> done) {
  if (over_) return done(fail(Status::internal, "the transaction is over"));
  if (failed_) {
    const Error error = *failed_;
    end();
    return done(tl::make_unexpected(error));
  }
  if (!write_ || write_->empty()) {
    const std::uint64_t sequence = sequence_;
    end();
    return done(sequence);
  }
  auto request = std::make_unique<CommitRequest>();
  request->state = std::move(write_);
  request->base_catalog = base_catalog_;
  request->done = std::move(done);
  snapshot_.hand_over(request->snapshot);
  end();
  if (auto ready = prepare(*request, core_); !ready) {
    core_.locks.release_all(request->state->owner);
    return request->done(tl::make_unexpected(std::move(ready).error()));
  }
  committer_.submit(std::move(request));
}

}  // namespace packhouse::storage
