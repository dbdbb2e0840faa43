#include "codec/json/typed.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "packstream/elements.hpp"
#include "value/temporal/api.hpp"

namespace packhouse::codec::json {
namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct ElementName {
  Element element;
  std::string_view name;
};
constexpr std::array element_names{
    ElementName{Element::i8, "INT8"},     ElementName{Element::i16, "INT16"},   ElementName{Element::i32, "INT32"},
    ElementName{Element::i64, "INT64"},   ElementName{Element::f32, "FLOAT32"}, ElementName{Element::f64, "FLOAT64"},
};

struct TypeName {
  std::string_view name;
  Kind kind;
};
constexpr std::array temporal_types{
    TypeName{"Date", Kind::date},
    TypeName{"Time", Kind::time},
    TypeName{"LocalTime", Kind::local_time},
    TypeName{"LocalDateTime", Kind::local_datetime},
    TypeName{"OffsetDateTime", Kind::datetime},
    TypeName{"ZonedDateTime", Kind::datetime},
};

tl::unexpected<Error> refuse(std::string_view what, std::string_view text) {
  return fail(Status::request_invalid, std::string("'").append(text.substr(0, 60)).append("' is not ").append(what));
}

/// The whole text as a number.
template <class T>
bool parse(std::string_view text, T& v) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
  return error == std::errc() && end == text.data() + text.size();
}

Result<void> deliver_real(std::string_view text, AnySink& out) {
  if (text == "NaN") return out.real(std::numeric_limits<double>::quiet_NaN());
  if (text == "Infinity") return out.real(std::numeric_limits<double>::infinity());
  if (text == "-Infinity") return out.real(-std::numeric_limits<double>::infinity());
  double v = 0;
  if (!parse(text, v) || !std::isfinite(v)) return refuse("a float", text);
  return out.real(v);
}

Result<void> deliver_temporal(Kind kind, std::string_view text, AnySink& out) {
  PACKHOUSE_TRY(const Value v, temporal_from_text(kind, text, Now{}));
  switch (v.kind()) {
    case Kind::date: return out.date(v.as_date());
    case Kind::time: return out.time(v.as_time());
    case Kind::local_time: return out.local_time(v.as_local_time());
    case Kind::local_datetime: return out.local_datetime(v.as_local_datetime());
    default: return out.datetime(v.as_datetime());
  }
}

template <class T>
void append(std::string& out, T v) {
  std::array<char, sizeof v> raw;
  std::memcpy(raw.data(), &v, sizeof v);
  out.append(raw.data(), raw.size());
}

template <class T>
Result<void> append_parsed(std::string_view text, std::string& out) {
  T v{};
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, float>) {
    if (text == "NaN") return append(out, std::numeric_limits<T>::quiet_NaN()), Result<void>{};
    if (text == "Infinity") return append(out, std::numeric_limits<T>::infinity()), Result<void>{};
    if (text == "-Infinity") return append(out, -std::numeric_limits<T>::infinity()), Result<void>{};
  }
  if (!parse(text, v)) return refuse("a coordinate of this vector", text);
  append(out, v);
  return {};
}

template <class T>
std::string number_text(T v) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(v)) return "NaN";
    if (std::isinf(v)) return v < 0 ? "-Infinity" : "Infinity";
  }
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), v).ptr;
  return {text.data(), end};
}

}  // namespace

Result<void> deliver_typed(std::string_view type, std::string_view text, AnySink& out) {
  if (type == "String") return out.string(text);
  if (type == "Float") return deliver_real(text, out);
  if (type == "Integer") {
    std::int64_t v = 0;
    if (!parse(text, v)) return refuse("a 64 bit integer", text);
    return out.integer(v);
  }
  if (type == "Base64") {
    PACKHOUSE_TRY(const std::string raw, from_base64(text));
    return out.bytes(as_bytes(raw));
  }
  if (type == "Duration") {
    PACKHOUSE_TRY(const Duration d, duration_from_text(text));
    return out.duration(d);
  }
  if (type == "Point") {
    PACKHOUSE_TRY(const Point p, point_from_text(text));
    return out.point(p);
  }
  for (const TypeName& t : temporal_types) {
    if (t.name == type) return deliver_temporal(t.kind, text, out);
  }
  return fail(Status::request_invalid, "unknown \"$type\" '" + std::string(type.substr(0, 60)) + "'");
}

bool is_plain_type(std::string_view type) { return type == "Null" || type == "Boolean" || type == "List"; }

