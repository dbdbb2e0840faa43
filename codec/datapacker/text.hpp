#pragma once
#include <cstring>
#include <span>
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

/// What a text too long for its fixed size does.
enum class Overlong : std::uint8_t {
  refuse,
  truncate,  ///< cut between characters
};
tl::unexpected<Error> too_long(std::size_t size, std::uint64_t room);

/// The longest beginning of `utf8` whose encoding fits `room` bytes, cut between characters.
std::string_view cut_to_fit(Encoding e, std::string_view utf8, std::size_t room);

/// The text that the bytes stand for, as valid UTF-8: a view of them where they are that already, otherwise in
/// `arena`. With `trim`, U+0000 at the end is dropped. A single byte at the end of UTF-16 is ignored.
Result<std::string_view> decode_text(Encoding e, Bytes in, bool trim, Arena& arena);

// Values of fixed size, filled up with zeros. Inline, because batches are made of nothing else.

inline Result<void> put_padded(Bytes b, std::span<std::byte> out) {
  if (b.size() > out.size()) [[unlikely]]
    return too_long(b.size(), out.size());
  if (!b.empty()) std::memcpy(out.data(), b.data(), b.size());
  if (b.size() < out.size()) std::memset(out.data() + b.size(), 0, out.size() - b.size());
  return {};
}

/// `d` is a string dtype with a size.
inline Result<void> put_fixed_text(const Dtype& d, Overlong overlong, std::string_view utf8, std::byte* out) {
  auto size = encoded_size(d.encoding, utf8);
  if (!size) [[unlikely]]
    return tl::make_unexpected(std::move(size).error());
  if (*size > *d.size) [[unlikely]] {
    if (overlong == Overlong::refuse) return too_long(*size, *d.size);
    utf8 = cut_to_fit(d.encoding, utf8, *d.size);
    size = encoded_size(d.encoding, utf8);
  }
  encode_text(d.encoding, utf8, out);
  if (*size < *d.size) std::memset(out + *size, 0, *d.size - *size);
  return {};
}

}  // namespace packhouse::datapacker
