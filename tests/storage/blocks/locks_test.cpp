#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <random>
#include <thread>

#include "storage/locks.hpp"

namespace packhouse::storage {
namespace {

using enum LockMode;

RecordKey key(std::uint64_t n) { return record_key(NodeId{n}); }

/// The answer of acquire() in a word.
std::string take(LockManager& locks, LockOwner& owner, std::uint64_t record, LockMode mode) {
  const auto state = locks.acquire(owner, key(record), mode);
  if (!state) return state.error().status() == Status::deadlock ? "deadlock" : "error";
  return *state == LockState::granted ? "granted" : "waiting";
}

struct Three {
  LockManager locks;
  LockOwner a{1}, b{2}, c{3};
  ~Three() {
    for (LockOwner* owner : {&a, &b, &c}) locks.release_all(*owner);
    CHECK(locks.size() == 0);
  }
};

TEST_CASE("shared locks are shared, exclusive ones are not") {
  Three t;
  CHECK(take(t.locks, t.a, 1, shared) == "granted");
  CHECK(take(t.locks, t.b, 1, shared) == "granted");
  CHECK(take(t.locks, t.a, 2, exclusive) == "granted");
  CHECK(take(t.locks, t.a, 2, exclusive) == "granted");
  CHECK(take(t.locks, t.a, 2, shared) == "granted");  // less than what is held
  CHECK(take(t.locks, t.b, 2, shared) == "waiting");
  CHECK(t.locks.waiting(t.b));
  CHECK(t.locks.awaited(t.b) == key(2));
  CHECK(take(t.locks, t.b, 3, shared) == "error");  // one wait at a time
  CHECK(take(t.locks, t.c, 3, exclusive) == "granted");
  t.locks.release_all(t.a);
  CHECK(!t.locks.waiting(t.b));
  CHECK(take(t.locks, t.b, 2, shared) == "granted");
  CHECK(take(t.locks, t.c, 2, exclusive) == "waiting");
}

TEST_CASE("who does not wait is refused, and nobody can tell that it asked") {
  Three t;
  CHECK(take(t.locks, t.a, 1, exclusive) == "granted");
  CHECK(take(t.locks, t.b, 2, exclusive) == "granted");
  CHECK(t.locks.acquire(t.a, key(2), exclusive, Patience::give_up) == LockState::refused);
  CHECK(t.locks.acquire(t.a, key(3), exclusive, Patience::give_up) == LockState::granted);
  CHECK(t.locks.acquire(t.a, key(3), shared, Patience::give_up) == LockState::granted);
  CHECK_FALSE(t.locks.waiting(t.a));
  CHECK(take(t.locks, t.b, 1, exclusive) == "waiting");  // a circle, had the other one queued
  CHECK(t.locks.acquire(t.a, key(2), shared, Patience::give_up) == LockState::refused);
  CHECK(t.locks.deadlocks() == 0);
}

TEST_CASE("first come, first served: readers don't overtake a waiting writer") {
  Three t;
  std::vector<char> order;
  CHECK(take(t.locks, t.a, 1, shared) == "granted");
  CHECK(take(t.locks, t.b, 1, exclusive) == "waiting");
  CHECK(take(t.locks, t.c, 1, shared) == "waiting");
  t.locks.on_wake(t.b, [&] { order.push_back('b'); });
  t.locks.on_wake(t.c, [&] { order.push_back('c'); });
  t.locks.release_all(t.a);
  CHECK(order == std::vector<char>{'b'});
  t.locks.release_all(t.b);
  CHECK(order == std::vector<char>{'b', 'c'});
  t.locks.on_wake(t.c, [&] { order.push_back('!'); });  // granted before: called at once
  CHECK(order.size() == 3);
}

TEST_CASE("an upgrade goes before those who wait") {
  Three t;
  CHECK(take(t.locks, t.a, 1, shared) == "granted");
  CHECK(take(t.locks, t.b, 1, shared) == "granted");
  CHECK(take(t.locks, t.c, 1, exclusive) == "waiting");
  CHECK(take(t.locks, t.a, 1, exclusive) == "waiting");
  t.locks.release_all(t.b);
  CHECK(!t.locks.waiting(t.a));
  CHECK(t.locks.waiting(t.c));
  CHECK(take(t.locks, t.a, 1, exclusive) == "granted");
  t.locks.release_all(t.a);
  CHECK(!t.locks.waiting(t.c));
}

TEST_CASE("a lone holder upgrades at once, even with a queue") {
  Three t;
  CHECK(take(t.locks, t.a, 1, shared) == "granted");
  CHECK(take(t.locks, t.b, 1, exclusive) == "waiting");
  CHECK(take(t.locks, t.a, 1, exclusive) == "granted");
  CHECK(t.locks.waiting(t.b));
}

TEST_CASE("circles are refused where they would close") {
  SUBCASE("two records") {
    Three t;
    CHECK(take(t.locks, t.a, 1, exclusive) == "granted");
    CHECK(take(t.locks, t.b, 2, exclusive) == "granted");
    CHECK(take(t.locks, t.a, 2, exclusive) == "waiting");
    CHECK(take(t.locks, t.b, 1, shared) == "deadlock");
    CHECK(t.locks.deadlocks() == 1);
    CHECK(!t.locks.waiting(t.b));
    CHECK(t.locks.waiting(t.a));
    t.locks.release_all(t.b);
    CHECK(!t.locks.waiting(t.a));
  }
  SUBCASE("three transactions") {
    Three t;
    CHECK(take(t.locks, t.a, 1, exclusive) == "granted");
    CHECK(take(t.locks, t.b, 2, exclusive) == "granted");
    CHECK(take(t.locks, t.c, 3, exclusive) == "granted");
    CHECK(take(t.locks, t.a, 2, shared) == "waiting");
    CHECK(take(t.locks, t.b, 3, shared) == "waiting");
    CHECK(take(t.locks, t.c, 1, shared) == "deadlock");
  }
  SUBCASE("two upgrades") {
    Three t;
    CHECK(take(t.locks, t.a, 1, shared) == "granted");
    CHECK(take(t.locks, t.b, 1, shared) == "granted");
    CHECK(take(t.locks, t.a, 1, exclusive) == "waiting");
    CHECK(take(t.locks, t.b, 1, exclusive) == "deadlock");
  }
  SUBCASE("through the queue") {
    Three t;
    CHECK(take(t.locks, t.a, 1, shared) == "granted");
    CHECK(take(t.locks, t.c, 2, exclusive) == "granted");
    CHECK(take(t.locks, t.b, 1, exclusive) == "waiting");  // for a
    CHECK(take(t.locks, t.c, 1, shared) == "waiting");     // for b, before it in the queue
    CHECK(take(t.locks, t.a, 2, shared) == "deadlock");    // for c
  }
  SUBCASE("none: readers beside readers") {
    Three t;
    CHECK(take(t.locks, t.a, 1, shared) == "granted");
    CHECK(take(t.locks, t.b, 2, exclusive) == "granted");
    CHECK(take(t.locks, t.b, 1, shared) == "granted");
    CHECK(take(t.locks, t.a, 2, shared) == "waiting");
    CHECK(take(t.locks, t.b, 1, exclusive) == "deadlock");
  }
}

TEST_CASE("cancelling a wait wakes and lets others pass") {
  Three t;
  bool woken = false;
  CHECK(take(t.locks, t.a, 1, shared) == "granted");
  CHECK(take(t.locks, t.b, 5, exclusive) == "granted");
  CHECK(take(t.locks, t.b, 1, exclusive) == "waiting");
  CHECK(take(t.locks, t.c, 1, shared) == "waiting");
  t.locks.on_wake(t.b, [&] { woken = true; });
  t.locks.cancel(t.b);
  CHECK(woken);
  CHECK(!t.locks.waiting(t.b));
  CHECK(!t.locks.waiting(t.c));  // was only behind b
  CHECK(take(t.locks, t.b, 5, exclusive) == "granted");
  CHECK(t.locks.size() == 2);
  t.locks.cancel(t.b);  // no wait: nothing
  t.locks.release_all(t.c);
}

TEST_CASE("a callback may use the manager") {
  Three t;
  std::string answer;
  CHECK(take(t.locks, t.a, 1, exclusive) == "granted");
  CHECK(take(t.locks, t.b, 1, exclusive) == "waiting");
  t.locks.on_wake(t.b, [&] { answer = take(t.locks, t.b, 2, exclusive); });
  t.locks.release_all(t.a);
  CHECK(answer == "granted");
}

/// Blocks its thread until it is woken; true if it was not a deadlock.
bool take_blocking(LockManager& locks, LockOwner& owner, RecordKey record, LockMode mode) {
  const auto state = locks.acquire(owner, record, mode);
  if (!state) return false;
  if (*state == LockState::granted) return true;
  struct Signal {
    std::mutex mutex;
    std::condition_variable condition;
    bool woken = false;
  };
  auto signal = std::make_shared<Signal>();
  locks.on_wake(owner, [signal] {
    const std::lock_guard lock(signal->mutex);
    signal->woken = true;
    signal->condition.notify_one();
  });
  std::unique_lock lock(signal->mutex);
  signal->condition.wait(lock, [&] { return signal->woken; });
  return true;
}

TEST_CASE("many threads: exclusion holds, deadlocks are resolved, everything ends") {
  LockManager locks;
  constexpr std::size_t records = 5, threads = 4;
  std::array<std::int64_t, records> values{};          // written under an exclusive lock only: TSan watches
  std::array<std::atomic<std::int64_t>, records> expected{};
  std::atomic<std::uint64_t> given_up{0};
  std::vector<std::thread> running;
  for (std::size_t t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      std::mt19937_64 random(t);
      for (std::uint64_t round = 0; round < 2000; ++round) {
        LockOwner owner(t * 10'000 + round);
        std::array<bool, records> mine{};
        bool good = true;
        for (int i = 0; i < 3 && good; ++i) {
          const std::size_t r = random() % records;
          const LockMode mode = random() % 3 == 0 ? exclusive : shared;
          good = take_blocking(locks, owner, key(r), mode);
          if (good && mode == exclusive) mine[r] = true;
        }
        if (!good) ++given_up;
        for (std::size_t r = 0; r < records && good; ++r) {
          if (mine[r]) ++values[r], ++expected[r];
        }
        locks.release_all(owner);
      }
    });
  }
  for (auto& thread : running) thread.join();
  for (std::size_t r = 0; r < records; ++r) CHECK(values[r] == expected[r]);
  CHECK(locks.size() == 0);
  CHECK(locks.deadlocks() == given_up);
}

TEST_CASE("waits that others cancel end too") {
  LockManager locks;
  LockOwner holder(0);
  CHECK(take(locks, holder, 1, exclusive) == "granted");
  std::array<std::unique_ptr<LockOwner>, 4> owners;
  std::vector<std::thread> waiting;
  for (std::size_t t = 0; t < owners.size(); ++t) {
    owners[t] = std::make_unique<LockOwner>(t + 1);
    waiting.emplace_back([&, t] { take_blocking(locks, *owners[t], key(1), exclusive); });
  }
  for (auto& owner : owners) {
    while (!locks.waiting(*owner)) std::this_thread::yield();
    locks.cancel(*owner);
  }
  for (auto& thread : waiting) thread.join();
  locks.release_all(holder);
  CHECK(locks.size() == 0);
}

}  // namespace
}  // namespace packhouse::storage
