#include "codec/datapacker/spaced_json.hpp"

#include <charconv>
#include <cmath>
#include <iterator>
#include <string>

#include "base/utf8.hpp"

namespace packhouse::datapacker {
namespace {

constexpr int most_levels = 1000;

void put(Buffer& out, std::string_view s) {
  out.append(as_bytes(s));
}

void put_unit(Buffer& out, std::uint32_t unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  put(out, "\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.put(static_cast<std::uint8_t>(digits[unit >> shift & 15U]));
}

void put_string(Buffer& out, std::string_view s) {
  out.put('"');
  for (std::size_t at = 0; at < s.size();) {
    const std::uint32_t c = utf8::decode(s, at);
    switch (c) {
      case '"': put(out, "\\\""); break;
      case '\\': put(out, "\\\\"); break;
      case '\n': put(out, "\\n"); break;
      case '\r': put(out, "\\r"); break;
      case '\t': put(out, "\\t"); break;
      case '\b': put(out, "\\b"); break;
      case '\f': put(out, "\\f"); break;
      default:
        if (c >= 0x20 && c < 0x7F) {
          out.put(static_cast<std::uint8_t>(c));
        } else if (c < 0x10000) {
          put_unit(out, c);
        } else {
          put_unit(out, 0xD800U + ((c - 0x10000) >> 10));
          put_unit(out, 0xDC00U + ((c - 0x10000) & 0x3FFU));
        }
    }
  }
  out.put('"');
}

/// What stands between the items of a list or map, and behind its keys.
struct Separators {
  std::string_view items, keys;
};

Result<void> write(const Value& v, Buffer& out, const Separators& s, int levels) {
  if (levels == 0) return fail(Status::argument_error, "JSON: lists and maps are nested too deeply");
  switch (v.kind()) {
    case Kind::null: return put(out, "null"), Result<void>();
    case Kind::boolean: return put(out, v.as_boolean() ? "true" : "false"), Result<void>();
    case Kind::integer: return put(out, std::to_string(v.as_integer())), Result<void>();
    case Kind::real:
      if (!std::isfinite(v.as_real()))
        return fail(Status::argument_error, "JSON has no NaN and no infinities; use msgpack or cbor");
      return put(out, python_repr(v.as_real())), Result<void>();
    case Kind::string: return put_string(out, v.as_string()), Result<void>();
    case Kind::list: {
      std::string_view before = "[";
      for (const Value& item : v.as_list()) {
        put(out, before);
        PACKHOUSE_CHECK(write(item, out, s, levels - 1));
        before = s.items;
      }
      return put(out, v.as_list().empty() ? "[]" : "]"), Result<void>();
    }
    case Kind::map: {
      std::string_view before = "{";
      for (const auto& [key, item] : v.as_map()) {
        put(out, before);
        put_string(out, key);
        put(out, s.keys);
        PACKHOUSE_CHECK(write(item, out, s, levels - 1));
        before = s.items;
      }
      return put(out, v.as_map().empty() ? "{}" : "}"), Result<void>();
    }
    default: break;
  }
  return fail(Status::type_error,
              "JSON takes null, booleans, numbers, strings, lists and maps, found " + std::string(type_name(v.kind())));
}

Result<void> write_whole(const Value& v, Buffer& out, const Separators& s) {
  const std::size_t before = out.size();
  auto done = write(v, out, s, most_levels);
  if (!done) out.truncate(before);
  return done;
}

}  // namespace

std::string python_repr(double v) {
  char digits[40];
  const auto text = [&](std::chars_format format) {
    return std::string(digits, std::to_chars(std::begin(digits), std::end(digits), v, format).ptr);
  };
  const double size = std::fabs(v);
  if (size != 0 && (size < 1e-4 || size >= 1e16)) return text(std::chars_format::scientific);
  std::string fixed = text(std::chars_format::fixed);
  if (fixed.find('.') == std::string::npos) fixed += ".0";
  return fixed;
}

Result<void> write_spaced_json(const Value& v, Buffer& out) { return write_whole(v, out, {", ", ": "}); }

Result<void> write_compact_json(const Value& v, Buffer& out) { return write_whole(v, out, {",", ":"}); }

}  // namespace packhouse::datapacker
