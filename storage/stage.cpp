#include "storage/stage.hpp"

#include <utility>

namespace packhouse::storage {

std::size_t StageRequest::bytes() const {
  std::size_t n = 0;
  for (const BlobChunk& chunk : chunks) n += chunk.bytes.size();
  return n;
}

bool StageQueue::submit(StageRequest request) {
  const std::size_t size = request.bytes();
  {
    std::unique_lock lock(mutex_);
    if (!request.removed) taken_.wait(lock, [&] { return closed_ || bytes_ <= most_bytes; });
    if (closed_) return false;
    if (request.progress) request.progress->submitted();
    bytes_ += size;
    requests_.push_back(std::move(request));
  }
  changed_();
  return true;
}

std::vector<StageRequest> StageQueue::take() {
  const std::lock_guard lock(mutex_);
  bytes_ = 0;
  taken_.notify_all();
  return std::exchange(requests_, {});
}

bool StageQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return requests_.empty();
}

void StageQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  taken_.notify_all();
}

}  // namespace packhouse::storage
