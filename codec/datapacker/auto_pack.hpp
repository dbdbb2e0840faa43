#pragma once
#include "base/buffer.hpp"
#include "codec/datapacker/array.hpp"
#include "value/value.hpp"

// Values whose packing is chosen for them, with a header that says which one it was. The header is the original's:
//
//   89 4B | version 01 | encoding | flags | dtype | 00 00 | 56 4B
//
// Bytes are stored as they are, without one (unless they look like a header themselves: then with encoding 0).
// Encoding 2 leaves open what its payload is: the original guesses, and guesses wrong for large integers, small
// floats, booleans and more. Packhouse writes the original's bytes where the guess is right; otherwise flag 1 is
// set and `dtype` says it, so that every value comes back as what it was.
namespace packhouse::datapacker {

enum class Stored : std::uint8_t {
  raw = 0,
  pickle = 1,  ///< never written; reading is refused: it would run foreign code
  packed = 2,  ///< i64, f64, bool, u64 or a vector of any shape
  json = 3,
  msgpack = 4,
  cbor = 5,
  text = 6,
};
/// "raw", "json" …, as a wrapper names it; "auto" is no encoding.
Result<Stored> stored_from_name(std::string_view name);

/// What `packed` holds, as the header records it.
enum class Recorded : std::uint8_t { guess = 0, i64 = 1, f64 = 2, boolean = 3, u64 = 4, vector = 5 };

inline constexpr std::size_t header_size = 10;
void put_header(Stored encoding, Recorded dtype, Buffer& out);

/// The pieces of something stored. Bytes without a header are raw.
struct Unwrapped {
  Stored encoding = Stored::raw;
  Recorded dtype = Recorded::guess;  ///< of `packed`, never `guess`
  Bytes payload;
};
/// Damaged or unknown headers are an error.
Result<Unwrapped> unwrap(Bytes stored);

// The choice: bytes raw; integers i64; floats f64; booleans; strings text; lists, maps and null MessagePack; vectors
// as such. Others are a type error.
Result<void> auto_pack(const Value& v, Buffer& out);
/// With the encoding that a wrapper wants: json, msgpack, cbor, raw (bytes) or text.
Result<void> auto_pack_as(Stored encoding, const Value& v, Buffer& out);
Result<void> auto_pack_array(const ArrayView& a, Buffer& out);
Result<void> auto_pack_unsigned(std::uint64_t n, Buffer& out);

/// The value that was stored; strings, bytes and vectors may be views of `stored`.
Result<Value> auto_unpack(Bytes stored, Arena& arena);
/// Of `packed` with `dtype` vector.
Result<ArrayView> unpack_any_vector(Bytes payload);

}  // namespace packhouse::datapacker
