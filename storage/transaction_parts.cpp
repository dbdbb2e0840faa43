#include <mutex>

#include "storage/transaction.hpp"

namespace packhouse::storage {

/// How the commit of a part ended, once it has; shared by the committer and by whoever waits for it.
struct TransactionImpl::PartCommit {
  std::mutex mutex;
  std::optional<Result<std::uint64_t>> outcome;
  std::function<void()> wake;

  void finish(Result<std::uint64_t> how) {
    std::function<void()> call;
    {
      const std::scoped_lock lock(mutex);
      outcome = std::move(how);
      call.swap(wake);
    }
    if (call) call();
  }
  void on_wake(std::function<void()> call) {
    {
      const std::scoped_lock lock(mutex);
      if (!outcome) {
        wake = std::move(call);
        return;
      }
    }
    call();
  }
  void cancel() {
    const std::scoped_lock lock(mutex);
    wake = nullptr;
  }
};

std::uint64_t TransactionImpl::begin_part() {
  touched_ = earlier_ = false;
  begin_statement();
  counts_ = part_counts_;
  return core_.next_transaction.fetch_add(1, std::memory_order_relaxed);
}

void TransactionImpl::commit_part() {
  auto part = std::make_shared<PartCommit>();
  commit([part](Result<std::uint64_t> outcome) { part->finish(std::move(outcome)); });
  part_ = std::move(part);
  wait_ = Wait::part;
}

/// The part is on disk, or nothing of it is: either way the next one sees the store as it is now.
Result<void> TransactionImpl::resume_part() {
  std::optional<Result<std::uint64_t>> outcome;
  {
    const std::scoped_lock lock(part_->mutex);
    outcome = std::move(part_->outcome);
  }
  if (!outcome) {  // woken for another reason: the wait goes on
    wait_ = Wait::part;
    return fail(Status::internal, "the part is not committed yet");
  }
  part_.reset();
  if (*outcome) part_counts_ = counts_;
  PACKHOUSE_CHECK(reopen());
  if (!*outcome) return tl::make_unexpected(std::move(*outcome).error());
  return ok;
}

Result<void> TransactionImpl::rollback_part() {
  if (!over_) end();
  return reopen();
}

Result<void> TransactionImpl::reopen() {
  over_ = touched_ = earlier_ = false;
  failed_.reset();
  derived_with_ = nullptr;
  counts_ = part_counts_;
  return start();
}

void TransactionImpl::wait_for_part(std::function<void()> wake) { part_->on_wake(std::move(wake)); }
void TransactionImpl::forget_part() { std::exchange(part_, nullptr)->cancel(); }

}  // namespace packhouse::storage
