#include <doctest/doctest.h>

#include "codec/cbor/reader.hpp"
#include "codec/cbor/writer.hpp"
#include "codec/half.hpp"
#include "codec/json/writer.hpp"
#include "codec/msgpack/writer.hpp"
#include "tests/codec/support.hpp"
#include "value/builder.hpp"
#include "value/write.hpp"

namespace packhouse::codec::test {
namespace {

std::string json_of(std::string_view hex, const cbor::ReadOptions& options = {}) {
  return read_as_json(hex, [&](Bytes bytes, json::Writer& sink) { return cbor::read(bytes, sink, options); });
}

std::string written(const Value& v) { return written_by<cbor::Writer>(v); }

TEST_CASE("every form of CBOR is read") {
  const std::pair<const char*, const char*> cases[] = {
      {"00", "0"},
      {"17", "23"},
      {"18 18", "24"},
      {"18 00", "0"},
      {"19 0100", "256"},
      {"1a 00010000", "65536"},
      {"1b 7fffffffffffffff", "9223372036854775807"},
      {"20", "-1"},
      {"37", "-24"},
      {"38 ff", "-256"},
      {"3b 7fffffffffffffff", "-9223372036854775808"},
      {"c2 41 05", "5"},
      {"c3 41 05", "-6"},
      {"c2 40", "0"},
      {"c2 4a 00000000000000000001", "1"},
      {"c2 5f 41 01 41 00 ff", "256"},
      {"f4", "false"},
      {"f5", "true"},
      {"f6", "null"},
      {"f7", "null"},
      {"f9 3e00", "1.5"},
      {"fa 3fc00000", "1.5"},
      {"fb 3ff8000000000000", "1.5"},
      {"f9 0001", "5.960464477539063e-08"},
      {"61 61", "\"a\""},
      {"78 01 61", "\"a\""},
      {"7f 61 61 61 62 ff", "\"ab\""},
      {"7f ff", "\"\""},
      {"41 01", R"({"$type":"Base64","_value":"AQ=="})"},
      {"5f 41 01 41 02 ff", R"({"$type":"Base64","_value":"AQI="})"},
      {"82 01 02", "[1,2]"},
      {"9f 01 9f ff ff", "[1,[]]"},
      {"9b 0000000000000001 01", "[1]"},
      {"a1 61 61 01", R"({"a":1})"},
      {"bf 61 61 01 ff", R"({"a":1})"},
      {"a1 7f 61 61 61 62 ff 01", R"({"ab":1})"},
      {"d8 64 19 4d46", R"({"$type":"Date","_value":"2024-02-29"})"},
      {"c1 01", R"({"$type":"OffsetDateTime","_value":"1970-01-01T00:00:01Z"})"},
      {"d9 d9f7 01", "1"},
  };
  for (const auto& [hex, expected] : cases) {
    CAPTURE(hex);
    CHECK(json_of(hex) == expected);
  }
}

TEST_CASE("what is not CBOR, or not a value, is refused") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "value is cut short at byte 0"},
      {"1c", "reserved head 28 at byte 0"},
      {"1f", "reserved head 31 at byte 0"},
      {"19 01", "value is cut short at byte 1"},
      {"82 01", "value is cut short at byte 1"},
      {"9b ffffffffffffffff", "value is cut short at byte 9"},
      {"bb 8000000000000000 00", "map is cut short or too long at byte 9"},
      {"bb ffffffffffffffff", "map is cut short or too long at byte 9"},
      {"7b ffffffffffffffff 61", "string is cut short or too long at byte 9"},
      {"1b 8000000000000000", "integer 9223372036854775808 is too large at byte 9"},
      {"3b 8000000000000000", "integer below -2^63 at byte 9"},
      {"c2 49 010000000000000000", "big number that doesn't fit 64 bits, it ends at byte 11"},
      {"f0", "unknown simple value 16 at byte 1"},
      {"f8 20", "unknown simple value 32 at byte 2"},
      {"ff", "break outside of a list or map at byte 1"},
      {"82 01 ff", "break outside of a list or map at byte 3"},
      {"9f 01", "value is cut short at byte 2"},
      {"bf 61 61 ff", "break outside of a list or map at byte 4"},
      {"7f 41 61 ff", "a chunk of another kind than its string at byte 2"},
      {"a1 01 02", "a map key must be a text, found another item before at byte 2"},
      {"a2 61 61 01 61 61 02", "duplicate map key before at byte 6"},
      {"61 ff", "string is not valid UTF-8, it ends at byte 2"},
      {"7f 61 c3 61 a9 ff", "string is not valid UTF-8, it ends at byte 3"},
      {"01 02", "bytes after the end of the value at byte 1"},
      {"c0 60", "unknown tag 0 at byte 1"},
      {"82 d9 d9f7 01 01", "unknown tag 55799 at byte 4"},
      {"d8 64 1b 7fffffffffffffff", "date out of range at byte 11"},
      {"d8 1b 81 60", "unknown object, or one with the wrong number of arguments, at byte 4"},
      {"d8 4d 41 00", "vector that is not a whole number of elements at byte 4"},
  };
  for (const auto& [hex, message] : cases) {
    CAPTURE(hex);
    CHECK(json_of(hex) == std::string("error: CBOR: ") + message);
  }
  for (const std::string open : {"81", "9f"}) {
    std::string deep;
    for (int i = 0; i < 1001; ++i) deep += open;
    CHECK(json_of(deep + "00") == "error: CBOR: value is nested too deeply at byte 1001");
  }
}

