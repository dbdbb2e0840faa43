#include "tests/codec/datapacker/vectors.hpp"

#include <doctest/doctest.h>

#include <charconv>
#include <fstream>
#include <iterator>

#include "codec/json/reader.hpp"
#include "tests/codec/support.hpp"

namespace packhouse::datapacker::test {
namespace {

std::optional<std::int64_t> integer_of(const Value& v) {
  if (v.is(Kind::integer)) return v.as_integer();
  std::int64_t n = 0;
  const std::string_view s = v.as_string();
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (error != std::errc() || end != s.data() + s.size()) return {};
  return n;
}

std::string repeated(std::string_view unit, std::int64_t n) {
  std::string out;
  for (std::int64_t i = 0; i < n; ++i) out += unit;
  return out;
}

std::optional<Value> plain_list(const Value& typed, Arena& arena) {
  std::vector<Value> items;
  if (const Value unit = member(typed, "repeat"); !unit.is_null()) {
    const auto v = plain(unit, arena);
    items.assign(static_cast<std::size_t>(member(typed, "n").as_integer()), v.value());
  } else {
    for (const Value& item : member(typed, "v").as_list()) {
      const auto v = plain(item, arena);
      if (!v) return {};
      items.push_back(*v);
    }
  }
  const auto kept = arena.array<Value>(items.size());
  std::ranges::copy(items, kept.begin());
  return Value::list(kept);
}

std::optional<Value> plain_map(const Value& typed, Arena& arena) {
  const auto pairs = member(typed, "v").as_list();
  const auto entries = arena.array<MapEntry>(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto pair = pairs[i].as_list();
    const auto key = plain(pair[0], arena), value = plain(pair[1], arena);
    if (!key || !key->is(Kind::string) || !value) return {};
    entries[i] = {key->as_string(), *value};
  }
  return Value::map(entries);
}

std::optional<Value> nested(const Value& typed, Arena& arena) {
  auto v = plain(member(typed, "inner"), arena);
  for (std::int64_t i = member(typed, "wrap").as_integer(); v && i > 0; --i) {
    const auto one = arena.array<Value>(1);
    one[0] = *v;
    v = Value::list(one);
  }
  return v;
}

std::optional<Value> plain_string(const Value& typed, Arena& arena) {
  if (!member(typed, "utf16be").is_null()) return {};
  if (const Value unit = member(typed, "repeat"); !unit.is_null()) {
    return Value::string(arena.copy(std::string_view(repeated(unit.as_string(), member(typed, "n").as_integer()))));
  }
  return member(typed, "v");
}

}  // namespace

std::span<const Value> load_cases(Arena& arena) {
  std::ifstream in(PACKHOUSE_SOURCE_DIR "/tests/codec/datapacker/data/vectors.json", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  REQUIRE(!text.empty());
  const auto read = codec::json::read_value(as_bytes(text), arena, {.typed = false});
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().message()));
  return member(*read, "cases").as_list();
}

Value member(const Value& object, std::string_view key) {
  const Value* const found = find(object.as_map(), key);
  return found ? *found : Value();
}

std::string text(const Value& object, std::string_view key) {
  const Value v = member(object, key);
  return v.is(Kind::string) ? std::string(v.as_string()) : "";
}

std::optional<Value> plain(const Value& typed, Arena& arena) {
  const std::string t = text(typed, "t");
  if (t == "null") return Value();
  if (t == "bool") return member(typed, "v");
  if (t == "int" || (t == "npscalar" && member(typed, "v").is(Kind::integer))) {
    const auto n = integer_of(member(typed, "v"));
    return n ? std::optional(Value::integer(*n)) : std::nullopt;
  }
  if (t == "npscalar" && member(typed, "v").is(Kind::real)) return member(typed, "v");
  if (t == "float") {
    const std::string digits = text(typed, "bits");
    std::uint64_t bits = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    return Value::real(std::bit_cast<double>(bits));
  }
  if (t == "str") return plain_string(typed, arena);
  if (t == "bytes" || t == "bytearray") {
    if (const std::string unit = text(typed, "repeat_hex"); !unit.empty()) {
      return Value::bytes(bytes_from_hex(repeated(unit, member(typed, "n").as_integer()), arena));
    }
    return Value::bytes(bytes_from_hex(text(typed, "hex"), arena));
  }
  if (t == "list" || t == "tuple" || t == "set") return plain_list(typed, arena);
  if (t == "dict") return plain_map(typed, arena);
  if (t == "nested") return nested(typed, arena);
  return {};
}

bool is_array(const Value& typed) {
  return text(typed, "t") == "ndarray";
}

std::optional<ArrayView> array(const Value& typed, Arena& arena) {
  constexpr std::pair<std::string_view, Scalar> names[] = {
      {"int8", Scalar::i8},     {"int16", Scalar::i16},   {"int32", Scalar::i32},   {"int64", Scalar::i64},
      {"uint8", Scalar::u8},    {"uint16", Scalar::u16},  {"uint32", Scalar::u32},  {"uint64", Scalar::u64},
      {"float16", Scalar::f16}, {"float32", Scalar::f32}, {"float64", Scalar::f64}, {"bool", Scalar::boolean}};
  for (const auto& [name, scalar] : names) {
    if (text(typed, "dtype") != name) continue;
    ArrayView a{.element = scalar, .shape = {}, .data = bytes_from_hex(text(typed, "le_hex"), arena)};
    for (const Value& n : member(typed, "shape").as_list())
      a.shape.push_back(static_cast<std::uint64_t>(n.as_integer()));
    return a;
  }
  return {};
}

Bytes bytes_from_hex(std::string_view digits, Arena& arena) {
  return arena.copy(as_bytes(codec::test::from_hex(digits)));
}
std::string hex(Bytes b) {
  return codec::test::to_hex(b);
}

bool equals_expected(Bytes packed, const Value& expect) {
  if (const Value whole = member(expect, "hex"); !whole.is_null()) return hex(packed) == whole.as_string();
  const std::string head = text(expect, "head_hex"), tail = text(expect, "tail_hex");
  REQUIRE(!head.empty());
  return static_cast<std::int64_t>(packed.size()) == member(expect, "len").as_integer() &&
         hex(packed).starts_with(head) && hex(packed).ends_with(tail);
}

std::string expected_error(const Value& expect) {
  const Value e = member(expect, "error");
  return e.is_null() ? "" : text(e, "type");
}

std::string error_class(const Error& e) {
  return e.status() == Status::type_error         ? "TypeError"
         : e.status() == Status::arithmetic_error ? "OverflowError"
                                                  : "ValueError";
}

}  // namespace packhouse::datapacker::test
