#pragma once
#include <optional>
#include <span>
#include <vector>

#include "codec/datapacker/array.hpp"
#include "codec/datapacker/structured.hpp"
#include "codec/datapacker/text.hpp"
#include "value/value.hpp"

namespace packhouse::datapacker {

struct PackOptions {
  Overlong overlong = Overlong::refuse;
  Cast cast = Cast::exact;
  KeyOrder keys = KeyOrder::sorted;
  bool operator==(const PackOptions&) const = default;
};

/// Where the values of a batch are: `count` of them in a row for dtypes of fixed size, or where each begins
/// (it ends where the next one begins, the last at the end of the bytes). Exactly one of the two.
struct Extent {
  std::optional<std::uint64_t> count;
  std::optional<std::span<const std::uint64_t>> offsets;
};

/// Packs values of one dtype into bytes and back (docs/DATAPACKER.md). Holds no mutable state: one packer serves
/// any number of threads. Whatever fails leaves the output as it was; errors of a batch name the element.
/// Statuses: type_error for the wrong kind of value, arithmetic_error for numbers out of range, argument_error
/// and request_invalid for the rest.
class Packer {
 public:
  static Result<Packer> make(std::string_view dtype, const PackOptions& options = {});
  explicit Packer(Dtype dtype, const PackOptions& options = {});

  const Dtype& dtype() const { return dtype_; }
  const PackOptions& options() const { return options_; }
  /// Bytes of each value, 0 if they differ.
  std::uint64_t elem_size() const { return elem_size_; }
  bool is_varsize() const { return elem_size_ == 0; }

  /// Appends one value.
  Result<void> pack(const Value& v, Buffer& out) const;
  /// Into a buffer of the caller's; returns the bytes used. It must have room for all of them.
  Result<std::size_t> pack_into(const Value& v, std::span<std::byte> out) const;
  /// The value that begins at `offset`. Texts, bytes and vectors may be views of `in`; the rest is in `arena`.
  Result<Value> unpack(Bytes in, std::uint64_t offset, Arena& arena) const;

  /// Appends many values, one after the other; `starts`, if given, gets where each begins, counted from the
  /// first.
  Result<void> pack_many(std::span<const Value> values, Buffer& out,
                         std::vector<std::uint64_t>* starts = nullptr) const;
  /// For dtypes of fixed size, into a buffer of the caller's; returns the bytes used.
  Result<std::size_t> pack_many_into(std::span<const Value> values, std::span<std::byte> out) const;
  Result<std::span<const Value>> unpack_many(Bytes in, const Extent& extent, Arena& arena) const;

  // Typed arrays, for scalars and vectors: no value is looked at one by one.

  /// Appends one scalar (a single element) or vector.
  Result<void> pack_array(const ArrayView& a, Buffer& out) const;
  /// The scalar or vector at `offset`; its data stay a view of `in`.
  Result<ArrayView> unpack_array(Bytes in, std::uint64_t offset) const;
  /// Appends one record for each index of the first dimension of `a`. Vectors need a fixed shape.
  Result<void> pack_rows(const ArrayView& a, Buffer& out) const;
  Result<std::size_t> pack_rows_into(const ArrayView& a, std::span<std::byte> out) const;
  /// The data of `count` records without what stands between them: count × (elem_size, less 1 for vectors) bytes.
  Result<void> unpack_rows(Bytes in, std::uint64_t count, std::span<std::byte> out) const;
  /// Checks that each of `count` vectors of fixed shape begins with the code of its elements; the bytes are there.
  Result<void> check_codes(Bytes in, std::uint64_t count) const;
  /// Bytes that unpack_rows() needs.
  Result<std::uint64_t> rows_size(std::uint64_t count) const;

  /// Checks a batch of fixed size: `count` is there and so are the bytes.
  Result<std::uint64_t> check_count(Bytes in, const Extent& extent) const;
  /// Checks the offsets of a batch of variable size.
  Result<std::span<const std::uint64_t>> check_offsets(Bytes in, const Extent& extent) const;

 private:
  Result<void> put_fixed(const Value& v, std::byte* out, Buffer& scratch) const;
  Result<void> put_many(std::span<const Value> values, std::byte* out) const;
  Result<void> put_variable(const Value& v, Buffer& out) const;
  bool put_same_vector(const Value& v, std::byte* out) const;
  Result<Value> take(Bytes in, Arena& arena, std::uint64_t& spare) const;
  Result<void> put_rows(const ArrayView& a, std::uint64_t rows, std::byte* out) const;
  Result<std::uint64_t> row_count(const ArrayView& a) const;

  Dtype dtype_;
  PackOptions options_;
  std::uint64_t elem_size_;
};

}  // namespace packhouse::datapacker