std::string_view type_of(const Value& temporal) {
  if (temporal.is(Kind::duration)) return "Duration";
  if (temporal.is(Kind::datetime) && temporal.as_datetime().zone.is_named()) return "ZonedDateTime";
  for (const TypeName& t : temporal_types) {
    if (t.kind == temporal.kind()) return t.name;
  }
  return {};
}

std::string base64(Bytes b) {
  std::string out;
  out.reserve((b.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < b.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, b.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < n ? std::to_integer<std::uint32_t>(b[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k) out.push_back(k <= n ? base64_digits[bits >> (18 - 6 * k) & 0x3F] : '=');
  }
  return out;
}

Result<std::string> from_base64(std::string_view text) {
  std::string out;
  if (text.size() % 4 != 0) return refuse("base64", text);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::string_view four = text.substr(i, 4);
    const bool last = i + 4 == text.size();
    const std::size_t padding = !last || four[3] != '=' ? 0 : four[2] == '=' ? 2 : 1;
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t digit = k + padding >= 4 ? 0 : base64_digits.find(four[k]);
      if (digit == std::string_view::npos) return refuse("base64", text);
      bits = bits << 6 | static_cast<std::uint32_t>(digit);
    }
    for (std::size_t k = 0; k + padding < 3; ++k) out.push_back(static_cast<char>(bits >> (16 - 8 * k) & 0xFF));
  }
  return out;
}

std::string point_to_text(const Point& p) {
  std::string s = "SRID=";
  s.append(std::to_string(static_cast<int>(p.crs))).append(p.three_d() ? ";POINT Z (" : ";POINT (");
  s.append(real_to_json(p.x)).append(" ").append(real_to_json(p.y));
  if (p.three_d()) s.append(" ").append(real_to_json(p.z));
  return s + ")";
}

Result<Point> point_from_text(std::string_view text) {
  const auto bad = [text] { return refuse("a point like 'SRID=7203;POINT (1.0 2.0)'", text); };
  std::string_view rest = text;
  if (!rest.starts_with("SRID=")) return bad();
  rest.remove_prefix(5);
  const std::size_t semicolon = rest.find(';');
  std::int64_t srid = 0;
  if (semicolon == rest.npos || !parse(rest.substr(0, semicolon), srid)) return bad();
  rest.remove_prefix(semicolon + 1);
  const auto crs = crs_from_srid(srid);
  if (!crs) return bad();
  Point p;
  p.crs = *crs;
  const std::string_view opening = p.three_d() ? "POINT Z (" : "POINT (";
  if (!rest.starts_with(opening) || !rest.ends_with(')')) return bad();
  rest = rest.substr(opening.size(), rest.size() - opening.size() - 1);
  std::array<double*, 3> coordinates{&p.x, &p.y, &p.z};
  const std::size_t count = p.three_d() ? 3 : 2;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t end = i + 1 < count ? rest.find(' ') : rest.size();
    if (end == rest.npos || !parse(rest.substr(0, end), *coordinates[i])) return bad();
    if (!std::isfinite(*coordinates[i])) return bad();
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return p;
}

std::string_view element_name(Element e) { return element_names[static_cast<std::size_t>(e)].name; }

Result<Element> element_from_name(std::string_view name) {
  for (const ElementName& e : element_names) {
    if (e.name == name) return e.element;
  }
  return refuse("a type of vector elements", name);
}

Result<void> append_coordinate(Element e, std::string_view text, std::string& little_endian) {
  switch (e) {
    case Element::i8: return append_parsed<std::int8_t>(text, little_endian);
    case Element::i16: return append_parsed<std::int16_t>(text, little_endian);
    case Element::i32: return append_parsed<std::int32_t>(text, little_endian);
    case Element::i64: return append_parsed<std::int64_t>(text, little_endian);
    case Element::f32: return append_parsed<float>(text, little_endian);
    case Element::f64: return append_parsed<double>(text, little_endian);
  }
  return refuse("a coordinate", text);
}

std::string coordinate_to_text(Element e, Bytes little_endian, std::size_t index) {
  const packstream::ElementNumber n = packstream::element_at(e, little_endian, index);
  if (!n.is_real) return number_text(n.integer);
  return e == Element::f32 ? number_text(static_cast<float>(n.real)) : number_text(n.real);
}

std::string real_to_json(double finite) {
  std::string text = number_text(finite);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace packhouse::codec::json
