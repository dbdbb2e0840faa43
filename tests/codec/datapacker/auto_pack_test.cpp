#include "codec/datapacker/auto_pack.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "codec/datapacker/spaced_json.hpp"
#include "codec/datapacker/structured.hpp"
#include "tests/codec/datapacker/vectors.hpp"
#include "tests/codec/support.hpp"

namespace packhouse::datapacker::test {
namespace {

using codec::test::as_json;
using codec::test::from_hex;

std::string stored(const Value& v) {
  Buffer out;
  const auto done = auto_pack(v, out);
  return done ? hex(out) : done.error().message();
}

/// What comes back, as typed JSON, or the error.
std::string again(std::string_view hex_text) {
  Arena arena;
  const std::string in = from_hex(hex_text);
  const auto v = auto_unpack(as_bytes(in), arena);
  return v ? as_json(*v) : v.error().message();
}

TEST_CASE("the original's cases: its bytes, and where it loads something else, the right thing") {
  Arena arena;
  int seen = 0;
  for (const Value& c : load_cases(arena)) {
    if (text(c, "op") != "autopack") continue;
    INFO(text(c, "id"));
    const Value typed = member(c, "value");
    Buffer out;
    Result<void> done;
    if (const std::string wrapper = text(typed, "wrapper"); !wrapper.empty()) {
      done = auto_pack_as(stored_from_name(wrapper).value(), plain(member(typed, "data"), arena).value(), out);
    } else if (is_array(typed)) {
      done = auto_pack_array(array(typed, arena).value(), out);
    } else if (const auto v = plain(typed, arena)) {
      done = auto_pack(*v, out);
    } else {  // 2^63
      done = auto_pack_unsigned(std::uint64_t{1} << 63, out);
      CHECK(hex(out) ==
            "894b0102010400"
            "00564b"
            "0000000000000080");
      ++seen;
      continue;
    }
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message()));
    ++seen;
    if (text(c, "scope") == "portable") CHECK(hex(out) == text(member(member(c, "expect"), "stored"), "hex"));
    if (is_array(typed)) {
      const auto back = unpack_any_vector(unwrap(out).value().payload);
      REQUIRE(back);
      CHECK(unwrap(out)->dtype == Recorded::vector);
      CHECK(back->shape == array(typed, arena)->shape);
      CHECK(hex(back->data) == text(typed, "le_hex"));
      continue;
    }
    const auto v = auto_unpack(out, arena);
    REQUIRE_MESSAGE(v.has_value(), (v ? "" : v.error().message()));
    const Value wanted = plain(text(typed, "wrapper").empty() ? typed : member(typed, "data"), arena).value();
    Buffer left, right;
    REQUIRE(write_structured(Dtype::Kind::msgpack, *v, KeyOrder::sorted, left));
    REQUIRE(write_structured(Dtype::Kind::msgpack, wanted, KeyOrder::sorted, right));
    CHECK(hex(left) == hex(right));
  }
  CHECK(seen == 28);
}

TEST_CASE("every value comes back as what it was") {
  Arena arena;
  using Double = std::numeric_limits<double>;
  for (const std::int64_t i : {INT64_MIN, std::int64_t{-1} << 52, (std::int64_t{-1} << 52) + 1, std::int64_t{0},
                               (std::int64_t{1} << 52) - 1, std::int64_t{1} << 52, INT64_MAX}) {
    CHECK(again(stored(Value::integer(i))) == std::to_string(i));
  }
  for (const double d :
       {0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.5, -1e300, Double::infinity(), Double::quiet_NaN()}) {
    Buffer out;
    REQUIRE(auto_pack(Value::real(d), out));
    const auto v = auto_unpack(out, arena);
    REQUIRE(v);
    REQUIRE(v->is(Kind::real));
    CHECK(std::bit_cast<std::uint64_t>(v->as_real()) == std::bit_cast<std::uint64_t>(d));
  }
  CHECK(again(stored(Value::boolean(true))) == "true");
  CHECK(again(stored(Value())) == "null");
  CHECK(again(stored(Value::string("8 bytes!"))) == "\"8 bytes!\"");
  const std::byte data[2] = {std::byte{1}, std::byte{2}};
  CHECK(again(stored(Value::vector(Element::i8, 2, data))).find("INT8") != std::string::npos);
  CHECK(stored(Value::date({1})) ==
        "a value of type DATE can't be packed automatically; null, booleans, numbers, strings, bytes, lists, maps and "
        "vectors can");
}

