#include "base/sha256.hpp"

#include <algorithm>
#include <bit>

#include "base/ascii.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace packhouse {
namespace {

using State = std::array<std::uint32_t, 8>;
using Compress = void (*)(State&, const std::byte*, std::size_t blocks);

/// The first 32 bits of the fractions of the cube roots of the first 64 primes.
alignas(16) constexpr std::array<std::uint32_t, 64> k{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::uint32_t big_endian(const std::byte* at) {
  std::uint32_t v;
  std::memcpy(&v, at, sizeof v);
  return __builtin_bswap32(v);
}

void compress_portable(State& state, const std::byte* in, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 64) {
    std::array<std::uint32_t, 64> w;
    for (std::size_t i = 0; i < 16; ++i) w[i] = big_endian(in + 4 * i);
    for (std::size_t i = 16; i < 64; ++i) {
      const std::uint32_t a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) + w[i - 7] + (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10));
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint32_t t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
      const std::uint32_t t2 = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    const State mixed{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state[i] += mixed[i];
  }
}

#if defined(__x86_64__)
// The instructions keep the state as two vectors, ABEF and CDGH, and do two rounds at a time.
[[gnu::target("sha,sse4.1,ssse3")]] void compress_sha_ni(State& state, const std::byte* in, std::size_t blocks) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i dcba = _mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data()));
  __m128i hgfe = _mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data() + 4));
  const __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
  for (; blocks > 0; --blocks, in += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w[4];  // the 16 words that the next rounds need, four rounds a vector
    for (int i = 0; i < 4; ++i) w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in) + i), swap);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < 16; ++i) {
      __m128i& now = w[i % 4];
      if (i >= 4) {
        const __m128i last = w[(i + 3) % 4], before_last = w[(i + 2) % 4];
        now = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(now, w[(i + 1) % 4]), _mm_alignr_epi8(last, before_last, 4)), last);
      }
      const __m128i wk = _mm_add_epi32(now, _mm_load_si128(reinterpret_cast<const __m128i*>(k.data()) + i));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0E));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  dcba = _mm_blend_epi16(feba, dchg, 0xF0);
  hgfe = _mm_alignr_epi8(dchg, feba, 8);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()), dcba);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data() + 4), hgfe);
}

bool has_sha_ni() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  asm volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(7), "c"(0));
  return (b >> 29 & 1U) != 0 && __builtin_cpu_supports("sse4.1");
}
#endif

Compress best() {
#if defined(__x86_64__)
  if (has_sha_ni()) return compress_sha_ni;
#endif
  return compress_portable;
}

const Compress compress = best();

}  // namespace

Sha256& Sha256::add(Bytes piece) {
  if (piece.empty()) return *this;
  const std::size_t held = size_ % 64;
  size_ += piece.size();
  if (held > 0) {
    const std::size_t n = std::min(64 - held, piece.size());
    std::memcpy(block_.data() + held, piece.data(), n);
    if (held + n < 64) return *this;
    compress(state_, block_.data(), 1);
    piece = piece.subspan(n);
  }
  compress(state_, piece.data(), piece.size() / 64);
  const Bytes rest = piece.last(piece.size() % 64);
  if (!rest.empty()) std::memcpy(block_.data(), rest.data(), rest.size());
  return *this;
}

Digest Sha256::digest() const {
  Sha256 end = *this;
  static constexpr std::array<std::byte, 64> padding{std::byte{0x80}};
  const std::size_t held = size_ % 64;
  end.add(Bytes(padding).first(held < 56 ? 56 - held : 120 - held));
  const std::uint64_t bits = __builtin_bswap64(size_ * 8);
  end.add(std::as_bytes(std::span(&bits, 1)));
  Digest d;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint32_t word = __builtin_bswap32(end.state_[i]);
    std::memcpy(d.bytes.data() + 4 * i, &word, sizeof word);
  }
  return d;
}

std::string_view sha256_implementation() { return compress == compress_portable ? "portable" : "sha-ni"; }

std::string Digest::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::byte b : bytes) {
    out += digits[std::to_integer<std::size_t>(b >> 4)];
    out += digits[std::to_integer<std::size_t>(b & std::byte{15})];
  }
  return out;
}

std::optional<Digest> Digest::from_hex(std::string_view hex) {
  Digest d;
  if (hex.size() != 2 * d.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const char c = hex[i];
    const int digit = c == ascii_lower(c) ? hex_value(c) : -1;
    if (digit < 0) return std::nullopt;
    d.bytes[i / 2] = d.bytes[i / 2] << 4 | static_cast<std::byte>(digit);
  }
  return d;
}

}  // namespace packhouse
