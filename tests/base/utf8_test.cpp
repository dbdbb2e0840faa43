#include <doctest/doctest.h>

#include <string>

#include "base/utf8.hpp"

using namespace packhouse;
using namespace std::string_literals;

TEST_CASE("utf8: what is valid") {
  struct Row {
    std::string text;
    std::size_t bad;
  };
  for (const Row& r : std::initializer_list<Row>{{"", utf8::npos},
                                                 {"plain text that is longer than one word", utf8::npos},
                                                 {"\x00\x7F"s, utf8::npos},
                                                 {"åäö €, 𝄞 and more after it", utf8::npos},
                                                 {"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF",
                                                  utf8::npos},  // neighbours of the surrogates, the last code point
                                                 {"abcdefgh\x80", 8},  // a continuation alone
                                                 {"ab\xC0\xAF", 2},    // overlong '/'
                                                 {"\xC1\xBF", 0},
                                                 {"\xE0\x80\xAF", 0},
                                                 {"\xF0\x80\x80\xAF", 0},
                                                 {"x\xED\xA0\x80", 1},      // a surrogate
                                                 {"x\xF4\x90\x80\x80", 1},  // beyond U+10FFFF
                                                 {"\xF5\x80\x80\x80", 0},
                                                 {"12345678\xE2\x82", 8},  // cut off
                                                 {"\xC3(", 0},
                                                 {"\xFF", 0}}) {
    CAPTURE(r.text);
    CHECK(utf8::first_invalid(r.text) == r.bad);
  }
}

TEST_CASE("utf8: repair replaces each bad sequence once") {
  CHECK(utf8::repaired("fine") == "fine");
  CHECK(utf8::repaired("a\xFFz") == "a\uFFFDz");
  CHECK(utf8::repaired("a\xE2\x82") == "a\uFFFD");
  CHECK(utf8::repaired("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(utf8::is_valid(utf8::repaired("\xF0\x9F\x92 \xC0\x80\xF8")));
}

TEST_CASE("utf8: lengths and cuts are in code points") {
  const std::string s = "aé€𝄞b, plain ascii follows";
  CHECK(utf8::length(s) == 26);
  CHECK(utf8::byte_offset(s, 0) == 0);
  CHECK(utf8::byte_offset(s, 3) == 6);
  CHECK(utf8::byte_offset(s, 4) == 10);
  CHECK(utf8::byte_offset(s, 1000) == s.size());
  CHECK(utf8::substr(s, 1, 3) == "é€𝄞");
  CHECK(utf8::substr(s, 4) == "b, plain ascii follows");
  CHECK(utf8::substr(s, 14, 3) == "scii"s.substr(0, 3));
  CHECK(utf8::substr(s, 26).empty());
  CHECK(utf8::substr(s, 400, 3).empty());
  CHECK(utf8::substr("", 0, 1).empty());
}

TEST_CASE("utf8: every boundary code point survives encoding and decoding") {
  for (const char32_t c :
       {U'\0', U'a', char32_t{0x7F}, char32_t{0x80}, char32_t{0x7FF}, char32_t{0x800}, char32_t{0xD7FF},
        char32_t{0xE000}, char32_t{0xFFFF}, char32_t{0x10000}, char32_t{0x10FFFF}}) {
    std::string s;
    utf8::encode(c, s);
    CHECK(utf8::is_valid(s));
    CHECK(utf8::sequence_length(static_cast<unsigned char>(s[0])) == s.size());
    std::size_t at = 0;
    CHECK(utf8::decode(s, at) == c);
    CHECK(at == s.size());
  }
}
