#include "packstream/print.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/ascii.hpp"
#include "packstream/cursor.hpp"

namespace packhouse::packstream {
namespace {

void put_hex(std::string& out, std::uint8_t b) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out.push_back(digits[b >> 4]);
  out.push_back(digits[b & 0x0F]);
}

void put_bytes(std::string& out, Bytes b) {
  out += '[';
  for (const std::byte x : b) put_hex(out, std::to_integer<std::uint8_t>(x));
  out += ']';
}

void put_real(std::string& out, double v) {
  std::array<char, 400> text;  // fixed notation of the largest double has 309 digits
  out += "Float(";
  if (std::isnan(v)) {
    out += "NaN";
  } else {
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), v, std::chars_format::fixed).ptr);
  }
  out += ')';
}

void put_text(std::string& out, std::string_view s) {
  out += '"';
  for (const char c : s) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
          out += c;
        } else {
          out += "\\x";
          put_hex(out, static_cast<std::uint8_t>(c));
        }
    }
  }
  out += '"';
}

void put_structure(std::string& out, const Token& t) {
  const bool letter = is_ascii_letter(static_cast<char>(t.tag));
  out += "(Struct<tag=";
  if (letter) out.append("'").append(1, static_cast<char>(t.tag)).append("' (");
  out += "0x";
  put_hex(out, t.tag);
  if (letter) out += ')';
  out.append(" len=").append(std::to_string(t.size)).append(">)");
}

void put_item(std::string& out, Cursor& in, const Token& t) {
  switch (t.type) {
    case Type::null: out += "NULL"; break;
    case Type::boolean: out += t.boolean() ? "TRUE" : "FALSE"; break;
    case Type::integer: out.append("Int(").append(std::to_string(t.integer())).append(")"); break;
    case Type::real: put_real(out, t.real()); break;
    case Type::string:
      if (in.check_text(t)) {
        put_text(out, t.text());
      } else {
        put_bytes(out, t.bytes());
        out.append(" (").append(in.error().message()).append(")");
      }
      break;
    case Type::bytes: put_bytes(out, t.bytes()); break;
    case Type::list: out.append("(List[").append(std::to_string(t.size)).append("])"); break;
    case Type::map: out.append("(Map[").append(std::to_string(t.size)).append("])"); break;
    case Type::structure: put_structure(out, t); break;
    case Type::uuid: out += "Uuid"; put_bytes(out, t.bytes()); break;
  }
}

}  // namespace

std::string print(Bytes bytes, bool uuid) {
  std::string out;
  Cursor in(bytes, uuid);
  while (!in.at_end()) {
    out += ' ';
    put_hex(out, in.peek());
    out += ' ';
    Token t;
    if (in.next(t)) {
      put_item(out, in, t);
    } else if (in.fault() == Fault::unknown_marker) {
      return out += "Unknown marker";
    } else {
      return out.append("(").append(in.error().message()).append(")");
    }
  }
  return out;
}

}  // namespace packhouse::packstream
