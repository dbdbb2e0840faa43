#include <doctest/doctest.h>

#include "codec/json/reader.hpp"
#include "codec/json/typed.hpp"
#include "codec/json/writer.hpp"
#include "tests/codec/support.hpp"
#include "value/builder.hpp"
#include "value/write.hpp"

namespace packhouse::codec::test {
namespace {

/// JSON read and written again, or the error.
std::string again(std::string_view text, const json::ReadOptions& options = {}) {
  Buffer out;
  json::Writer writer(out, {.typed = options.typed});
  const auto r = json::read(as_bytes(text), writer, options);
  return r ? std::string(as_text(out)) : "error: " + r.error().message();
}

TEST_CASE("JSON is read and written in its shortest form") {
  const std::pair<const char*, const char*> cases[] = {
      {" null ", "null"},
      {"[true,\n false]", "[true,false]"},
      {"-0", "0"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"1.0", "1.0"},
      {"1e2", "100.0"},
      {"-0.0", "-0.0"},
      {"1E+300", "1e+300"},
      {"1e-400", "0.0"},
      {"\"\\u0041\\u00e5\\ud83d\\udc18\\n\\/\"", "\"A\xC3\xA5\xF0\x9F\x90\x98\\n/\""},
      {"\"\\u0000\"", "\"\\u0000\""},
      {"{\"a\": {}, \"b\": [], \"c\": [{}]}", "{\"a\":{},\"b\":[],\"c\":[{}]}"},
      {"{\"a\\u0062\": 1, \"b\": 2}", "{\"ab\":1,\"b\":2}"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(again(text) == expected);
  }
}

TEST_CASE("what is not JSON is refused, with the place") {
  const std::pair<std::string, const char*> cases[] = {
      {"", "expected a value, found the end at byte 0"},
      {"nul", "expected a value, found 'n' at byte 0"},
      {"[1,]", "expected a value, found ']' at byte 3"},
      {"[1 2]", "expected ']', found '2' at byte 3"},
      {"{\"a\" 1}", "expected ':', found '1' at byte 5"},
      {"{a:1}", "expected '\"', found 'a' at byte 1"},
      {"{\"a\":1,}", "expected '\"', found '}' at byte 7"},
      {"1 2", "bytes after the end of the value at byte 2"},
      {"01", "a number has no leading zeros at byte 0"},
      {"1.", "expected a digit, found the end at byte 2"},
      {"1e", "expected a digit, found the end at byte 2"},
      {"+1", "expected a value, found '+' at byte 0"},
      {".5", "expected a value, found '.' at byte 0"},
      {"NaN", "expected a value, found 'N' at byte 0"},
      {"Infinity", "expected a value, found 'I' at byte 0"},
      {"9223372036854775808", "integer 9223372036854775808 does not fit 64 bits at byte 0"},
      {"1e999", "number 1e999 does not fit a double at byte 0"},
      {"\"abc", "string without end at byte 0"},
      {"\"a\\", "string without end at byte 3"},
      {"\"\n\"", "a control character must be escaped in a string at byte 1"},
      {"\"\\x\"", "unknown escape in a string at byte 2"},
      {"\"\\u12\"", "expected four hex digits at byte 3"},
      {"\"\\u-123\"", "expected four hex digits at byte 3"},
      {"\"\\ud800\"", "lone surrogate in a string at byte 1"},
      {"\"\\ud800\\u0041\"", "lone surrogate in a string at byte 1"},
      {"\"\\udc00\"", "lone surrogate in a string at byte 1"},
      {"\"\xFF\"", "string is not valid UTF-8, it begins at byte 1"},
      {"\"\xED\xA0\x80\"", "string is not valid UTF-8, it begins at byte 1"},
      {"{\"a\":1,\"b\":2,\"\\u0061\":3}", "duplicate key at byte 13"},
      {"\xEF\xBB\xBF""1", "expected a value, found byte 239 at byte 0"},
      {std::string("1\0", 2), "bytes after the end of the value at byte 1"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    CHECK(again(text) == std::string("error: JSON: ") + message);
  }
}

TEST_CASE("a key that comes twice in a large object is found") {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"\\u006b" + std::to_string(i) + "\":0,";
  CHECK(again(text + "\"k7\":1}").find("duplicate key") != std::string::npos);
  CHECK(again(text + "\"k100\":1}").starts_with("{\"k0\":0,"));
}

TEST_CASE("nesting is limited") {
  const auto nested = [](std::size_t n, const char* open, const char* close) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += open;
    text += "1";
    for (std::size_t i = 0; i < n; ++i) text += close;
    return text;
  };
  CHECK(again(nested(1000, "[", "]")).starts_with("[[["));
  CHECK(again(nested(1001, "[", "]")) == "error: JSON: value is nested too deeply at byte 1000");
  CHECK(again(nested(100'000, "{\"a\":", "}")).starts_with("error"));
  CHECK(again(nested(100'000, "{\"$type\":\"Map\",\"_value\":", "}")).starts_with("error"));
  CHECK(again(nested(100'000, "{\"$type\":\"List\",\"_value\":", "}")).starts_with("error"));
}

TEST_CASE("typed JSON carries what JSON can't") {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"$type":"Base64","_value":"AQID"})", ""},
      {R"({"$type":"Base64","_value":""})", ""},
      {R"({"$type":"Float","_value":"NaN"})", ""},
      {R"({"$type":"Float","_value":"-Infinity"})", ""},
      {R"({"$type":"Float","_value":"1.5"})", "1.5"},
      {R"({"$type":"Integer","_value":"-5"})", "-5"},
      {R"({"$type":"String","_value":"x"})", "\"x\""},
      {R"({"$type":"Boolean","_value":true})", "true"},
      {R"({"$type":"Null","_value":null})", "null"},
      {R"({"$type":"List","_value":[{"$type":"Integer","_value":"1"}]})", "[1]"},
      {R"({"$type":"Map","_value":{"a":{"$type":"Integer","_value":"1"}}})", R"({"a":1})"},
      {R"({"$type":"Map","_value":{"$type":"Integer","_value":"1"}})", ""},
      {R"({"$type":"Date","_value":"2024-02-29"})", ""},
      {R"({"$type":"LocalTime","_value":"12:34:56.000000001"})", ""},
      {R"({"$type":"Time","_value":"12:34:56.789+01:30"})", ""},
      {R"({"$type":"LocalDateTime","_value":"2024-02-29T12:34:56.789"})", ""},
      {R"({"$type":"OffsetDateTime","_value":"2024-06-01T12:00:00.5+02:00"})", ""},
      {R"({"$type":"ZonedDateTime","_value":"2024-10-27T02:30:00+01:00[Europe/Paris]"})", ""},
      {R"({"$type":"Duration","_value":"P1Y2M25DT5H6M7.000000008S"})", ""},
      {R"j({"$type":"Point","_value":"SRID=7203;POINT (1.0 2.5)"})j", ""},
      {R"j({"$type":"Point","_value":"SRID=4979;POINT Z (1.0 2.5 -3.0)"})j", ""},
      {R"({"$type":"Vector","_value":{"coordinatesType":"INT8","coordinates":["1","-128","127"]}})", ""},
      {R"({"$type":"Vector","_value":{"coordinatesType":"FLOAT32","coordinates":["0.1","NaN"]}})", ""},
      {R"({"$type":"Vector","_value":{"coordinatesType":"FLOAT64","coordinates":[]}})", ""},
      {R"({"_value":1,"$type":"Date"})", ""},
      {R"({"a":1,"$type":"Date"})", ""},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(again(text) == (*expected ? expected : text));
  }
}

TEST_CASE("typed JSON is checked") {
  for (const char* text : {R"({"$type":"Date","_value":"2024-02-30"})", R"({"$type":"Date","_value":1})", R"({"$type":"Date"})",
                           R"({"$type":"Date","_value":"2024-02-29","x":1})", R"({"$type":"Nope","_value":"1"})", R"({"$type":1})",
                           R"({"$type":"Map","_value":[]})", R"({"$type":"Date","value":"2024-02-29"})",
                           R"({"$type":"Integer","_value":"9223372036854775808"})", R"({"$type":"Integer","_value":"1.5"})",
                           R"({"$type":"Float","_value":"1e999"})", R"({"$type":"Float","_value":"inf"})",
                           R"({"$type":"Base64","_value":"A"})", R"({"$type":"Base64","_value":"AA=A"})",
                           R"({"$type":"Base64","_value":"A==="})", R"({"$type":"Base64","_value":"####"})",
                           R"j({"$type":"Point","_value":"SRID=1;POINT (1 2)"})j", R"j({"$type":"Point","_value":"SRID=7203;POINT (1 2 3)"})j",
                           R"j({"$type":"Point","_value":"SRID=9157;POINT Z (1 2)"})j", R"j({"$type":"Point","_value":"SRID=7203;POINT (1 inf)"})j",
                           R"({"$type":"Vector","_value":{"coordinatesType":"INT8","coordinates":["128"]}})",
                           R"({"$type":"Vector","_value":{"coordinatesType":"INT9","coordinates":["1"]}})",
                           R"({"$type":"Vector","_value":{"coordinates":["1"],"coordinatesType":"INT8"}})"}) {
    CAPTURE(text);
    CHECK(again(text).starts_with("error: "));
  }
}

TEST_CASE("without types, what JSON can't carry is refused and $type is a key") {
  CHECK(again(R"({"$type":"Date","_value":"x"})", {.typed = false}) == R"({"$type":"Date","_value":"x"})");
  Arena arena;
  int refused = 0;
  for (const Value& v : samples(arena)) {
    Buffer out;
    json::Writer writer(out, {.typed = false});
    const auto r = write(v, writer);
    if (r) continue;
    ++refused;
    CHECK(r.error().message().starts_with("JSON can't carry "));
  }
  CHECK(refused > 30);
}

TEST_CASE("structures are refused") {
  Buffer out;
  json::Writer writer(out);
  const auto r = writer.structure_begin(0x4E, 3);
  REQUIRE_FALSE(r);
  CHECK(r.error().message() == "JSON can't carry a structure with tag 78");
}

TEST_CASE("base64 there and back") {
  for (std::size_t n = 0; n < 20; ++n) {
    std::string s;
    for (std::size_t i = 0; i < n; ++i) s.push_back(static_cast<char>(i * 97 + n));
    CHECK(json::from_base64(json::base64(as_bytes(s))) == s);
  }
  CHECK(json::base64(as_bytes("any carnal pleas")) == "YW55IGNhcm5hbCBwbGVhcw==");
}

}  // namespace
}  // namespace packhouse::codec::test
