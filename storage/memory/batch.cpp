#include <map>
#include <optional>

#include "storage/keys.hpp"
#include "storage/memory/state.hpp"

namespace packhouse::storage::memory {
namespace {

using State = Engine::State;
using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;

/// Changes in a map of their own until commit(); savepoints keep copies of that map.
class MemoryBatch final : public kv::Batch {
 public:
  explicit MemoryBatch(std::shared_ptr<State> state) : state_(std::move(state)) {
    const std::shared_lock lock(state_->mutex);
    version_ = state_->version;
    sequence_ = state_->sequence;
  }
  ~MemoryBatch() override { close(); }

  std::uint64_t base_sequence() const override { return sequence_; }

  Result<std::optional<Bytes>> get(Bytes key) override {
    PACKHOUSE_CHECK(check());
    if (const auto own = changes_.find(text(key)); own != changes_.end()) {
      return own->second ? std::optional(as_bytes(*own->second)) : std::nullopt;
    }
    const std::shared_lock lock(state_->mutex);
    const auto at = state_->map.find(text(key));
    const std::string* value = at == state_->map.end() ? nullptr : State::visible(at->second, version_);
    return value ? std::optional(as_bytes(*value)) : std::nullopt;
  }

  Result<std::optional<kv::Entry>> last(Bytes low, Bytes high) override {
    PACKHOUSE_CHECK(check());
    const std::shared_lock lock(state_->mutex);
    std::optional<kv::Entry> best;
    auto own = high.empty() ? changes_.end() : changes_.lower_bound(text(high));
    while (own != changes_.begin() && (--own)->first >= text(low)) {
      if (!own->second) continue;
      best = kv::Entry{as_bytes(own->first), as_bytes(*own->second)};
      break;
    }
    auto at = high.empty() ? state_->map.end() : state_->map.lower_bound(text(high));
    while (at != state_->map.begin() && (--at)->first >= text(low)) {
      if (best && at->first <= text(best->key)) break;
      if (const std::string* value = committed(at)) return kv::Entry{as_bytes(at->first), as_bytes(*value)};
    }
    return best;
  }

  Result<std::optional<kv::Entry>> first(Bytes low, Bytes high) override {
    PACKHOUSE_CHECK(check());
    const std::shared_lock lock(state_->mutex);
    const auto inside = [&](const std::string& key) { return high.empty() || key < text(high); };
    std::optional<kv::Entry> best;
    for (auto own = changes_.lower_bound(text(low)); own != changes_.end() && inside(own->first); ++own) {
      if (!own->second) continue;
      best = kv::Entry{as_bytes(own->first), as_bytes(*own->second)};
      break;
    }
    for (auto at = state_->map.lower_bound(text(low)); at != state_->map.end() && inside(at->first); ++at) {
      if (best && at->first >= text(best->key)) break;
      if (const std::string* value = committed(at)) return kv::Entry{as_bytes(at->first), as_bytes(*value)};
    }
    return best;
  }

  Result<void> put(Bytes key, Bytes value) override {
    PACKHOUSE_CHECK(check());
    PACKHOUSE_CHECK(check_key(key));
    changes_[std::string(text(key))] = std::string(text(value));
    return ok;
  }
  Result<void> erase(Bytes key) override {
    PACKHOUSE_CHECK(check());
    PACKHOUSE_CHECK(check_key(key));
    changes_[std::string(text(key))] = std::nullopt;
    return ok;
  }

  Result<void> begin_nested() override {
    PACKHOUSE_CHECK(check());
    saved_.push_back(changes_);
    return ok;
  }
  Result<void> commit_nested() override {
    PACKHOUSE_CHECK(check());
    if (saved_.empty()) return fail(Status::internal, "commit_nested without begin_nested");
    saved_.pop_back();
    return ok;
  }
  void abort_nested() override {
    if (saved_.empty()) return;
    changes_ = std::move(saved_.back());
    saved_.pop_back();
  }

  Result<void> commit(std::uint64_t sequence, bool sync) override {
    PACKHOUSE_CHECK(check());
    if (!saved_.empty()) return fail(Status::internal, "commit inside a nested batch");
    const auto stored = keys::stored_u64(sequence);
    changes_[std::string(text(keys::sequence()))] = std::string(text(Bytes(stored)));
    const std::unique_lock lock(state_->mutex);
    ++state_->version;
    state_->sequence = sequence;
    if (sync) {
      state_->durable_version = state_->version;
      state_->durable_sequence = sequence;
    }
    for (auto& [key, value] : changes_) {
      const auto at = state_->map.try_emplace(key).first;
      at->second.push_back(std::make_unique<Version>(Version{state_->version, std::move(value)}));
      state_->prune(at);
    }
    state_->batch_open = false;
    done_ = true;
    return ok;
  }

 private:
  Result<void> check() const {
    if (done_) return fail(Status::internal, "the batch is over");
    return state_->count_call();
  }
  static Result<void> check_key(Bytes key) {
    if (!key.empty() && key.size() <= kv::max_key) return ok;
    return fail(Status::storage_failed, "a key has " + std::to_string(key.size()) + " bytes; 1 to 511 are possible");
  }
  /// The committed value that no change of ours hides.
  const std::string* committed(State::Map::const_iterator at) const {
    return changes_.contains(at->first) ? nullptr : State::visible(at->second, version_);
  }
  void close() {
    if (done_) return;
    const std::unique_lock lock(state_->mutex);
    state_->batch_open = false;
  }

  std::shared_ptr<State> state_;
  std::uint64_t version_ = 0, sequence_ = 0;
  Changes changes_;
  std::vector<Changes> saved_;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<kv::Batch> make_batch(std::shared_ptr<State> state) { return std::make_unique<MemoryBatch>(std::move(state)); }

}  // namespace packhouse::storage::memory
