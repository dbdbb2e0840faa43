#include "storage/vector/entry.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "value/vector_math.hpp"

namespace packhouse::storage::vectors {
namespace math = packhouse::vectors;

Unfit prepare(const VectorConfig& config, std::vector<float>& elements) {
  const std::size_t n = elements.size();
  if (n == 0 || n > max_vector_dimensions || (config.dimensions != 0 && n != config.dimensions))
    return Unfit::dimensions;
  if (!std::ranges::all_of(elements, [](float x) { return std::isfinite(x); })) return Unfit::not_finite;
  if (config.similarity == VectorSimilarity::euclidean) return Unfit::none;
  double squares = 0;
  for (const float x : elements) squares += static_cast<double>(x) * static_cast<double>(x);
  if (!(squares > 0)) return Unfit::no_direction;
  const double scale = 1 / std::sqrt(squares);
  for (float& x : elements) x = static_cast<float>(static_cast<double>(x) * scale);
  return Unfit::none;
}

bool entry(const Value& property, const VectorConfig& config, std::vector<float>& out) {
  return math::read(property, out) && prepare(config, out) == Unfit::none;
}

float rank(const VectorConfig& config, const void* a, const void* b, std::size_t dimensions) {
  return config.similarity == VectorSimilarity::cosine ? math::dot(a, b, dimensions)
                                                       : -math::squared_distance(a, b, dimensions);
}

double score(const VectorConfig& config, Bytes a, Bytes b) {
  double dot = 0, aa = 0, bb = 0, distance = 0;
  for (std::size_t i = 0; i + sizeof(float) <= a.size(); i += sizeof(float)) {
    float u, v;
    std::memcpy(&u, a.data() + i, sizeof u);
    std::memcpy(&v, b.data() + i, sizeof v);
    const double x = static_cast<double>(u), y = static_cast<double>(v);
    dot += x * y, aa += x * x, bb += y * y, distance += (x - y) * (x - y);
  }
  if (config.similarity == VectorSimilarity::euclidean) return 1 / (1 + distance);
  return (1 + std::clamp(dot / std::sqrt(aa * bb), -1.0, 1.0)) / 2;
}

}  // namespace packhouse::storage::vectors
