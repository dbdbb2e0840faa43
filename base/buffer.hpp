#pragma once
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "base/bytes.hpp"

namespace packhouse {

/// A growing run of bytes for writers: like std::vector<std::byte>, but new room is not zeroed
/// and clear() keeps the memory, so that a pooled buffer allocates nothing in steady state.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& o) noexcept : data_(std::exchange(o.data_, nullptr)), size_(std::exchange(o.size_, 0)), capacity_(std::exchange(o.capacity_, 0)) {}
  Buffer& operator=(Buffer&& o) noexcept {
    std::swap(data_, o.data_), std::swap(size_, o.size_), std::swap(capacity_, o.capacity_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { std::free(data_); }

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  Bytes view() const { return {data_, size_}; }
  operator Bytes() const { return view(); }
  std::byte& operator[](std::size_t i) { return data_[i]; }
  std::byte operator[](std::size_t i) const { return data_[i]; }

  void clear() { size_ = 0; }
  /// Drops what is beyond `n` (n <= size()).
  void truncate(std::size_t n) { size_ = n; }

  void reserve(std::size_t n) {
    if (n > capacity_) grow(n);
  }
  /// Makes room for `n` more bytes and returns where they start; their content is undefined.
  std::byte* extend(std::size_t n) {
    if (n > capacity_ - size_) [[unlikely]] grow(size_ + n);
    std::byte* at = data_ + size_;
    size_ += n;
    return at;
  }
  void put(std::uint8_t b) { *extend(1) = static_cast<std::byte>(b); }
  void append(Bytes b) {
    if (!b.empty()) std::memcpy(extend(b.size()), b.data(), b.size());
  }
  /// Opens a gap of `n` undefined bytes at `at` (at <= size()).
  void insert_gap(std::size_t at, std::size_t n) {
    const std::size_t tail = size_ - at;
    extend(n);
    std::memmove(data_ + at + n, data_ + at, tail);
  }
  /// Frees what a single large use left behind, so that pooled buffers stay small.
  void shrink_above(std::size_t limit) {
    if (capacity_ <= limit || size_ > 0) return;
    std::free(std::exchange(data_, nullptr));
    capacity_ = 0;
  }

 private:
  [[gnu::cold, gnu::noinline]] void grow(std::size_t least) {
    std::size_t n = capacity_ < 64 ? 64 : capacity_ + capacity_ / 2;
    if (n < least) n = least;
    auto* p = static_cast<std::byte*>(std::realloc(data_, n));
    if (!p) throw std::bad_alloc();
    data_ = p;
    capacity_ = n;
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace packhouse
