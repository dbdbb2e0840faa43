#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "value/value.hpp"

// Arithmetic on vectors: what comes as a list of numbers or as a VECTOR is turned into plain arrays first.
namespace packhouse::vectors {

/// Compares `n` f32 elements at `a` with those at `b`; neither needs to be aligned.
using Kernel = float (*)(const void* a, const void* b, std::size_t n);

/// Sum of products. Picked for this processor when the program starts.
extern const Kernel dot;
/// Sum of squared differences.
extern const Kernel squared_distance;

/// The elements of a VECTOR, or of a list of integers and floats. False for anything else (`out` is then undefined).
bool read(const Value& v, std::vector<float>& out);
bool read(const Value& v, std::vector<double>& out);

/// What doubles give, for scores that are shown.
double exact_dot(std::span<const double> a, std::span<const double> b);
double exact_squared_distance(std::span<const double> a, std::span<const double> b);

}  // namespace packhouse::vectors
