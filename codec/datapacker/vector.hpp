#pragma once
#include "base/arena.hpp"
#include "base/buffer.hpp"
#include "codec/datapacker/array.hpp"
#include "value/value.hpp"

// Packed vectors. Any shape: element code (1 byte), number of dimensions (1 byte), each dimension as u32, data.
// Fixed shape: element code, data. Everything little-endian, data in C order.
namespace packhouse::datapacker {

/// Appends the packed vector of dtype `d` with the elements of `a` converted. A fixed shape must match.
Result<void> pack_vector(const Dtype& d, const ArrayView& a, Cast cast, Buffer& out);
/// The same for a fixed shape, into exactly elem_size() bytes.
Result<void> pack_fixed_vector(const Dtype& d, const ArrayView& a, Cast cast, std::byte* out);

/// Reads the vector at the beginning of `in`, of which the data stay a view. The element type must be the
/// declared one.
Result<ArrayView> unpack_vector(const Dtype& d, Bytes in);

/// The element type of a vector value.
Scalar scalar_of(Element e);

/// A number, a vector value, or a list of those of equal shapes (also of lists and vectors) as an array of
/// `element`s, whose memory is `scratch`.
Result<ArrayView> array_of(const Value& v, Scalar element, Cast cast, Buffer& scratch);

/// An array as a value: a single element as a number, one dimension of 1 to 4096 signed integers or floats as a vector,
/// of other elements as a list; more dimensions as lists of those. Unsigned integers above 2^63-1 are an error, and
/// so are shapes that would be many more list items than elements; `spare` (spare_items at first, shared by all
/// vectors of a batch) is what may still be beyond the usual.
inline constexpr std::uint64_t spare_items = 1 << 16;
Result<Value> value_of(const ArrayView& a, Arena& arena, std::uint64_t& spare);

/// One scalar as a value, from the bytes at `at`.
Result<Value> scalar_value(Scalar s, const std::byte* at);
/// A value as one scalar.
Result<void> put_scalar(Scalar s, const Value& v, Cast cast, std::byte* out);

}  // namespace packhouse::datapacker
