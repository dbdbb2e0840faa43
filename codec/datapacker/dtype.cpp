#include "codec/datapacker/dtype.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "base/ascii.hpp"

namespace packhouse::datapacker {
namespace {

constexpr std::array<std::string_view, scalar_count> scalar_names = {"i8",  "i16", "i32", "i64", "u8",  "u16",
                                                                     "u32", "u64", "f16", "f32", "f64", "bool"};
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 48;
struct EncodingName {
  std::string_view name;
  Encoding encoding;
};
constexpr EncodingName encodings[] = {
    {"utf8", Encoding::utf8},        {"utf16le", Encoding::utf16le},  {"utf16be", Encoding::utf16be},
    {"latin1", Encoding::latin1},    {"ascii", Encoding::ascii},      {"utf-8", Encoding::utf8},
    {"utf-16le", Encoding::utf16le}, {"utf-16be", Encoding::utf16be}, {"iso-8859-1", Encoding::latin1},
};

struct ElementName {
  std::string_view name, long_name;
  Scalar scalar;
};
constexpr ElementName elements[] = {
    // by their code in packed vectors, from 1
    {"f32", "float32", Scalar::f32}, {"f64", "float64", Scalar::f64}, {"i32", "int32", Scalar::i32},
    {"i64", "int64", Scalar::i64},   {"u8", "uint8", Scalar::u8},     {"u16", "uint16", Scalar::u16},
    {"u32", "uint32", Scalar::u32},  {"u64", "uint64", Scalar::u64},  {"i8", "int8", Scalar::i8},
    {"i16", "int16", Scalar::i16},
};

tl::unexpected<Error> invalid(const std::string& why) {
  return fail(Status::argument_error, "Invalid dtype: " + why);
}

std::vector<std::string_view> split(std::string_view s) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t colon = s.find(':');
    parts.push_back(s.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    s.remove_prefix(colon + 1);
  }
}

/// Digits only: no sign, no space.
std::optional<std::uint64_t> number(std::string_view s) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (s.empty() || error != std::errc() || end != s.data() + s.size()) return {};
  return n;
}

Result<std::uint64_t> size(std::string_view s) {
  const auto n = number(s);
  if (!n) return invalid("Invalid size: " + std::string(s));
  if (*n > most_bytes)
    return invalid("Invalid size: " + std::string(s) + " is more than " + std::to_string(most_bytes));
  return *n;
}

Result<Encoding> encoding(std::string_view s) {
  for (const EncodingName& e : encodings) {
    if (same_ignoring_case(s, e.name)) return e.encoding;
  }
  return invalid("Unknown encoding: " + std::string(s) + ", expected utf8, utf16le, utf16be, latin1 or ascii");
}

using Parts = std::span<const std::string_view>;

Result<Dtype> parse_string(Parts rest, std::string_view whole) {
  Dtype d{.kind = Dtype::Kind::string};
  if (rest.size() > 2)
    return invalid("Invalid str dtype format: " + std::string(whole) + ", expected str:SIZE:ENCODING");
  if (rest.size() == 1 && !number(rest[0]) && !(rest[0].size() > 0 && is_digit(rest[0][0]))) {
    PACKHOUSE_TRY(d.encoding, encoding(rest[0]));
    return d;
  }
  if (!rest.empty()) {
    PACKHOUSE_TRY(d.size, size(rest[0]));
  }
  if (rest.size() == 2) {
    PACKHOUSE_TRY(d.encoding, encoding(rest[1]));
  }
  return d;
}

Result<Dtype> parse_sized(Dtype::Kind kind, Parts rest, std::string_view whole) {
  Dtype d{.kind = kind};
  if (rest.size() > 1) return invalid("Unknown dtype: " + std::string(whole) + ", nothing may follow the size");
  if (!rest.empty()) {
    PACKHOUSE_TRY(d.size, size(rest[0]));
  }
  return d;
}

