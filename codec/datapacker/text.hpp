#pragma once
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "base/error.hpp"
#include "codec/datapacker/dtype.hpp"

// Texts (UTF-8 inside Packhouse) in the encodings of `str` dtypes.
namespace packhouse::datapacker {

/// Bytes of `utf8` (valid UTF-8) in encoding `e`, or an error for a character that it has not.
Result<std::size_t> encoded_size(Encoding e, std::string_view utf8);

/// Writes exactly encoded_size() bytes, which must have succeeded.
void encode_text(Encoding e, std::string_view utf8, std::byte* out);

/// The longest beginning of `utf8` whose encoding fits `room` bytes, cut between characters.
std::string_view cut_to_fit(Encoding e, std::string_view utf8, std::size_t room);

/// The text that the bytes stand for, as valid UTF-8: a view of them where they are that already, otherwise in
/// `arena`. With `trim`, U+0000 at the end is dropped. A single byte at the end of UTF-16 is ignored.
Result<std::string_view> decode_text(Encoding e, Bytes in, bool trim, Arena& arena);

}  // namespace packhouse::datapacker
