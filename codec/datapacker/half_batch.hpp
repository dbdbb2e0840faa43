#pragma once
#include <cstddef>

namespace packhouse::datapacker {

/// Batches by the processor's own instructions (F16C). False: it has none, or (unless `infinities` may arise) a finite
/// number was too large; then nothing is known about `out` and the caller goes the slow way.
bool floats_to_halves(const std::byte* in, std::byte* out, std::size_t n, bool infinities);
bool halves_to_floats(const std::byte* in, std::byte* out, std::size_t n);

}  // namespace packhouse::datapacker
