#include <doctest/doctest.h>

#include "codec/csv/parser.hpp"

namespace packhouse::csv {
namespace {

/// Rows as "a|b" with "-" for a field that has no value, or the error; the text is given in blocks of `cut` bytes.
std::vector<std::string> rows(std::string_view text, std::size_t cut, char separator = ',') {
  Parser parser(separator);
  std::vector<std::string> out;
  for (;;) {
    const auto step = parser.next();
    if (!step) {
      out.push_back("error: " + step.error().message());
      return out;
    }
    if (*step == Parser::Step::end) return out;
    if (*step == Parser::Step::more) {
      if (text.empty()) parser.finish();
      else parser.feed(text.substr(0, cut));
      text.remove_prefix(std::min(cut, text.size()));
      continue;
    }
    std::string& row = out.emplace_back();
    for (const Field& f : parser.fields()) {
      if (&f != parser.fields().data()) row += '|';
      row += f.text.empty() && !f.quoted ? "-" : std::string(f.text);
    }
  }
}

}  // namespace

TEST_CASE("rows, however the text is cut into blocks") {
  using Rows = std::vector<std::string>;
  const std::pair<std::string_view, Rows> cases[] = {
      {"", {}},
      {"a", {"a"}},
      {"a,b\nc,d\n", {"a|b", "c|d"}},
      {"a,b\r\nc,d\r\n", {"a|b", "c|d"}},
      {"a\rb\r", {"a", "b"}},
      {"\n\na\n\n", {"a"}},
      {",\n,,", {"-|-", "-|-|-"}},
      {"\"\",x", {"|x"}},
      {"\"a,b\",\"c\nd\"", {"a,b|c\nd"}},
      {"\"a\r\nb\"", {"a\r\nb"}},
      {"\"say \"\"hi\"\"\",\"b\\\"c\\\\d\\e\"", {"say \"hi\"|b\"c\\d\\e"}},
      {"a\"b,c", {"a\"b|c"}},
      {"\xC3\xA4,\"\xE2\x82\xAC\"", {"\xC3\xA4|\xE2\x82\xAC"}},
      {"ok\n\"x\"y", {"ok", "error: line 2: there are characters behind a closing quote"}},
      {"ok\n\n\"open\nstill", {"ok", "error: line 3: a quote is not closed before the end of the file"}},
      {"\"open\\", {"error: line 1: a quote is not closed before the end of the file"}},
      {"a\xC3,\xA9"
       "b",
       {"error: line 1: the text is not UTF-8"}},
      {"a\n\xFF", {"a", "error: line 2: the text is not UTF-8"}},
  };
  for (const auto& [text, expected] : cases) {
    for (const std::size_t cut : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}}) {
      CAPTURE(std::string(text));
      CAPTURE(cut);
      CHECK(rows(text, cut) == expected);
    }
  }
  CHECK(rows("\xEF\xBB\xBF" "a;b", 4096, ';') == Rows{"a|b"});
}

TEST_CASE("a row that never ends is an error, in bytes and in fields") {
  const std::string longest(Parser::longest_row + 2, 'x'), fields(Parser::longest_row, ',');
  for (const std::string& text : {longest, '"' + longest, fields}) {
    const auto found = rows(text, 1 << 16);
    REQUIRE(found.size() == 1);
    CHECK(found[0].starts_with("error: line 1: the row needs more than"));
  }
}

}  // namespace packhouse::csv
