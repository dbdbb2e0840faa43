#include "storage/locks.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

namespace packhouse::storage {

/// Who has one record and who wants it. Exists only while somebody does.
struct LockManager::Lock {
  struct Waiter {
    LockOwner* owner;
    LockMode mode;
  };
  LockMode mode = LockMode::shared;  // of the holders
  boost::container::small_vector<LockOwner*, 2> holders;
  std::unique_ptr<std::deque<Waiter>> queue;

  bool held_by(const LockOwner& owner) const { return std::ranges::find(holders, &owner) != holders.end(); }
  bool anyone_waits() const { return queue && !queue->empty(); }

  /// Whether `owner` could hold it in `mode` beside the present holders.
  bool compatible(const LockOwner& owner, LockMode wanted) const {
    if (holders.empty() || (holders.size() == 1 && holders[0] == &owner)) return true;
    return wanted == LockMode::shared && mode == LockMode::shared;
  }
};

struct LockManager::Table {
  boost::unordered_flat_map<RecordKey, Lock, RecordKeyHash> locks;
};

/// Callbacks to run once the mutex is free.
struct LockManager::Woken {
  boost::container::small_vector<std::function<void()>, 2> calls;
  void add(LockOwner& owner) {
    owner.waiting_ = false;
    if (owner.wake_) calls.push_back(std::exchange(owner.wake_, nullptr));
  }
  void run() const {
    for (const auto& call : calls) call();
  }
};

LockManager::LockManager() : table_(std::make_unique<Table>()) {}
LockManager::~LockManager() = default;

namespace {

/// Gives the lock to those in front of the queue who can have it now.
template <class Lock, class Woken>
void grant(Lock& lock, RecordKey key, Woken& woken, std::vector<RecordKey> LockOwner::*held) {
  while (lock.anyone_waits()) {
    const auto [owner, mode] = lock.queue->front();
    if (!lock.compatible(*owner, mode)) return;
    lock.queue->pop_front();
    if (!lock.held_by(*owner)) {
      lock.holders.push_back(owner);
      (owner->*held).push_back(key);
    }
    lock.mode = mode;
    woken.add(*owner);
  }
}

}  // namespace

Result<LockState> LockManager::acquire(LockOwner& owner, RecordKey key, LockMode mode, Patience patience) {
  const std::lock_guard guard(mutex_);
  if (owner.waiting_) return fail(Status::internal, "a transaction that waits for a lock asks for another one");
  Lock& lock = table_->locks[key];
  const bool held = lock.held_by(owner);
  if (held && (mode == LockMode::shared || lock.mode == LockMode::exclusive)) return LockState::granted;
  if (lock.compatible(owner, mode) && (held || !lock.anyone_waits())) {
    lock.mode = mode;
    if (!held) {
      lock.holders.push_back(&owner);
      owner.held_.push_back(key);
    }
    return LockState::granted;
  }

  if (patience == Patience::give_up) return LockState::refused;
  if (!lock.queue) lock.queue = std::make_unique<std::deque<Lock::Waiter>>();
  if (held) {
    lock.queue->push_front({&owner, mode});  // nobody else can go on before it does
  } else {
    lock.queue->push_back({&owner, mode});
  }
  owner.waiting_ = true;
  owner.awaited_ = key;
  if (closes_circle(owner)) {
    ++deadlocks_;
    Woken woken;
    leave_queue(owner, woken);  // as before the call: nobody gets a turn by this
    return fail(Status::deadlock, "transaction " + std::to_string(owner.id()) +
                                      " can't wait for a lock whose holder waits for this transaction; try it again");
  }
  return LockState::waiting;
}

/// Depth-first along "waits for": a waiter waits for the holders and for those before it in the queue with whom it
/// can't share. Only a new waiter can close a circle, so looking when one comes is enough.
bool LockManager::closes_circle(LockOwner& start) {
  const std::uint64_t search = ++searches_;
  std::vector<LockOwner*> open{&start};
  while (!open.empty()) {
    LockOwner* const owner = open.back();
    open.pop_back();
    const Lock& lock = table_->locks.find(owner->awaited_)->second;
    bool found = false;
    const auto visit = [&](LockOwner* other) {
      if (other == owner) return;
      if (other == &start) found = true;
      if (other->visited_ == search || !other->waiting_) return;
      other->visited_ = search;
      open.push_back(other);
    };
    const auto self = std::ranges::find(*lock.queue, owner, &Lock::Waiter::owner);
    if (self->mode == LockMode::exclusive || lock.mode == LockMode::exclusive) std::ranges::for_each(lock.holders, visit);
    for (auto ahead = lock.queue->begin(); ahead != self; ++ahead) {
      if (self->mode == LockMode::exclusive || ahead->mode == LockMode::exclusive) visit(ahead->owner);
    }
    if (found) return true;
  }
  return false;
}

/// Takes a waiting owner out of its queue; those behind it may now have their turn.
void LockManager::leave_queue(LockOwner& owner, Woken& woken) {
  const auto at = table_->locks.find(owner.awaited_);
  Lock& lock = at->second;
  std::erase_if(*lock.queue, [&](const Lock::Waiter& w) { return w.owner == &owner; });
  woken.add(owner);
  grant(lock, owner.awaited_, woken, &LockOwner::held_);
  if (lock.holders.empty()) table_->locks.erase(at);
}

bool LockManager::waiting(const LockOwner& owner) const {
  const std::lock_guard guard(mutex_);
  return owner.waiting_;
}

RecordKey LockManager::awaited(const LockOwner& owner) const {
  const std::lock_guard guard(mutex_);
  return owner.awaited_;
}

void LockManager::on_wake(LockOwner& owner, std::function<void()> wake) {
  {
    const std::lock_guard guard(mutex_);
    if (owner.waiting_) {
      owner.wake_ = std::move(wake);
      return;
    }
  }
  wake();
}

void LockManager::cancel(LockOwner& owner) {
  Woken woken;
  {
    const std::lock_guard guard(mutex_);
    if (owner.waiting_) leave_queue(owner, woken);
  }
  woken.run();
}

void LockManager::release_all(LockOwner& owner) {
  Woken woken;
  {
    const std::lock_guard guard(mutex_);
    if (owner.waiting_) leave_queue(owner, woken);
    for (const RecordKey key : owner.held_) {
      const auto at = table_->locks.find(key);
      Lock& lock = at->second;
      lock.holders.erase(std::ranges::find(lock.holders, &owner));
      if (lock.anyone_waits()) grant(lock, key, woken, &LockOwner::held_);
      if (lock.holders.empty()) table_->locks.erase(at);
    }
    owner.held_.clear();
  }
  woken.run();
}

std::size_t LockManager::size() const {
  const std::lock_guard guard(mutex_);
  return table_->locks.size();
}

std::uint64_t LockManager::deadlocks() const {
  const std::lock_guard guard(mutex_);
  return deadlocks_;
}

}  // namespace packhouse::storage
