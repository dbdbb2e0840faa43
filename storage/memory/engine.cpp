#include "storage/memory/engine.hpp"

#include <algorithm>
#include <cassert>

#include "storage/memory/state.hpp"

namespace packhouse::storage::memory {

using State = Engine::State;
using ReadLock = std::shared_lock<std::shared_mutex>;
using WriteLock = std::unique_lock<std::shared_mutex>;

Result<void> State::count_call() {
  const std::uint64_t n = calls.fetch_add(1) + 1;
  const std::uint64_t at = fail_at.load();
  if (at == 0 || n < at || (n > at && !for_good)) return ok;
  return fail(Status::storage_failed, "the memory engine was told to fail (call " + std::to_string(n) + ")");
}

const std::string* State::visible(const Map::mapped_type& versions, std::uint64_t at) {
  for (auto v = versions.rbegin(); v != versions.rend(); ++v) {
    if ((*v)->version <= at) return (*v)->value ? &*(*v)->value : nullptr;
  }
  return nullptr;
}

std::uint64_t State::oldest_needed() const {
  const std::uint64_t oldest = open_snapshots.empty() ? version : *open_snapshots.begin();
  return std::min(oldest, durable_version);
}

void State::prune(Map::iterator entry) {
  auto& versions = entry->second;
  const std::uint64_t oldest = oldest_needed();
  // Of those that the oldest reader can see only the last one matters.
  std::size_t keep = 0;
  while (keep + 1 < versions.size() && versions[keep + 1]->version <= oldest) ++keep;
  versions.erase(versions.begin(), versions.begin() + static_cast<std::ptrdiff_t>(keep));
  if (versions.size() == 1 && !versions[0]->value && versions[0]->version <= oldest) map.erase(entry);
}

namespace {

class MemoryScan final : public kv::Scan {
 public:
  MemoryScan(std::shared_ptr<State> state, std::uint64_t version, Bytes low, Bytes high)
      : state_(std::move(state)), version_(version), next_(text(low)), high_(text(high)) {}

  Result<std::size_t> next(std::span<kv::Entry> out) override {
    PACKHOUSE_CHECK(state_->count_call());
    if (done_) return 0;
    const ReadLock lock(state_->mutex);
    std::size_t n = 0;
    auto at = state_->map.lower_bound(next_);
    for (; at != state_->map.end() && n < out.size(); ++at) {
      if (!high_.empty() && at->first >= high_) break;
      const std::string* value = State::visible(at->second, version_);
      if (value != nullptr) out[n++] = {as_bytes(at->first), as_bytes(*value)};
    }
    done_ = at == state_->map.end() || (!high_.empty() && at->first >= high_);
    if (!done_) next_ = at->first;
    return n;
  }

 private:
  std::shared_ptr<State> state_;
  std::uint64_t version_;
  std::string next_, high_;
  bool done_ = false;
};

class MemorySnapshot final : public kv::Snapshot {
 public:
  explicit MemorySnapshot(std::shared_ptr<State> state) : state_(std::move(state)) {
    const WriteLock lock(state_->mutex);
    version_ = state_->version;
    sequence_ = state_->sequence;
    state_->open_snapshots.insert(version_);
  }
  ~MemorySnapshot() override {
    const WriteLock lock(state_->mutex);
    state_->open_snapshots.erase(state_->open_snapshots.find(version_));
  }

  std::uint64_t sequence() const override { return sequence_; }

  Result<std::optional<Bytes>> get(Bytes key) override {
    PACKHOUSE_CHECK(state_->count_call());
    const ReadLock lock(state_->mutex);
    return find(key);
  }

  Result<void> get_many(std::span<const Bytes> keys, std::span<Bytes> out) override {
    PACKHOUSE_CHECK(state_->count_call());
    const ReadLock lock(state_->mutex);
    for (std::size_t i = 0; i < keys.size(); ++i) out[i] = find(keys[i]).value_or(Bytes());
    return ok;
  }

  Result<std::unique_ptr<kv::Scan>> scan(Bytes low, Bytes high) override {
    PACKHOUSE_CHECK(state_->count_call());
    return std::make_unique<MemoryScan>(state_, version_, low, high);
  }

  Result<std::optional<kv::Entry>> last(Bytes low, Bytes high) override {
    PACKHOUSE_CHECK(state_->count_call());
    const ReadLock lock(state_->mutex);
    auto at = high.empty() ? state_->map.end() : state_->map.lower_bound(text(high));
    while (at != state_->map.begin()) {
      --at;
      if (at->first < text(low)) break;
      if (const std::string* value = State::visible(at->second, version_)) {
        return kv::Entry{as_bytes(at->first), as_bytes(*value)};
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<Bytes> find(Bytes key) const {
    const auto at = state_->map.find(text(key));
    const std::string* value = at == state_->map.end() ? nullptr : State::visible(at->second, version_);
    return value ? std::optional(as_bytes(*value)) : std::nullopt;
  }

  std::shared_ptr<State> state_;
  std::uint64_t version_ = 0, sequence_ = 0;
};

}  // namespace

Engine::Engine() : state_(std::make_shared<State>()) {}
Engine::~Engine() = default;

Result<std::unique_ptr<kv::Snapshot>> Engine::snapshot() {
  PACKHOUSE_CHECK(state_->count_call());
  return std::make_unique<MemorySnapshot>(state_);
}

Result<std::unique_ptr<kv::Batch>> Engine::begin_batch() {
  PACKHOUSE_CHECK(state_->count_call());
  {
    const WriteLock lock(state_->mutex);
    if (state_->batch_open) return fail(Status::internal, "a batch is open already");
    state_->batch_open = true;
  }
  return make_batch(state_);
}

Result<void> Engine::sync() {
  PACKHOUSE_CHECK(state_->count_call());
  const WriteLock lock(state_->mutex);
  state_->durable_version = state_->version;
  state_->durable_sequence = state_->sequence;
  return ok;
}

std::uint64_t Engine::size_bytes() const {
  const ReadLock lock(state_->mutex);
  std::uint64_t total = 0;
  for (const auto& [key, versions] : state_->map) {
    total += key.size();
    for (const auto& v : versions) total += v->value ? v->value->size() : 0;
  }
  return total;
}

void Engine::fail_after(std::uint64_t n, bool for_good) {
  state_->for_good = for_good;
  state_->fail_at = state_->calls + n;
}
void Engine::heal() { state_->fail_at = 0; }
std::uint64_t Engine::calls() const { return state_->calls; }

void Engine::power_cut() {
  const WriteLock lock(state_->mutex);
  assert(state_->open_snapshots.empty() && !state_->batch_open);
  for (auto at = state_->map.begin(); at != state_->map.end();) {
    auto& versions = at->second;
    while (!versions.empty() && versions.back()->version > state_->durable_version) versions.pop_back();
    at = versions.empty() ? state_->map.erase(at) : std::next(at);
  }
  state_->version = state_->durable_version;
  state_->sequence = state_->durable_sequence;
}

std::unique_ptr<Engine> Engine::take_over() {
  auto next = std::make_unique<Engine>();
  const WriteLock lock(state_->mutex);
  assert(state_->open_snapshots.empty() && !state_->batch_open);
  std::swap(next->state_->map, state_->map);
  next->state_->version = std::exchange(state_->version, 0);
  next->state_->sequence = std::exchange(state_->sequence, 0);
  next->state_->durable_version = std::exchange(state_->durable_version, 0);
  next->state_->durable_sequence = std::exchange(state_->durable_sequence, 0);
  return next;
}

}  // namespace packhouse::storage::memory
