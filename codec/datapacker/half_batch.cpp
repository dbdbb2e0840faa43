#include "codec/datapacker/half_batch.hpp"

#include "codec/datapacker/array.hpp"
#include "codec/half.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace packhouse::datapacker {

#if defined(__x86_64__)
namespace {

bool has_f16c() {
  // clang 14 can't ask for f16c, which every processor with AVX2 has.
#if defined(__clang__)
  static const bool has = __builtin_cpu_supports("avx2");
#else
  static const bool has = __builtin_cpu_supports("f16c") && __builtin_cpu_supports("avx2");
#endif
  return has;
}

/// Eight at a time; false if a finite number became an infinity.
__attribute__((target("avx2,f16c"))) bool narrow_blocks(const std::byte* in, std::byte* out, std::size_t blocks) {
  const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFF'FFFF));
  const __m256 largest = _mm256_set1_ps(65520.0F), infinity = _mm256_set1_ps(__builtin_inff());
  __m256 overflow = _mm256_setzero_ps();
  for (std::size_t i = 0; i < blocks; ++i) {
    const __m256 v = _mm256_loadu_ps(reinterpret_cast<const float*>(in + 32 * i));
    const __m256 size = _mm256_and_ps(v, magnitude);
    const __m256 too_large =
        _mm256_and_ps(_mm256_cmp_ps(size, largest, _CMP_GE_OQ), _mm256_cmp_ps(size, infinity, _CMP_LT_OQ));
    overflow = _mm256_or_ps(overflow, too_large);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16 * i), _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
  }
  return _mm256_testz_ps(overflow, overflow) != 0;
}

__attribute__((target("avx2,f16c"))) void widen_blocks(const std::byte* in, std::byte* out, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks; ++i) {
    const __m128i h = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + 16 * i));
    _mm256_storeu_ps(reinterpret_cast<float*>(out + 32 * i), _mm256_cvtph_ps(h));
  }
}

}  // namespace

bool floats_to_halves(const std::byte* in, std::byte* out, std::size_t n, bool infinities) {
  if (!has_f16c()) return false;
  bool fits = narrow_blocks(in, out, n / 8);
  for (std::size_t i = n / 8 * 8; i < n; ++i) {
    const auto v = load<float>(in + 4 * i);
    const std::uint16_t h = codec::half_from_double(static_cast<double>(v));
    fits &= (h & 0x7FFFU) != 0x7C00U || __builtin_isinf(v) != 0;
    store(out + 2 * i, h);
  }
  return fits || infinities;
}

bool halves_to_floats(const std::byte* in, std::byte* out, std::size_t n) {
  if (!has_f16c()) return false;
  widen_blocks(in, out, n / 8);
  for (std::size_t i = n / 8 * 8; i < n; ++i) {
    store(out + 4 * i, static_cast<float>(codec::half_to_double(load<std::uint16_t>(in + 2 * i))));
  }
  return true;
}
#else
bool floats_to_halves(const std::byte*, std::byte*, std::size_t, bool) {
  return false;
}
bool halves_to_floats(const std::byte*, std::byte*, std::size_t) {
  return false;
}
#endif

}  // namespace packhouse::datapacker
