#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "storage/schema.hpp"
#include "value/value.hpp"

// What a vector index keeps of a property: its elements as f32, scaled to unit length when the index compares by
// cosine.
namespace packhouse::storage::vectors {

/// Why a vector can't be compared.
enum class Unfit : std::uint8_t { none, dimensions, not_finite, no_direction };

/// Scales `elements` as an index with this configuration keeps them.
Unfit prepare(const VectorConfig& config, std::vector<float>& elements);

/// What the index keeps of a property's value; false when it keeps nothing: no list of numbers and no VECTOR, other
/// dimensions, elements that are not finite as f32, or without a direction under cosine.
bool entry(const Value& property, const VectorConfig& config, std::vector<float>& out);

/// Larger is nearer: the cosine, or the negative squared distance.
float rank(const VectorConfig& config, const void* a, const void* b, std::size_t dimensions);
/// The score that is shown, computed in double precision from two prepared vectors.
double score(const VectorConfig& config, Bytes a, Bytes b);

inline Bytes bytes_of(std::span<const float> elements) {
  return std::as_bytes(elements);
}

}  // namespace packhouse::storage::vectors
