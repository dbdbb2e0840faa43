#pragma once
#include <span>

#include "codec/datapacker/array.hpp"
#include "value/value.hpp"

// Batches of values as they come most, all of one kind and in range: loops that look at nothing else. What such a loop
// doesn't take, the slow way converts or refuses (vector.hpp).
namespace packhouse::datapacker {

/// Packs values one after the other; returns how many, up to the first that needs the slow way.
std::size_t put_run(Scalar s, std::span<const Value> values, std::byte* out);
/// The same for unpacking.
std::size_t take_run(Scalar s, const std::byte* in, std::span<Value> out);

}  // namespace packhouse::datapacker
