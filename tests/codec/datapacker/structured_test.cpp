#include "codec/datapacker/structured.hpp"

#include <doctest/doctest.h>

#include "codec/cbor/writer.hpp"
#include "codec/datapacker/packer.hpp"
#include "codec/msgpack/writer.hpp"
#include "tests/codec/support.hpp"

namespace packhouse::datapacker::test {
namespace {

using codec::test::as_json;
using codec::test::from_hex;
using codec::test::to_hex;

constexpr Dtype::Kind both[] = {Dtype::Kind::msgpack, Dtype::Kind::cbor};

std::string packed(const Value& v, Dtype::Kind format, KeyOrder order = KeyOrder::sorted) {
  Buffer out;
  const auto done = write_structured(format, v, order, out);
  return done ? to_hex(out) : done.error().message();
}

TEST_CASE("integers above 2^63-1 pass through, though no Value holds them") {
  Buffer out;
  codec::SinkAdapter<codec::cbor::Writer> cbor(out);
  std::string in = from_hex("cfffffffffffffffff");
  REQUIRE(read_structured(Dtype::Kind::msgpack, as_bytes(in), cbor));
  CHECK(to_hex(out) == "1bffffffffffffffff");
  out.clear();
  codec::SinkAdapter<codec::msgpack::Writer> msgpack(out);
  in = from_hex("1b8000000000000000");
  REQUIRE(read_structured(Dtype::Kind::cbor, as_bytes(in), msgpack));
  CHECK(to_hex(out) == "cf8000000000000000");
  Arena arena;
  const auto v = read_structured(Dtype::Kind::cbor, as_bytes(in), arena);
  REQUIRE_FALSE(v);
  CHECK(v.error().message() == "CBOR: integer 9223372036854775808 is too large at byte 9");
}

TEST_CASE("maps at every level are sorted by their UTF-8 bytes, unless asked otherwise") {
  const MapEntry inner[] = {{"z", Value::integer(1)}, {"", Value::integer(2)}};
  const Value list[] = {Value::map(inner)};
  const MapEntry outer[] = {
      {"\u00e9", Value::integer(1)}, {"b", Value::list(list)}, {"aa", Value::integer(3)}, {"a", Value::integer(4)}};
  CHECK(packed(Value::map(outer), Dtype::Kind::msgpack) == "84a16104a2616103a1629182a002a17a01a2c3a901");
  CHECK(packed(Value::map(outer), Dtype::Kind::msgpack, KeyOrder::as_is) ==
        "84a2c3a901a1629182a17a01a002a2616103a16104");
  CHECK(packed(Value::map(outer), Dtype::Kind::cbor) ==
        "a4616104626161036162"
        "81a26002617a01"
        "62c3a901");
}

TEST_CASE("what nests deeper than can be read is not written") {
  for (const Dtype::Kind format : both) {
    Arena arena;
    const std::uint32_t limit = depth_limit(format);
    Value v = Value::list({});
    for (std::uint32_t i = 1; i < limit; ++i) {
      const auto one = arena.array<Value>(1);
      one[0] = v;
      v = Value::list(one);
    }
    const std::string bytes = from_hex(packed(v, format));
    CHECK(bytes.size() == limit);
    CHECK(read_structured(format, as_bytes(bytes), arena).has_value());
    const Value deeper[] = {v};
    CHECK(packed(Value::list(deeper), format).find("nested too deeply") != std::string::npos);
    const std::string more = (format == Dtype::Kind::cbor ? "\x81" : "\x91") + bytes;
    CHECK_FALSE(read_structured(format, as_bytes(more), arena));
  }
}

TEST_CASE("only plain values: dates, points, vectors, extensions and tags are refused") {
  Arena arena;
  for (const Dtype::Kind format : both) {
    CHECK(packed(Value::date({1}), format)
              .ends_with(" takes null, booleans, numbers, strings, bytes, lists and maps, found DATE"));
    const std::byte data[4] = {};
    CHECK(packed(Value::vector(Element::f32, 1, data), format).ends_with("found VECTOR"));
  }
  for (const char* hex : {"d40100", "d6ff00000000"}) {
    const std::string in = from_hex(hex);
    CHECK_FALSE(read_structured(Dtype::Kind::msgpack, as_bytes(in), arena));
  }
  for (const char* hex : {"c11a514b67b0", "d9d9f701", "d86401"}) {
    const std::string in = from_hex(hex);
    CHECK_FALSE(read_structured(Dtype::Kind::cbor, as_bytes(in), arena));
  }
}

TEST_CASE("of a repeated key the last value counts, in small maps and large ones") {
  Arena arena;
  std::string in = from_hex("82a16101a16102");
  CHECK(as_json(read_structured(Dtype::Kind::msgpack, as_bytes(in), arena).value()) == R"({"a":2})");
  std::string large = from_hex("de0015a17a00");
  for (char i = 0; i < 19; ++i) large += std::string("\xA1") + static_cast<char>('a' + i) + i;
  large += from_hex("a17a07");
  const auto v = read_structured(Dtype::Kind::msgpack, as_bytes(large), arena);
  REQUIRE(v);
  CHECK(v->as_map().size() == 20);
  CHECK(find(v->as_map(), "z")->as_integer() == 7);
}

}  // namespace
}  // namespace packhouse::datapacker::test
