#pragma once
#include <cstdint>
#include <memory>

#include "storage/kv/engine.hpp"

namespace packhouse::storage::memory {

/// The kv contract in memory, for tests: versioned values behind a shared mutex, faults on demand.
/// Nothing survives the object, except that power_cut() and take_over() show what a disk would have kept.
class Engine final : public kv::Engine {
 public:
  Engine();
  ~Engine() override;

  Result<std::unique_ptr<kv::Snapshot>> snapshot() override;
  Result<std::unique_ptr<kv::Batch>> begin_batch() override;
  Result<void> sync() override;
  std::uint64_t size_bytes() const override;

  // ---- faults: every call of Engine, Snapshot, Scan or Batch that returns a Result counts as one ----
  /// The n-th such call from now on (1 = the very next) fails with storage_failed; with `for_good` all later ones too.
  void fail_after(std::uint64_t n, bool for_good = false);
  /// No more failures.
  void heal();
  /// Calls counted since construction: run once, then fail each of them in turn.
  std::uint64_t calls() const;

  /// Forgets every commit since the last one with sync = true (or sync()), as a power cut would.
  /// No snapshot or batch may be open.
  void power_cut();

  /// A fresh engine over the same content, as if the process had been restarted (this one is empty afterwards).
  std::unique_ptr<Engine> take_over();

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace packhouse::storage::memory
