#include "storage/vector/vector_indexes.hpp"

#include <algorithm>

namespace packhouse::storage {

void VectorIndexes::adopt(const Schema& schema) {
  const std::lock_guard lock(mutex_);
  std::erase_if(indexes_, [&](const auto& entry) {
    const bool gone = std::ranges::find(schema.indexes, entry.first, &Index::id) == schema.indexes.end();
    if (gone) entry.second->drop();
    return gone;
  });
  for (const Index& index : schema.indexes) {
    if (index.type != IndexType::vector || indexes_.contains(index.id)) continue;
    indexes_.emplace(index.id, std::make_shared<TrackedVectorIndex>(index, upkeep_));
    work_ = true;
  }
  if (work_ && !upkeep_.stopping && !thread_.joinable()) thread_ = std::thread([this] { run(); });
  wake_.notify_all();
}

void VectorIndexes::note(std::uint64_t sequence, const Overlay& overlay) {
  overlay.for_each_vector_index([&](IndexId id, const VectorDelta& delta) {
    if (const auto index = find(id)) index->note(sequence, delta);
  });
}

void VectorIndexes::published() {
  const std::lock_guard lock(mutex_);
  if (indexes_.empty()) return;
  work_ = true;
  wake_.notify_all();
}

std::shared_ptr<TrackedVectorIndex> VectorIndexes::find(IndexId id) const {
  const std::lock_guard lock(mutex_);
  const auto it = indexes_.find(id);
  return it == indexes_.end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<TrackedVectorIndex>> VectorIndexes::all() const {
  std::vector<std::shared_ptr<TrackedVectorIndex>> out;
  for (const auto& [id, index] : indexes_) out.push_back(index);
  return out;
}

void VectorIndexes::run() {
  std::unique_lock lock(mutex_);
  bool prune = false;
  const auto ready = [this] { return work_ || upkeep_.stopping; };
  while (!upkeep_.stopping) {
    if (prune)
      wake_.wait_for(lock, std::chrono::seconds(1), ready);
    else
      wake_.wait(lock, ready);
    work_ = false;
    busy_ = true;
    auto indexes = all();
    lock.unlock();
    for (const auto& index : indexes) index->maintain();
    prune = std::ranges::any_of(indexes, [](const auto& index) { return index->to_prune(); });
    indexes.clear();
    lock.lock();
    busy_ = false;
    idle_.notify_all();
  }
}

void VectorIndexes::settle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return (!work_ && !busy_) || !thread_.joinable() || upkeep_.stopping; });
}

void VectorIndexes::close() {
  {
    const std::lock_guard lock(mutex_);
    upkeep_.stopping = true;
    wake_.notify_all();
    idle_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace packhouse::storage
