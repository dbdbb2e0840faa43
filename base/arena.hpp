#pragma once
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.hpp"

namespace packhouse {

/// Bump allocator: everything in it is freed at once. Nothing in it is destroyed, so only
/// trivially destructible types go in. The first block is made on first use.
class Arena {
 public:
  explicit Arena(std::size_t first_block = 1024) : next_block_(first_block) {}
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  void* allocate(std::size_t bytes, std::size_t align = 8) {
    const std::size_t pad = (~reinterpret_cast<std::uintptr_t>(at_) + 1) & (align - 1);
    if (bytes + pad > left_) [[unlikely]] return refill(bytes, align);
    std::byte* p = at_ + pad;
    at_ = p + bytes;
    left_ -= bytes + pad;
    return p;
  }

  /// `n` objects of T, uninitialised; the caller writes each before it is read.
  template <class T>
  std::span<T> array(std::size_t n) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (n == 0) return {};
    return {static_cast<T*>(allocate(n * sizeof(T), alignof(T))), n};
  }

  template <class T, class... A>
  T* make(A&&... a) {
    static_assert(std::is_trivially_destructible_v<T>);
    return ::new (allocate(sizeof(T), alignof(T))) T{std::forward<A>(a)...};
  }

  std::string_view copy(std::string_view s) {
    if (s.empty()) return {};
    auto* p = static_cast<char*>(allocate(s.size(), 1));
    std::memcpy(p, s.data(), s.size());
    return {p, s.size()};
  }
  Bytes copy(Bytes b) { return as_bytes(copy(as_text(b))); }

  /// Bytes held from the system.
  std::size_t footprint() const { return footprint_; }

  /// Forgets all content; keeps the largest block for reuse.
  void reset();

 private:
  struct Block {
    std::unique_ptr<std::byte[]> data;
    std::size_t size;
  };
  void* refill(std::size_t bytes, std::size_t align);

  std::byte* at_ = nullptr;
  std::size_t left_ = 0;
  std::size_t next_block_;
  std::size_t footprint_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace packhouse
