#pragma once
#include <optional>
#include <vector>

#include "base/buffer.hpp"
#include "codec/datapacker/dtype.hpp"

// NumPy's file format .npy: a header, then the elements. Versions 1 to 3 are read, 1.0 is written (2.0 when the header
// is too long for it). Elements are numbers, booleans, or byte strings of fixed size (NumPy's S and V); structured
// arrays, objects, text and complex numbers are refused, and nothing is ever unpickled.
namespace packhouse::codec::npy {

/// What a file's array is made of.
struct Header {
  std::optional<datapacker::Scalar> scalar;  ///< nothing: byte strings
  std::uint64_t item_size = 0;               ///< bytes of an element
  bool big_endian = false;
  bool fortran_order = false;        ///< the first index runs fastest; said only where it makes a difference
  std::vector<std::uint64_t> shape;  ///< empty: a single element

  std::uint64_t rows() const { return shape.empty() ? 1 : shape[0]; }
  /// Bytes of what lies under one index of the first dimension.
  std::uint64_t row_size() const;
};

/// Bytes from the start of a file that data_offset() needs.
inline constexpr std::size_t preamble = 12;
/// Longest header that is read, in bytes.
inline constexpr std::uint64_t max_header = 1U << 20;

/// Where the data begin, from the first `preamble` bytes of a file (fewer if it is shorter). Status::argument_error for
/// what is no .npy file or of another version.
Result<std::uint64_t> data_offset(Bytes start);
/// From the bytes before the data.
Result<Header> read_header(Bytes start);

/// The dtype of a column for the array's rows: i64, vec:f32:3, bytes:8. Status::argument_error when there is none.
Result<datapacker::Dtype> dtype_of(const Header& h);

/// Writes the header of `rows` elements of a dtype: of fixed size, no MessagePack or CBOR. The data of vectors follow
/// without their element codes.
Result<void> write_header(const datapacker::Dtype& dtype, std::uint64_t rows, Buffer& out);

/// Reverses the bytes of each number.
void swap_bytes(std::size_t item_size, std::span<std::byte> data);

}  // namespace packhouse::codec::npy
