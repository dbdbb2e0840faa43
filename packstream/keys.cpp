#include "packstream/keys.hpp"

#include <cstring>
#include <random>

namespace packhouse::packstream {
namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) ^ device();
}

__extension__ using Wide = unsigned __int128;

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t key_hash(std::string_view key) {
  static const std::uint64_t seed = random_seed();
  std::uint64_t h = seed ^ key.size();
  while (!key.empty()) {
    std::uint64_t word = 0;
    const std::size_t n = key.size() < 8 ? key.size() : 8;
    std::memcpy(&word, key.data(), n);
    h = fold(h ^ word ^ 0x9E3779B97F4A7C15, (seed * 0xD6E8FEB86659FD93) | 1);
    key.remove_prefix(n);
  }
  return fold(h ^ 0xA0761D6478BD642F, 0xE7037ED1A0B428DB);
}

}  // namespace packhouse::packstream
