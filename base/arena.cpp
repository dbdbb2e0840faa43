#include "base/arena.hpp"

#include <algorithm>

namespace packhouse {
namespace {
constexpr std::size_t largest_step = std::size_t{1} << 20;
}

void* Arena::refill(std::size_t bytes, std::size_t align) {
  const std::size_t size = std::max(next_block_, bytes + align);
  next_block_ = std::min(next_block_ * 2, largest_step);
  blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  footprint_ += size;
  at_ = blocks_.back().data.get();
  left_ = size;
  return allocate(bytes, align);
}

void Arena::reset() {
  if (blocks_.empty()) return;
  const auto largest = std::ranges::max_element(blocks_, {}, &Block::size);
  Block keep = std::move(*largest);
  blocks_.clear();
  at_ = keep.data.get();
  left_ = footprint_ = keep.size;
  blocks_.push_back(std::move(keep));
}

}  // namespace packhouse