Result<Dtype> parse_vector(Parts rest) {
  if (rest.empty()) return invalid("Vector type requires element type (e.g., vec:f32)");
  Dtype d{.kind = Dtype::Kind::vector};
  const auto element =
      std::ranges::find_if(elements, [&](const ElementName& e) { return e.name == rest[0] || e.long_name == rest[0]; });
  if (element == std::end(elements)) {
    return invalid("Unknown element type '" + std::string(rest[0]) + "'. Expected f32, f64, i8 to i64 or u8 to u64");
  }
  d.scalar = element->scalar;
  if (rest.size() - 1 > most_dimensions) return invalid("more than " + std::to_string(most_dimensions) + " dimensions");
  std::uint64_t bytes = size_of(d.scalar);
  for (const std::string_view part : rest.subspan(1)) {
    const auto n = number(part);
    if (!n) return invalid("Invalid dimension: " + std::string(part));
    if (*n == 0) return invalid("Dimension must be greater than 0");
    if (*n > most_bytes / bytes) return invalid("a vector of more than " + std::to_string(most_bytes) + " bytes");
    bytes *= *n;
    d.shape.push_back(*n);
  }
  return d;
}

}  // namespace

std::string_view name_of(Scalar s) {
  return scalar_names[static_cast<std::size_t>(s)];
}
std::string_view name_of(Encoding e) {
  return encodings[static_cast<std::size_t>(e)].name;
}

Result<Dtype> parse_dtype(std::string_view text) {
  const auto parts = split(text);
  const std::string_view first = parts[0];
  const Parts rest = Parts(parts).subspan(1);
  if (first == "str" || first == "string") return parse_string(rest, text);
  if (first == "bytes") return parse_sized(Dtype::Kind::bytes, rest, text);
  if (first == "msgpack" || first == "messagepack") return parse_sized(Dtype::Kind::msgpack, rest, text);
  if (first == "cbor") return parse_sized(Dtype::Kind::cbor, rest, text);
  if (first == "vec" || first == "vector") return parse_vector(rest);
  const auto scalar = std::ranges::find(scalar_names, first);
  if (scalar == scalar_names.end() || !rest.empty()) {
    return invalid("Unknown dtype: " + std::string(text) +
                   ", expected i8 to i64, u8 to u64, f16, f32, f64, bool, bytes, str, msgpack, cbor or vec");
  }
  return Dtype{.kind = Dtype::Kind::scalar, .scalar = static_cast<Scalar>(scalar - scalar_names.begin())};
}

std::uint64_t Dtype::elem_size() const {
  switch (kind) {
    case Kind::scalar: return size_of(scalar);
    case Kind::string:
    case Kind::bytes:
    case Kind::msgpack:
    case Kind::cbor: return size.value_or(0);
    case Kind::vector: break;
  }
  if (shape.empty()) return 0;
  std::uint64_t bytes = size_of(scalar);
  for (const std::uint64_t n : shape) bytes *= n;
  return 1 + bytes;
}

std::string Dtype::text() const {
  constexpr std::string_view names[] = {"", "str", "bytes", "msgpack", "cbor", "vec"};
  if (kind == Kind::scalar) return std::string(name_of(scalar));
  std::string out(names[static_cast<std::size_t>(kind)]);
  if (size) out += ":" + std::to_string(*size);
  if (kind == Kind::string) out += ":" + std::string(name_of(encoding));
  if (kind == Kind::vector) out += ":" + std::string(name_of(scalar));
  for (const std::uint64_t n : shape) out += ":" + std::to_string(n);
  return out;
}

std::optional<std::uint8_t> vector_code(Scalar s) {
  const auto found = std::ranges::find(elements, s, &ElementName::scalar);
  if (found == std::end(elements)) return {};
  return static_cast<std::uint8_t>(found - std::begin(elements) + 1);
}

std::optional<Scalar> scalar_of_vector_code(std::uint8_t code) {
  if (code == 0 || code > std::size(elements)) return {};
  return elements[code - 1].scalar;
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string out = "[";
  for (const std::uint64_t n : shape) out += (out.size() > 1 ? ", " : "") + std::to_string(n);
  return out + "]";
}

}  // namespace packhouse::datapacker
