#pragma once
#include <cstring>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "codec/datapacker/dtype.hpp"

// Typed arrays: what batches are made of when no value needs to be looked at one by one.
namespace packhouse::datapacker {

/// An array in C order, elements little-endian, at any alignment. Belongs to somebody else. An empty shape is a
/// single element.
struct ArrayView {
  Scalar element = Scalar::f64;
  std::vector<std::uint64_t> shape;
  Bytes data;
};

/// Number of elements, or an error if their bytes would not fit 2^63.
Result<std::uint64_t> element_count(const std::vector<std::uint64_t>& shape, std::size_t width);

/// What to do with a number that the wanted element can't hold (also: a fraction for an integer).
enum class Cast : std::uint8_t {
  exact,  ///< an error that names the first such element; floats are rounded, but not to infinity
  wrap,   ///< integers keep their lower bits, floats are cut towards zero; beyond 64 bits and NaN give 0
};

/// Converts `n` elements; the two runs must not overlap. Equal types are one memcpy.
Result<void> convert(Scalar from, const std::byte* in, Scalar to, std::byte* out, std::size_t n, Cast cast);

/// The shortest digits that read back as the same number: for messages.
std::string shortest_text(double v);

/// One element.
template <class T>
T load(const std::byte* at) {
  T v;
  std::memcpy(&v, at, sizeof(T));
  return v;
}
template <class T>
void store(std::byte* at, T v) {
  std::memcpy(at, &v, sizeof(T));
}

/// Calls `f` with a value of the C++ type of `s`: std::int8_t … double; Half for f16; bool.
struct Half {
  std::uint16_t bits;
};
template <class F>
decltype(auto) with_type(Scalar s, F&& f) {
  switch (s) {
    case Scalar::i8: return f(std::int8_t{});
    case Scalar::i16: return f(std::int16_t{});
    case Scalar::i32: return f(std::int32_t{});
    case Scalar::i64: return f(std::int64_t{});
    case Scalar::u8: return f(std::uint8_t{});
    case Scalar::u16: return f(std::uint16_t{});
    case Scalar::u32: return f(std::uint32_t{});
    case Scalar::u64: return f(std::uint64_t{});
    case Scalar::f16: return f(Half{});
    case Scalar::f32: return f(float{});
    case Scalar::f64: return f(double{});
    case Scalar::boolean: break;
  }
  return f(bool{});
}

}  // namespace packhouse::datapacker
