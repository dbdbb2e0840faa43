#include "codec/json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "codec/json/typed.hpp"
#include "value/temporal/api.hpp"

namespace packhouse::codec::json {

void Writer::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (open_.empty()) return;
  if (!open_.back().empty) raw(",");
  open_.back().empty = false;
}

Result<void> Writer::word(std::string_view w) {
  separate();
  raw(w);
  return {};
}

Result<void> Writer::integer(std::int64_t v) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), v).ptr;
  return word({text.data(), end});
}

Result<void> Writer::real(double v) {
  if (std::isfinite(v)) return word(real_to_json(v));
  if (!options_.typed) return refuse("NaN or infinity");
  return typed("Float", std::isnan(v) ? "NaN" : v < 0 ? "-Infinity" : "Infinity");
}

Result<void> Writer::string(std::string_view v) {
  separate();
  quoted(v);
  return {};
}

void Writer::quoted(std::string_view s) {
  constexpr std::string_view hex = "0123456789abcdef";
  raw("\"");
  std::size_t plain = 0;  // where the run of characters that need no escape begins
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    raw(s.substr(plain, i - plain));
    plain = i + 1;
    switch (c) {
      case '"': raw("\\\""); break;
      case '\\': raw("\\\\"); break;
      case '\b': raw("\\b"); break;
      case '\f': raw("\\f"); break;
      case '\n': raw("\\n"); break;
      case '\r': raw("\\r"); break;
      case '\t': raw("\\t"); break;
      default: raw(std::string("\\u00") + hex[c >> 4] + hex[c & 0x0F]); break;
    }
  }
  raw(s.substr(plain));
  raw("\"");
}

Result<void> Writer::typed(std::string_view type, std::string_view text) {
  separate();
  raw("{\"$type\":\"");
  raw(type);
  raw("\",\"_value\":");
  quoted(text);
  raw("}");
  return {};
}

Result<void> Writer::bytes(Bytes v) {
  if (!options_.typed) return refuse("bytes");
  return typed("Base64", base64(v));
}

Result<void> Writer::list_begin(std::uint32_t) {
  separate();
  raw("[");
  open_.push_back({false, true, false});
  return {};
}

Result<void> Writer::list_end() {
  open_.pop_back();
  raw("]");
  return {};
}

Result<void> Writer::map_begin(std::uint32_t) {
  separate();
  raw("{");
  open_.push_back({true, true, false});
  return {};
}

Result<void> Writer::key(std::string_view k) {
  if (k == "$type" && options_.typed && open_.back().empty) {
    raw("\"$type\":\"Map\",\"_value\":{");
    open_.back().wrapped = true;
  }
  separate();
  quoted(k);
  raw(":");
  after_key_ = true;
  return {};
}

Result<void> Writer::map_end() {
  raw(open_.back().wrapped ? "}}" : "}");
  open_.pop_back();
  return {};
}

Result<void> Writer::structure_begin(std::uint8_t tag, std::uint32_t) {
  return refuse("a structure with tag " + std::to_string(tag));
}

Result<void> Writer::temporal(const Value& v) {
  if (!options_.typed) return refuse(type_name(v.kind()));
  return typed(type_of(v), temporal_to_text(v));
}

Result<void> Writer::date(Date v) { return temporal(Value::date(v)); }
Result<void> Writer::local_time(LocalTime v) { return temporal(Value::local_time(v)); }
Result<void> Writer::time(Time v) { return temporal(Value::time(v)); }
Result<void> Writer::local_datetime(LocalDateTime v) { return temporal(Value::local_datetime(v)); }
Result<void> Writer::datetime(const DateTime& v) { return temporal(Value::datetime(v)); }
Result<void> Writer::duration(const Duration& v) { return temporal(Value::duration(&v)); }

Result<void> Writer::point(const Point& v) {
  if (!options_.typed) return refuse("a point");
  return typed("Point", point_to_text(v));
}

Result<void> Writer::vector(Element e, std::uint32_t dimensions, Bytes little_endian) {
  if (!options_.typed) return refuse("a vector");
  separate();
  raw("{\"$type\":\"Vector\",\"_value\":{\"coordinatesType\":\"");
  raw(element_name(e));
  raw("\",\"coordinates\":[");
  for (std::uint32_t i = 0; i < dimensions; ++i) {
    if (i > 0) raw(",");
    quoted(coordinate_to_text(e, little_endian, i));
  }
  raw("]}}");
  return {};
}

Result<void> Writer::refuse(std::string_view what) const {
  return fail(Status::type_error, "JSON can't carry " + std::string(what));
}

}  // namespace packhouse::codec::json
