#pragma once
#include <array>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "storage/keys.hpp"
#include "value/value.hpp"

namespace packhouse::storage::keys {

// How each kind of value is written into an index key: a group byte, then a payload whose byte order is the order of
// the values. The groups stand in the order of value/compare.hpp's order(). Never renumber: it is the disk format.
enum class Group : std::uint8_t {
  end = 0x00,  ///< ends a list; less than every group, so that a shorter list comes first
  list = 0x10,
  datetime = 0x18,        ///< seconds, nanos, offset; all named zones share one greatest value instead
  local_datetime = 0x20,  ///< seconds, nanos
  date = 0x28,            ///< days
  time = 0x30,            ///< nanos of the day in UTC, offset
  local_time = 0x38,      ///< nanos of the day
  duration = 0x40,        ///< average length in seconds (128 bits), nanos, months, days
  point = 0x48,           ///< SRID, x, y [, z]
  vector = 0x50,          ///< dimensions, element type, elements
  bytes = 0x58,           ///< escaped: 00 -> 00 FF, ends with 00 00
  string = 0x60,          ///< the same
  boolean = 0x68,
  /// The greatest double that is not greater, in an order of unsigned bytes; from 2^53 on, where doubles have gaps,
  /// two bytes of what an integer has beyond it. So 1 and 1.0 are the same key, and all integers differ.
  number = 0x70,
  nan = 0x71,
  null = 0x78,
};

/// The group of a value; numbers have one group (NaN its own).
Group group_of(const Value& v);

/// Collects encoded values up to what a key can hold; of more it only keeps a hash. One use, one thread.
class Encoder {
 public:
  /// What is kept of an encoding that does not fit, in front of the hash.
  static constexpr std::size_t cut_at = max_index_values - 8;
  /// Longest encoding that is kept whole. One less than the room, so that the length of a key tells a cut one.
  static constexpr std::size_t longest = max_index_values - 1;

  /// Status::type_error for kinds that can't be indexed; after an error the content is undefined.
  Result<void> value(const Value& v, int depth = 0);
  /// The beginning of every string that starts with `text`.
  void string_prefix(std::string_view text);
  /// The beginning of all date-times of the same moment, whatever their zones.
  void moment(const DateTime& t);
  void group(Group g) { put(static_cast<std::uint8_t>(g)); }

  std::size_t length() const { return length_; }
  bool cut() const { return length_ > longest; }
  /// False when a key that starts with this encoding may belong to other values: a named zone, or so long that a
  /// hash may stand where its end would be.
  bool exact() const { return exact_ && length_ <= cut_at; }
  /// Appends what belongs into a key: everything, or the first `cut_at` bytes and the hash.
  void append_to(IndexKey& key) const;
  /// Appends at most `cut_at` bytes, no hash: for bounds of ranges. False when something was left out.
  bool append_bound_to(IndexKey& key) const;

 private:
  void put(Bytes b);
  void put(std::uint8_t v);
  template <class T>
  void big_endian(T v);
  void signed64(std::int64_t v) { big_endian(static_cast<std::uint64_t>(v) ^ (std::uint64_t{1} << 63)); }
  void real(double d);
  void integer(std::int64_t i);
  void number(double floor, std::uint16_t beyond);
  void escaped(Bytes b);
  void vector(const Value& v);
  void duration(const Duration& d);
  void point(const Point& p);
  void hash(Bytes b);

  std::array<std::byte, longest> bytes_;
  std::size_t length_ = 0;  // of the whole encoding, kept or not
  std::uint64_t hash_ = 0xCBF29CE484222325U;
  bool exact_ = true;
};

}  // namespace packhouse::storage::keys
