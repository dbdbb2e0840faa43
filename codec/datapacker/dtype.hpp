#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

// DataPacker's dtype strings, which say how a value becomes bytes (docs/DATAPACKER.md has the table).
namespace packhouse::datapacker {

/// Fixed-size elements, all little-endian without a header; a boolean is one byte, 0 or 1.
enum class Scalar : std::uint8_t { i8, i16, i32, i64, u8, u16, u32, u64, f16, f32, f64, boolean };
inline constexpr std::size_t scalar_count = 12;

constexpr std::size_t size_of(Scalar s) {
  constexpr std::uint8_t sizes[] = {1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 1};
  return sizes[static_cast<std::size_t>(s)];
}
constexpr bool is_float(Scalar s) {
  return s == Scalar::f16 || s == Scalar::f32 || s == Scalar::f64;
}
/// "i8" … "f64", "bool".
std::string_view name_of(Scalar s);

enum class Encoding : std::uint8_t { utf8, utf16le, utf16be, latin1, ascii };
std::string_view name_of(Encoding e);

/// What the byte `ndim` of a packed vector can say.
inline constexpr std::size_t most_dimensions = 255;

/// A dtype string, taken apart. Plain data; compare and copy freely.
struct Dtype {
  enum class Kind : std::uint8_t { scalar, string, bytes, msgpack, cbor, vector };

  Kind kind = Kind::scalar;
  Scalar scalar = Scalar::i64;         ///< of a scalar, or the element of a vector
  Encoding encoding = Encoding::utf8;  ///< of a string
  std::optional<std::uint64_t> size;   ///< bytes of a string, bytes, msgpack or cbor of fixed size
  std::vector<std::uint64_t> shape;    ///< of a vector; empty: any shape

  /// Bytes of every packed value; 0 if they differ (also for the useless "bytes:0").
  std::uint64_t elem_size() const;
  bool is_varsize() const { return elem_size() == 0; }
  /// The string in its shortest form: "str:32:utf8", "vec:f32:768".
  std::string text() const;
  bool operator==(const Dtype&) const = default;
};

/// Names are case-sensitive except those of encodings. Errors begin with "Invalid dtype: " and say what was
/// expected; sizes and shapes whose bytes would not fit 2^48 are refused.
Result<Dtype> parse_dtype(std::string_view text);

/// Numbers of the element types in packed vectors; f16 and bool have none.
std::optional<std::uint8_t> vector_code(Scalar s);
std::optional<Scalar> scalar_of_vector_code(std::uint8_t code);

/// "[2, 3]".
std::string shape_text(const std::vector<std::uint64_t>& shape);

}  // namespace packhouse::datapacker
