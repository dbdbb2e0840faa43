#include "storage/counts.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <string>

namespace packhouse::storage {
namespace {

Result<void> change(kv::Batch& batch, keys::CountKind kind, std::uint32_t token, std::int64_t by) {
  if (by == 0) return ok;
  const auto key = keys::count(kind, token);
  PACKHOUSE_TRY(const auto stored, batch.get(key));
  const auto before = stored ? keys::read_u64(*stored) : std::optional<std::uint64_t>(0);
  if (!before || (by < 0 && *before < std::uint64_t{0} - static_cast<std::uint64_t>(by))) {
    return fail(Status::storage_failed, "the store's count " + std::to_string(static_cast<int>(kind)) + "/" + std::to_string(token) + " is damaged");
  }
  const std::uint64_t after = *before + static_cast<std::uint64_t>(by);
  if (after == 0) return batch.erase(key);
  const auto value = keys::stored_u64(after);
  return batch.put(key, Bytes(value));
}

}  // namespace

void CountDelta::add(Deltas& deltas, std::uint32_t token, std::int64_t by) {
  const auto at = std::ranges::lower_bound(deltas, token, {}, &Deltas::value_type::first);
  if (at != deltas.end() && at->first == token) {
    at->second += by;
  } else {
    deltas.insert(at, {token, by});
  }
}

std::int64_t CountDelta::get(const Deltas& deltas, std::uint32_t token) {
  const auto at = std::ranges::lower_bound(deltas, token, {}, &Deltas::value_type::first);
  return at != deltas.end() && at->first == token ? at->second : 0;
}

void CountDelta::merge(const CountDelta& other) {
  nodes_ += other.nodes_;
  relationships_ += other.relationships_;
  for (const auto& [token, by] : other.labels_) add(labels_, token, by);
  for (const auto& [token, by] : other.types_) add(types_, token, by);
}

bool CountDelta::empty() const {
  const auto zero = [](const auto& delta) { return delta.second == 0; };
  return nodes_ == 0 && relationships_ == 0 && std::ranges::all_of(labels_, zero) && std::ranges::all_of(types_, zero);
}

void CountDelta::clear() {
  nodes_ = relationships_ = 0;
  labels_.clear();
  types_.clear();
}

Result<std::uint64_t> Counts::read(kv::Snapshot& snapshot, keys::CountKind kind, std::uint32_t token) {
  PACKHOUSE_TRY(const auto stored, snapshot.get(keys::count(kind, token)));
  if (!stored) return 0;
  const auto n = keys::read_u64(*stored);
  if (!n) return fail(Status::storage_failed, "a count of the store is damaged");
  return *n;
}

Result<void> Counts::write(kv::Batch& batch, const CountDelta& delta) {
  PACKHOUSE_CHECK(change(batch, keys::CountKind::nodes, 0, delta.nodes_));
  for (const auto& [label, by] : delta.labels_) PACKHOUSE_CHECK(change(batch, keys::CountKind::label, label, by));
  PACKHOUSE_CHECK(change(batch, keys::CountKind::relationships, 0, delta.relationships_));
  for (const auto& [type, by] : delta.types_) PACKHOUSE_CHECK(change(batch, keys::CountKind::type, type, by));
  return ok;
}

Result<void> Counts::load(kv::Snapshot& snapshot) {
  const std::unique_lock lock(mutex_);
  nodes_ = relationships_ = 0;
  labels_.clear();
  types_.clear();
  const auto range = keys::all(keys::Table::count);
  PACKHOUSE_TRY(const auto scan, snapshot.scan(range.low, range.high));
  std::array<kv::Entry, 64> entries;
  while (true) {
    PACKHOUSE_TRY(const std::size_t n, scan->next(entries));
    if (n == 0) return ok;
    for (std::size_t i = 0; i < n; ++i) {
      const auto [key, value] = entries[i];
      const auto count = keys::read_u64(value);
      if (!count || key.size() != 6 || keys::last_id(key.last(4)) >= (1U << 24)) {
        return fail(Status::storage_failed, "a count of the store is damaged");
      }
      const auto token = static_cast<std::uint32_t>(keys::last_id(key.last(4)));
      const auto by = static_cast<std::int64_t>(*count);
      switch (static_cast<keys::CountKind>(key[1])) {
        case keys::CountKind::nodes: nodes_ = *count; break;
        case keys::CountKind::label: apply(labels_, token, by); break;
        case keys::CountKind::relationships: relationships_ = *count; break;
        case keys::CountKind::type: apply(types_, token, by); break;
      }
    }
  }
}

void Counts::publish(const CountDelta& delta) {
  const std::unique_lock lock(mutex_);
  nodes_ += static_cast<std::uint64_t>(delta.nodes_);
  relationships_ += static_cast<std::uint64_t>(delta.relationships_);
  for (const auto& [label, by] : delta.labels_) apply(labels_, label, by);
  for (const auto& [type, by] : delta.types_) apply(types_, type, by);
}

std::uint64_t Counts::nodes() const {
  const std::shared_lock lock(mutex_);
  return nodes_;
}
std::uint64_t Counts::nodes(LabelId label) const {
  const std::shared_lock lock(mutex_);
  return at(labels_, raw(label));
}
std::uint64_t Counts::relationships() const {
  const std::shared_lock lock(mutex_);
  return relationships_;
}
std::uint64_t Counts::relationships(TypeId type) const {
  const std::shared_lock lock(mutex_);
  return at(types_, raw(type));
}

std::uint64_t Counts::at(const std::vector<std::uint64_t>& counts, std::uint32_t token) {
  return token < counts.size() ? counts[token] : 0;
}

void Counts::apply(std::vector<std::uint64_t>& counts, std::uint32_t token, std::int64_t by) {
  if (token >= counts.size()) counts.resize(token + std::size_t{1});
  counts[token] += static_cast<std::uint64_t>(by);
}

}  // namespace packhouse::storage
