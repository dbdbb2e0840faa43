#include <doctest/doctest.h>

#include "tdtp/base64.hpp"
#include "tdtp/json/document.hpp"
#include "tdtp/json/packet.hpp"
#include "tdtp/number.hpp"
#include "tdtp/serialize.hpp"
#include "tdtp/text.hpp"
#include "tdtp/time.hpp"
#include "tdtp/types.hpp"

namespace packhouse::tdtp::test {
namespace {

std::string or_error(const Result<std::string>& r) {
  return r ? *r : "error: " + r.error().message();
}

TEST_CASE("types and their aliases") {
  CHECK(type_of("DOUBLE") == Type::real);
  CHECK(type_of("CHAR") == Type::text);
  CHECK(type_of("BOOL") == Type::boolean);
  CHECK(type_of("int") == Type::unknown);
  CHECK(type_name(type_of("VARCHAR")) == "TEXT");
}

TEST_CASE("numbers") {
  std::int64_t i = 0;
  CHECK(parse_int("+7", i) == Parsed::good);
  CHECK(parse_int("+-7", i) == Parsed::bad_syntax);
  CHECK(parse_int("", i) == Parsed::bad_syntax);
  CHECK(parse_int("9223372036854775808", i) == Parsed::out_of_range);
  double d = 0;
  for (const char* good : {"1", "-1.5", "+.5", "5.", "1e-400", "inf", "-Infinity", "NaN", "0x1p-2"})
    CHECK(parse_double(good, d) == Parsed::good);
  for (const char* bad : {"", " 1", "1 ", "--1", "+-1", "1e", "e5", ".", "0x", "1_0", "-"}) {
    CAPTURE(std::string(bad));
    CHECK(parse_double(bad, d) == Parsed::bad_syntax);
  }
  CHECK(parse_double("1e400", d) == Parsed::out_of_range);
  CHECK(json_number(1e21) == "1e+21");
  CHECK(json_number(1e20) == "100000000000000000000");
  CHECK(json_number(1e-7) == "1e-7");
  CHECK(json_number(0.000001) == "0.000001");
  CHECK(plain_number(150.1) == "150.1");
  CHECK(plain_number(1e6) == "1e+06");
  CHECK(plain_number(0.00001) == "1e-05");
}

TEST_CASE("times") {
  CHECK(format_nanos(*parse_rfc3339("2025-06-15T12:30:45.5+03:00")) == "2025-06-15T09:30:45.5Z");
  CHECK(!parse_rfc3339("2025-06-15T1:30:45Z"));
  CHECK(!parse_rfc3339("2025-06-15T12:30:45,5Z"));
  CHECK(parse_any_time("2025-06-15T1:30:45Z"));
  CHECK(!parse_any_time("2025-02-29"));
  CHECK(parse_any_time("2024-02-29"));
  CHECK(format_seconds(-62135596800) == "0001-01-01T00:00:00Z");
  CHECK(format_seconds(std::numeric_limits<std::int64_t>::min()).size() >= 20);
  CHECK(rfc3339_error("2025-13-01T00:00:00Z") == "parsing time \"2025-13-01T00:00:00Z\": month out of range");
  CHECK(rfc3339_error("2025-11-10T15:30:00Zx") == "parsing time \"2025-11-10T15:30:00Zx\": extra text: \"x\"");
}

TEST_CASE("base64 in any pieces") {
  for (const std::string bytes : {"", "a", "ab", "abc", "abcd", "\xff\xfe\xfd"}) {
    const std::string text = base64_encode(bytes);
    CHECK(or_error(base64_decode(text)) == bytes);
    Base64Decoder decoder;
    std::string out;
    for (const char c : text) REQUIRE(decoder.feed(std::string(1, c) + "\n", out));
    REQUIRE(decoder.finish());
    CHECK(out == bytes);
  }
  const std::pair<const char*, int> faults[] = {{"a", 0},    {"abc", 0}, {"abcde", 4}, {"ab=", 3},   {"ab==x", 4},
                                                {"a===", 1}, {"=", 0},   {"ab=c", 2},  {"abc=d", 4}, {"ab cd", 2}};
  for (const auto& [text, at] : faults) {
    CAPTURE(std::string(text));
    CHECK(or_error(base64_decode(text)) == "error: illegal base64 data at input byte " + std::to_string(at));
  }
}

TEST_CASE("values to cells") {
  CHECK(or_error(serialize_value("json", R"({"b":[1.0,-0,1e2,18446744073709551616],"a":"<\ud800>"})")) ==
        "{\"a\":\"\\u003c\xEF\xBF\xBD\\u003e\",\"b\":[1,-0,100,18446744073709551616]}");
  CHECK(or_error(serialize_value("JSON", "{\"a\":1}x")) ==
        "error: JSON: invalid input: invalid character 'x' after top-level value");
  CHECK(or_error(serialize_value("JSON", std::string(100'000, '['))) ==
        "error: JSON: invalid input: exceeded max depth");
  CHECK(or_error(serialize_value("DateTime", "2025-11-12 06:15:00")) == "2025-11-12T06:15:00Z");
  CHECK(or_error(serialize_value("TEXT", "x")) == "x");
}

TEST_CASE("JSON errors in the words callers know") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "unexpected end of JSON input"},
      {"{\"a\" 1}", "invalid character '1' after object key"},
      {"{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"},
      {"[1 2]", "invalid character '2' after array element"},
      {"{a:1}", "invalid character 'a' looking for beginning of object key string"},
      {"-x", "invalid character 'x' in numeric literal"},
      {"1.x", "invalid character 'x' after decimal point in numeric literal"},
      {"1ex", "invalid character 'x' in exponent of numeric literal"},
      {"tru!", "invalid character '!' in literal true (expecting 'e')"},
      {"\"\\x\"", "invalid character 'x' in string escape code"},
      {"\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape"},
      {"\"a\nb\"", "invalid character '\\n' in string literal"},
      {"\"a", "unexpected end of JSON input"},
      {"\xD1\x8F", "invalid character 'Ñ' looking for beginning of value"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(std::string(text));
    const auto r = json::parse(text, 1000);
    REQUIRE(!r);
    CHECK(r.error().message() == message);
  }
}

TEST_CASE("packets from JSON") {
  const auto p = json::read_packet(
      R"({"Schema":{"FIELDS":[{"Name":"A","TYPE":"TEXT","is_key":true,"Key":null,"length":5}]},"x":[{}],
    "header":{"type":"DATA","part_number":2},"data":[["a\u0041",null],[],null,["\ud83d\ude00\ud83dx"]]})");
  REQUIRE(p);
  CHECK(p->packet.schema.fields[0].key);
  CHECK(p->packet.schema.fields[0].length == 5);
  CHECK(p->packet.header.part_number == 2);
  REQUIRE(p->packet.rows.size() == 4);
  CHECK(p->packet.rows[0][0] == "aA");
  CHECK(p->packet.rows[0][1].empty());
  CHECK(p->packet.rows[1].empty());
  CHECK(p->packet.rows[3][0] == "\xF0\x9F\x98\x80\xEF\xBF\xBDx");
  const auto wrong = [](const char* text) { return json::read_packet(text).error().message(); };
  CHECK(wrong("[]") == "invalid data JSON: json: cannot unmarshal array into Go value of type main.jPacket");
  CHECK(wrong(R"({"data":[[1]]})") ==
        "invalid data JSON: json: cannot unmarshal number into Go struct field jPacket.data of type string");
  CHECK(wrong(R"({"header":{"part_number":1.5}})") ==
        "invalid data JSON: json: cannot unmarshal number 1.5 into Go struct field jHeader.header.part_number of type "
        "int");
  CHECK(wrong(R"({"data":[[1]],})") ==
        "invalid data JSON: invalid character '}' looking for beginning of object key string");
}

TEST_CASE("rows that need no escapes, and those that do") {
  const auto appended = [](std::vector<std::string_view> cells) {
    std::string out = "before";
    const bool plain = append_plain_row(cells, "--", out);
    return plain ? out.substr(6) : out == "before" ? "not plain" : "changed: " + out;
  };
  CHECK(appended({}).empty());
  CHECK(appended({""}).empty());
  CHECK(appended({"a", "", "some text of more than 16 bytes", "é中😀"}) == "a----some text of more than 16 bytes--é中😀");
  CHECK(appended({"", ""}) == "--");
  for (const char* odd : {"\x01", "\x1F", "\n", "\"", "&", "'", "<", ">", "\\", "|", "\xFF", "\xC3", "\xE2\x80\xA8", "\xEF\xBF\xBE"}) {
    for (const std::size_t at : {std::size_t{0}, std::size_t{15}, std::size_t{16}, std::size_t{40}}) {
      CAPTURE(std::string(odd));
      const std::string cell = std::string(at, 'x') + odd;
      CHECK(appended({"a", cell, "b"}) == "not plain");
    }
  }
  for (char c = 32; c < 127; ++c) {
    const bool plain = std::string_view("\"&'<>\\|").find(c) == std::string_view::npos;
    CHECK((appended({std::string_view(&c, 1)}) != "not plain") == plain);
  }
}

TEST_CASE("texts that are not UTF-8") {
  CHECK(made_valid("a\xFF\xC3") == "a\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(count_code_points("\xFF\xFEya\xCC\x88") == 5);
  CHECK(trimmed("\xE2\x80\x83 x \xC2\xA0") == "x");
  CHECK(upper("straße ŉ") == "STRAßE ŉ");
  CHECK(quoted("a\x01\xFF\"") == "\"a\\x01\\xff\\\"\"");
}

}  // namespace
}  // namespace packhouse::tdtp::test
