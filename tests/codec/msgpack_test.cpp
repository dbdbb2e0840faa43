#include <doctest/doctest.h>

#include "codec/json/writer.hpp"
#include "codec/msgpack/reader.hpp"
#include "codec/msgpack/writer.hpp"
#include "tests/codec/support.hpp"
#include "value/builder.hpp"
#include "value/write.hpp"

namespace packhouse::codec::test {
namespace {

std::string json_of(std::string_view hex) {
  return read_as_json(hex, [](Bytes bytes, json::Writer& sink) { return msgpack::read(bytes, sink); });
}

std::string written(const Value& v) { return written_by<msgpack::Writer>(v); }

TEST_CASE("every form of MessagePack is read") {
  const std::pair<const char*, const char*> cases[] = {
      {"c0", "null"},
      {"c2", "false"},
      {"c3", "true"},
      {"00", "0"},
      {"7f", "127"},
      {"ff", "-1"},
      {"e0", "-32"},
      {"cc ff", "255"},
      {"cd ffff", "65535"},
      {"ce ffffffff", "4294967295"},
      {"cf 7fffffffffffffff", "9223372036854775807"},
      {"d0 80", "-128"},
      {"d1 8000", "-32768"},
      {"d2 80000000", "-2147483648"},
      {"d3 8000000000000000", "-9223372036854775808"},
      {"ca 3fc00000", "1.5"},
      {"cb 3ff8000000000000", "1.5"},
      {"a1 61", "\"a\""},
      {"d9 01 61", "\"a\""},
      {"da 0001 61", "\"a\""},
      {"db 00000001 61", "\"a\""},
      {"c4 01 01", R"({"$type":"Base64","_value":"AQ=="})"},
      {"c5 0001 01", R"({"$type":"Base64","_value":"AQ=="})"},
      {"c6 00000001 01", R"({"$type":"Base64","_value":"AQ=="})"},
      {"92 01 02", "[1,2]"},
      {"dc 0001 01", "[1]"},
      {"dd 00000001 01", "[1]"},
      {"81 a1 61 01", R"({"a":1})"},
      {"de 0001 d9 01 61 01", R"({"a":1})"},
      {"df 00000001 db 00000001 61 01", R"({"a":1})"},
      {"d6 ff 00000001", R"({"$type":"OffsetDateTime","_value":"1970-01-01T00:00:01Z"})"},
      {"d7 ff 00000004 00000001", R"({"$type":"OffsetDateTime","_value":"1970-01-01T00:00:01.000000001Z"})"},
      {"c7 0c ff 00000001 ffffffffffffffff", R"({"$type":"OffsetDateTime","_value":"1969-12-31T23:59:59.000000001Z"})"},
      {"d7 01 0000000000004d46", R"({"$type":"Date","_value":"2024-02-29"})"},
      {"c8 0008 01 0000000000004d46", R"({"$type":"Date","_value":"2024-02-29"})"},
      {"c9 00000008 01 0000000000004d46", R"({"$type":"Date","_value":"2024-02-29"})"},
  };
  for (const auto& [hex, expected] : cases) {
    CAPTURE(hex);
    CHECK(json_of(hex) == expected);
  }
}

TEST_CASE("what is not MessagePack, or not a value, is refused") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "value is cut short at byte 0"},
      {"c1", "unknown marker 193 at byte 1"},
      {"cd 00", "value is cut short at byte 1"},
      {"92 01", "value is cut short at byte 1"},
      {"dd ffffffff", "value is cut short at byte 5"},
      {"dd ffffffff 01", "value is cut short at byte 5"},
      {"df 7fffffff", "value is cut short at byte 5"},
      {"c6 ffffffff 00", "value is cut short at byte 5"},
      {"db ffffffff 61", "value is cut short at byte 5"},
      {"c9 ffffffff 01", "value is cut short at byte 6"},
      {"cf 8000000000000000", "integer 9223372036854775808 is too large at byte 9"},
      {"81 01 01", "a map key must be a string, found marker 1 at byte 2"},
      {"81 c0 01", "a map key must be a string, found marker 192 at byte 2"},
      {"82 a1 61 01 a1 61 02", "duplicate map key before at byte 6"},
      {"a1 ff", "string is not valid UTF-8, it ends at byte 2"},
      {"01 02", "bytes after the end of the value at byte 1"},
      {"d4 0a 00", "unknown extension type 10"},
      {"d4 ff 00", "extension type -1 with 1 bytes"},
      {"c7 05 ff 0000000000", "a timestamp has 4, 8 or 12 bytes, found 5"},
      {"d7 ff ffffffff 00000000", "timestamp out of range"},
      {"d7 01 7fffffffffffffff", "date out of range"},
      {"d7 02 ffffffffffffffff", "time of day out of range"},
      {"c7 0c 03 0000000000000000 7fffffff", "offset beyond 18 hours"},
      {"c7 0d 06 0000000000000000 00000000 61", "unknown time zone"},
      {"c7 12 08 0001 0000000000000000 0000000000000000", "unknown SRID of a point"},
      {"c7 12 08 23c5 0000000000000000 0000000000000000", "point of the wrong size"},
      {"c7 12 08 1c23 7ff0000000000000 0000000000000000", "coordinates must be finite"},
      {"d4 09 06", "unknown element type of a vector"},
      {"d5 09 01 01", "vector that is not a whole number of elements"},
  };
  for (const auto& [hex, message] : cases) {
    CAPTURE(hex);
    CHECK(json_of(hex) == std::string("error: MessagePack: ") + message);
  }
  std::string deep;
  for (int i = 0; i < 1001; ++i) deep += "91";
  CHECK(json_of(deep + "00") == "error: MessagePack: value is nested too deeply at byte 1001");
  CHECK(json_of(deep.substr(2) + "00").starts_with("[[["));
}

TEST_CASE("MessagePack is written in the shortest form and read back the same") {
  Arena arena;
  for (const Value& v : samples(arena)) {
    const std::string hex = written(v);
    const std::string bytes = from_hex(hex);
    Arena second;
    ValueBuilder builder(second);
    const auto r = msgpack::read(as_bytes(bytes), builder);
    REQUIRE_MESSAGE(r.has_value(), (r ? "" : r.error().message()));
    CHECK(written(builder.take()) == hex);
    CHECK(as_json(builder.take()) == as_json(v));
  }
  CHECK(written(Value::integer(-33)) == "d0df");
  CHECK(written(Value::integer(128)) == "cc80");
  CHECK(written(Value::integer(-32768)) == "d18000");
  CHECK(written(Value::integer(4294967296)) == "cf0000000100000000");
  CHECK(written(Value::date({19782})) == "d7010000000000004d46");
}

TEST_CASE("containers of unknown size get their header at the end") {
  for (const std::uint32_t n : {0U, 15U, 16U, 65535U, 65536U}) {
    CAPTURE(n);
    const auto list = [n](std::uint32_t size) {
      Buffer out;
      msgpack::Writer w(out);
      CHECK(w.map_begin(unknown_size));
      CHECK(w.key("a"));
      CHECK(w.list_begin(size));
      for (std::uint32_t i = 0; i < n; ++i) REQUIRE(w.integer(i % 100));
      CHECK(w.list_end());
      CHECK(w.map_end());
      return to_hex(out);
    };
    CHECK(list(unknown_size) == list(n));
  }
}

}  // namespace
}  // namespace packhouse::codec::test
