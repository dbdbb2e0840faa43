#include "packstream/cursor.hpp"

#include <string>

#include "base/utf8.hpp"

namespace packhouse::packstream {
namespace {

std::string hex(std::byte b) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto v = std::to_integer<unsigned>(b);
  return {digits[v >> 4], digits[v & 0x0F]};
}

}  // namespace

std::string_view name(Type t) {
  switch (t) {
    case Type::null: return "null";
    case Type::boolean: return "a boolean";
    case Type::integer: return "an integer";
    case Type::real: return "a float";
    case Type::string: return "a string";
    case Type::bytes: return "bytes";
    case Type::list: return "a list";
    case Type::map: return "a map";
    case Type::structure: return "a structure";
    case Type::uuid: return "a UUID";
  }
  return "something unknown";
}

bool Cursor::skip() {
  std::uint64_t left = 1;
  Token t;
  while (left > 0) {
    if (!next(t)) return false;
    --left;
    if (t.type == Type::list || t.type == Type::structure) left += t.size;
    if (t.type == Type::map) left += std::uint64_t{t.size} * 2;
    if (left > remaining()) return refuse(Fault::cut_short, end_);
  }
  return true;
}

bool Cursor::raw(RawValue& out) {
  const std::byte* const start = at_;
  if (!skip()) return false;
  out.bytes = {start, static_cast<std::size_t>(at_ - start)};
  return true;
}

std::size_t Cursor::integers(std::span<std::int64_t> out) {
  return integer_run(out.size(), [out](std::size_t i, std::int64_t v) { out[i] = v; });
}

bool Cursor::invalid_text(const Token& t) {
  const std::size_t bad = utf8::first_invalid(t.text());
  return bad == utf8::npos || refuse(Fault::not_utf8, t.data + bad);
}

Error Cursor::error() const {
  const std::string where = " at byte " + std::to_string(fault_at_ - begin_);
  const std::string found = fault_at_ < end_ ? hex(*fault_at_) : "the end";
  const auto because = [](std::string message) { return Error(Status::request_invalid, std::move(message)); };
  switch (fault_) {
    case Fault::cut_short: return because("PackStream value is cut short" + where);
    case Fault::unknown_marker: return because("unknown PackStream marker " + found + where);
    case Fault::too_large: return because("PackStream size above 2147483647" + where);
    case Fault::not_utf8: return because("PackStream string is not valid UTF-8: found " + found + where);
    case Fault::key_not_string:
      return because("a PackStream map key must be a string, found marker " + found + where);
    case Fault::duplicate_key: return because("duplicate map key in PackStream map" + where);
    case Fault::too_deep: return because("PackStream value is nested too deeply" + where);
    case Fault::left_over: return because("bytes after the end of the PackStream value" + where);
    case Fault::none: break;
  }
  return {Status::internal, "PackStream cursor asked for an error it does not have"};
}

}  // namespace packhouse::packstream