TEST_CASE("bytes that look like a header stay bytes") {
  const std::string fake = from_hex("894b010600000000564b616263");
  const std::string hex_text = stored(Value::bytes(as_bytes(fake)));
  CHECK(hex_text == "894b010000000000564b894b010600000000564b616263");
  CHECK(again(hex_text) == R"({"$type":"Base64","_value":"iUsBBgAAAABWS2FiYw=="})");
  CHECK(stored(Value::bytes(as_bytes("plain"))) == "706c61696e");
}

TEST_CASE("pickles, and headers that are damaged, are refused") {
  Arena arena;
  Buffer out;
  const auto refused = auto_pack_as(Stored::pickle, Value::integer(1), out);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message().starts_with("pickle is refused"));
  CHECK(out.empty());
  CHECK(again("894b010100000000564b80042e").find("would run foreign code") != std::string::npos);
  const std::pair<const char*, const char*> cases[] = {
      {"894b020600000000564b61", "stored value: header of version 2, known is 1"},
      {"894b010700000000564b61", "stored value: unknown encoding 7"},
      {"894b010601000000564b61", "stored value: damaged header"},
      {"894b010600000001564b61", "stored value: damaged header"},
      {"894b010201060000564b61", "stored value: damaged header"},
      {"894b0102010100"
       "00564b00000000",
       "stored value: a number of 4 bytes, expected 8"},
      {"894b0102010300"
       "00564b0000",
       "stored value: a number of 2 bytes, expected 1"},
      {"894b010200000000564b", "stored value: an empty vector record"},
      {"894b010200000000564bff", "stored value: unknown element type 255"},
      {"894b010200000000564b0101ffffffff", "Not enough data: need 17179869180 bytes, have 0"},
      {"894b010600000000564bff", "stored value: text that is not valid UTF-8"},
      {"894b0102010400"
       "00564bffffffffffffffff",
       "18446744073709551615 doesn't fit an INTEGER, which ends at 2^63-1"},
  };
  for (const auto& [hex_text, message] : cases) {
    CAPTURE(hex_text);
    CHECK(again(hex_text) == message);
  }
  CHECK_FALSE(stored_from_name("yaml"));
  CHECK_FALSE(auto_pack_as(Stored::text, Value::integer(1), out));
  CHECK_FALSE(auto_pack_as(Stored::json, Value::bytes({}), out));
  CHECK(out.empty());
}

TEST_CASE("JSON as Python writes it") {
  const std::pair<double, const char*> cases[] = {{1, "1.0"},
                                                  {100000, "100000.0"},
                                                  {1e15, "1000000000000000.0"},
                                                  {1e16, "1e+16"},
                                                  {0.0001, "0.0001"},
                                                  {0.00001, "1e-05"},
                                                  {1.5e300, "1.5e+300"},
                                                  {-0.0, "-0.0"},
                                                  {123456789012345680.0, "1.2345678901234568e+17"}};
  for (const auto& [d, expected] : cases) CHECK(python_repr(d) == expected);
  Buffer out;
  const MapEntry entries[] = {{"b", Value::list({})}, {"\x7f\"", Value::string("\U0001F600\n")}, {"a", Value::map({})}};
  REQUIRE(write_spaced_json(Value::map(entries), out));
  CHECK(as_text(out) == R"({"b": [], "\u007f\"": "\ud83d\ude00\n", "a": {}})");
  CHECK_FALSE(write_spaced_json(Value::real(std::numeric_limits<double>::infinity()), out));
}

}  // namespace
}  // namespace packhouse::datapacker::test
