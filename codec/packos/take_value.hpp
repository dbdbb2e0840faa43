#pragma once
#include "base/arena.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "codec/packos/frame.hpp"
#include "value/value.hpp"

namespace packhouse::packos {

/// How far the bytes are trusted. Our own records hold checked text; what came from elsewhere is
/// `foreign`: a string field that isn't UTF-8 is bytes, a map key that isn't is an error (B1), and of
/// duplicate keys the last value wins.
struct Take {
  int depth = max_depth;
  bool foreign = false;
  Take deeper() const { return {depth - 1, foreign}; }
};

/// Strict UTF-8; short ASCII, the usual case, is seen at once.
inline bool is_utf8(std::string_view s) {
  std::uint64_t bits = 0;
  std::size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) bits |= load<std::uint64_t>(reinterpret_cast<const std::byte*>(s.data() + i));
  for (; i < s.size(); ++i) bits |= static_cast<unsigned char>(s[i]);
  return (bits & 0x8080808080808080) == 0 || utf8::is_valid(s);
}

/// Everything that is not a plain scalar: lists, maps, extended fields, and whatever is wrong.
[[gnu::noinline]] Result<Value> take_other(const FrameView& in, const Field& f, Arena& arena, Take how = {});

/// The value of a field of `in`. Text and bytes stay views of the frame; lists, maps, durations and
/// points are made in `arena`, and nothing else allocates. A zero-width integer, float, boolean or
/// tuple is null, a zero-width map is an empty map.
/// Errors: Status::storage_failed, saying what was found and at which byte.
inline Result<Value> take_value(const FrameView& in, const Field& f, Arena& arena, Take how = {}) {
  const std::byte* at = f.bytes.data();
  const std::size_t n = f.bytes.size();
  if (f.tag == Tag::integer) {
    switch (n) {
      case 1: return Value::integer(load<std::int8_t>(at));
      case 2: return Value::integer(load<std::int16_t>(at));
      case 4: return Value::integer(load<std::int32_t>(at));
      case 8: return Value::integer(load<std::int64_t>(at));
      default: break;
    }
  } else if (f.tag == Tag::string && (!how.foreign || is_utf8(as_text(f.bytes)))) {
    return Value::string(as_text(f.bytes));
  } else if (f.tag == Tag::floating && n == 8) {
    return Value::real(load<double>(at));
  } else if (f.tag == Tag::boolean && n == 1) {
    return Value::boolean(load<std::uint8_t>(at) != 0);
  }
  return take_other(in, f, arena, how);
}

}  // namespace packhouse::packos
