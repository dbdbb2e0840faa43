#include "codec/datapacker/text.hpp"

#include "base/utf8.hpp"

namespace packhouse::datapacker {
namespace {

unsigned char byte_at(std::string_view s, std::size_t i) {
  return static_cast<unsigned char>(s[i]);
}

/// Bytes that begin a character, and those that begin one beyond U+FFFF.
struct Count {
  std::size_t characters = 0, astral = 0;
};
Count count(std::string_view s) {
  Count n;
  for (const char c : s) {
    n.characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    n.astral += static_cast<unsigned char>(c) >= 0xF0U;
  }
  return n;
}

bool all_ascii(std::string_view s) {
  unsigned char bits = 0;
  for (const char c : s) bits |= static_cast<unsigned char>(c);
  return bits < 0x80;
}

bool all_latin1(std::string_view s) {
  bool fine = true;
  for (const char c : s) fine &= static_cast<unsigned char>(c) < 0xC4U;
  return fine;
}

std::byte* put_unit(std::byte* out, std::uint32_t unit, bool big) {
  out[big ? 1 : 0] = static_cast<std::byte>(unit);
  out[big ? 0 : 1] = static_cast<std::byte>(unit >> 8);
  return out + 2;
}

void encode_utf16(std::string_view s, bool big, std::byte* out) {
  for (std::size_t at = 0; at < s.size();) {
    if (byte_at(s, at) < 0x80) {
      out = put_unit(out, byte_at(s, at++), big);
      continue;
    }
    const std::uint32_t c = utf8::decode(s, at);
    if (c >= 0x10000) {
      out = put_unit(out, 0xD800U + ((c - 0x10000) >> 10), big);
      out = put_unit(out, 0xDC00U + ((c - 0x10000) & 0x3FFU), big);
    } else {
      out = put_unit(out, c, big);
    }
  }
}

std::string_view trimmed(std::string_view s, bool trim) {
  while (trim && !s.empty() && s.back() == '\0') s.remove_suffix(1);
  return s;
}

Result<std::string_view> decode_utf16(Bytes in, bool big, bool trim, Arena& arena) {
  std::string out;
  const std::size_t units = in.size() / 2;
  const auto unit = [&](std::size_t i) {
    const auto first = std::to_integer<std::uint32_t>(in[2 * i]),
               second = std::to_integer<std::uint32_t>(in[2 * i + 1]);
    return big ? first << 8 | second : second << 8 | first;
  };
  out.reserve(units);
  for (std::size_t i = 0; i < units; ++i) {
    std::uint32_t c = unit(i);
    if (c >= 0xD800 && c < 0xE000) {
      const bool pair = c < 0xDC00 && i + 1 < units && (unit(i + 1) & 0xFC00U) == 0xDC00U;
      if (!pair)
        return fail(Status::request_invalid, "UTF-16 decode error: lone surrogate at byte " + std::to_string(2 * i));
      c = 0x10000 + ((c & 0x3FFU) << 10) + (unit(++i) & 0x3FFU);
    }
    utf8::encode(static_cast<char32_t>(c), out);
  }
  return arena.copy(trimmed(out, trim));
}

std::string_view decode_latin1(Bytes in, bool trim, Arena& arena) {
  const std::string_view raw = trimmed(as_text(in), trim);
  if (all_ascii(raw)) return raw;
  std::string out;
  for (const char c : raw) utf8::encode(static_cast<unsigned char>(c), out);
  return arena.copy(std::string_view(out));
}

}  // namespace

Result<std::size_t> encoded_size(Encoding e, std::string_view s) {
  switch (e) {
    case Encoding::utf8: return s.size();
    case Encoding::utf16le:
    case Encoding::utf16be: {
      const Count n = count(s);
      return 2 * (n.characters + n.astral);
    }
    case Encoding::latin1:
      if (!all_latin1(s)) return fail(Status::argument_error, "String contains characters outside Latin1 range");
      return count(s).characters;
    case Encoding::ascii: break;
  }
  if (!all_ascii(s)) return fail(Status::argument_error, "String contains non-ASCII characters");
  return s.size();
}

void encode_text(Encoding e, std::string_view s, std::byte* out) {
  switch (e) {
    case Encoding::utf16le: return encode_utf16(s, false, out);
    case Encoding::utf16be: return encode_utf16(s, true, out);
    case Encoding::latin1:
      for (std::size_t at = 0; at < s.size();) *out++ = static_cast<std::byte>(utf8::decode(s, at));
      return;
    case Encoding::utf8:
    case Encoding::ascii: break;
  }
  if (!s.empty()) std::memcpy(out, s.data(), s.size());
}

std::string_view cut_to_fit(Encoding e, std::string_view s, std::size_t room) {
  std::size_t end = 0, used = 0;
  while (end < s.size()) {
    const std::size_t length = utf8::sequence_length(byte_at(s, end));
    const bool wide = e == Encoding::utf16le || e == Encoding::utf16be;
    used += e == Encoding::utf8 ? length : wide ? (length == 4 ? 4U : 2U) : 1U;
    if (used > room) break;
    end += length;
  }
  return s.substr(0, end);
}

Result<std::string_view> decode_text(Encoding e, Bytes in, bool trim, Arena& arena) {
  switch (e) {
    case Encoding::utf16le: return decode_utf16(in, false, trim, arena);
    case Encoding::utf16be: return decode_utf16(in, true, trim, arena);
    case Encoding::latin1: return decode_latin1(in, trim, arena);
    case Encoding::ascii:
      if (!all_ascii(as_text(in))) return fail(Status::request_invalid, "Data contains non-ASCII bytes");
      return trimmed(as_text(in), trim);
    case Encoding::utf8: break;
  }
  if (const std::size_t bad = utf8::first_invalid(as_text(in)); bad != utf8::npos) {
    return fail(Status::request_invalid, "UTF-8 decode error: invalid sequence at byte " + std::to_string(bad));
  }
  return trimmed(as_text(in), trim);
}

tl::unexpected<Error> too_long(std::size_t size, std::uint64_t room) {
  return fail(Status::argument_error, "Data too long: " + std::to_string(size) + " > " + std::to_string(room));
}

}  // namespace packhouse::datapacker
