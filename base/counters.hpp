#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace packhouse {

/// Numbers that many threads raise and hardly anybody reads: each thread has a cache line of its own (as long as there
/// are no more threads than lines), so that counting costs no traffic between cores. `Kind` is an enum that ends in count_.
template <class Kind>
class Counters {
 public:
  void add(Kind kind, std::uint64_t n = 1) {
    lines_[thread_number() % lines].values[static_cast<std::size_t>(kind)].fetch_add(n, std::memory_order_relaxed);
  }
  /// What all threads have added so far.
  std::uint64_t operator[](Kind kind) const {
    std::uint64_t sum = 0;
    for (const Line& line : lines_) sum += line.values[static_cast<std::size_t>(kind)].load(std::memory_order_relaxed);
    return sum;
  }

 private:
  static constexpr std::size_t lines = 16, cache_line = 64;
  struct alignas(cache_line) Line {
    std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Kind::count_)> values{};
  };
  static std::size_t thread_number() {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed);
    return mine;
  }
  std::array<Line, lines> lines_;
};

}  // namespace packhouse