/// A sink with an opinion of its own.
struct NoDates : ValueBuilder {
  using ValueBuilder::ValueBuilder;
  Result<void> date(Date) { return fail(Status::type_error, "no dates here"); }
};

TEST_CASE("what the sink of a CBOR reader refuses keeps its status") {
  Arena arena;
  NoDates sink(arena);
  const std::string in = from_hex("81 d8 64 19 4d46");
  const auto r = cbor::read(as_bytes(in), sink);
  REQUIRE_FALSE(r);
  CHECK(r.error().status() == Status::type_error);
  CHECK(r.error().message() == "CBOR: no dates here at byte 6");
}

TEST_CASE("options of the CBOR reader") {
  CHECK(json_of("c1 01", {.tags = false}) == "error: CBOR: tag 1 is not accepted here, it ends at byte 1");
  CHECK(json_of("c2 41 05", {.tags = false}) == "5");
  CHECK(json_of("01 02", {.prefix = true}) == "1");
  CHECK(json_of("a2 61 61 01 61 61 02", {.repeated_keys = true}) == R"({"a":1,"a":2})");
  Arena arena;
  ValueBuilder last(arena, ValueBuilder::Text::copy, ValueBuilder::Repeats::last_wins);
  const std::string in = from_hex("a3 61 61 01 61 62 03 61 61 02");
  REQUIRE(cbor::read(as_bytes(in), last, {.repeated_keys = true}));
  CHECK(as_json(last.take()) == R"({"a":2,"b":3})");
}

TEST_CASE("CBOR is written in the shortest form and read back the same") {
  Arena arena;
  for (const Value& v : samples(arena)) {
    const std::string hex = written(v);
    const std::string bytes = from_hex(hex);
    Arena second;
    ValueBuilder builder(second);
    const auto r = cbor::read(as_bytes(bytes), builder);
    REQUIRE_MESSAGE(r.has_value(), (r ? "" : r.error().message()));
    CHECK(written(builder.take()) == hex);
    CHECK(as_json(builder.take()) == as_json(v));
  }
  CHECK(written(Value::integer(-25)) == "3818");
  CHECK(written(Value::real(1.5)) == "f93e00");
  CHECK(written(Value::real(65504)) == "f97bff");
  CHECK(written(Value::real(100000)) == "fa47c35000");
  CHECK(written(Value::real(0.1)) == "fb3fb999999999999a");
  CHECK(written(Value::real(std::numeric_limits<double>::quiet_NaN())) == "f97e00");
  CHECK(written(Value::real(std::bit_cast<double>(0x7FF0'0000'2000'0000U))) == "fa7f800001");
  CHECK(written(Value::real(std::bit_cast<double>(0xFFF0'0000'0000'0001U))) == "fbfff0000000000001");
  CHECK(written(Value::date({19782})) == "d864194d46");
}

TEST_CASE("integers above 2^63-1 pass between formats that have them") {
  Buffer out;
  msgpack::Writer writer(out);
  const std::string in = from_hex("82 1b ffffffffffffffff 1b 8000000000000000");
  REQUIRE(cbor::read(as_bytes(in), writer));
  CHECK(to_hex(out) == "92cfffffffffffffffffcf8000000000000000");
}

TEST_CASE("lists and maps of unknown size get their head at the end") {
  for (const std::uint32_t n : {0U, 23U, 24U, 256U, 65536U}) {
    CAPTURE(n);
    const auto nested = [n](std::uint32_t outer, std::uint32_t inner) {
      Buffer out;
      cbor::Writer w(out);
      REQUIRE(w.list_begin(outer));
      REQUIRE(w.map_begin(inner));
      for (std::uint32_t i = 0; i < n; ++i) REQUIRE((w.key(std::to_string(i)) && w.list_begin(0) && w.list_end()));
      REQUIRE((w.map_end() && w.integer(1) && w.list_end()));
      return to_hex(out);
    };
    CHECK(nested(unknown_size, unknown_size) == nested(2, n));
  }
}

TEST_CASE("half floats: every one, and rounding") {
  for (std::uint32_t h = 0; h <= 0xFFFF; ++h) {
    const auto half = static_cast<std::uint16_t>(h);
    REQUIRE(half_from_double(half_to_double(half)) == half);
  }
  CHECK(half_from_double(65519.99) == 0x7BFF);
  CHECK(half_from_double(65520) == 0x7C00);
  CHECK(half_from_double(-1e300) == 0xFC00);
  CHECK(half_from_double(0x1p-25) == 0);
  CHECK(half_from_double(0x1.0000001p-25) == 1);
  CHECK(half_from_double(1 + 0x1p-11) == 0x3C00);  // a tie goes to even
  CHECK(half_from_double(1 + 0x1.8p-10) == 0x3C02);
  CHECK(half_from_double(1 + 0x1p-11 + 0x1p-40) == 0x3C01);  // would be a tie by way of float
}

}  // namespace
}  // namespace packhouse::codec::test
