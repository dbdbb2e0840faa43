#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cypher/syntax/lexer.hpp"

using namespace packhouse::cypher::syntax;

namespace {

// "word:a lparen …": the kinds of all tokens, words with their text.
std::string kinds(std::string_view text) {
  std::vector<Token> tokens;
  split(text, tokens);
  std::string out;
  for (const Token& t : tokens) {
    if (!out.empty()) out += ' ';
    switch (t.kind) {
      case Kind::end: out += "end"; break;
      case Kind::bad: out += "bad"; break;
      case Kind::word: out += "w:"; break;
      case Kind::quoted_name: out += "q:"; break;
      case Kind::decimal: out += "i:"; break;
      case Kind::hex: out += "x:"; break;
      case Kind::octal: out += "o:"; break;
      case Kind::real: out += "f:"; break;
      case Kind::string: out += "s:"; break;
      case Kind::parameter: out += "p:"; break;
      default: break;
    }
    out += text.substr(t.begin, t.end - t.begin);
  }
  return out;
}

}  // namespace

TEST_CASE("texts are split into tokens") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "end"},
      {"  \t\r\n ", "end"},
      {"RETURN 1", "w:RETURN i:1 end"},
      {"a.b", "w:a . w:b end"},
      {"1..3", "i:1 .. i:3 end"},
      {"*1..", "* i:1 .. end"},
      {"1.5", "f:1.5 end"},
      {"1e3 1E-3 .5", "f:1e3 f:1E-3 f:.5 end"},
      {"0x1F 0o17", "x:0x1F o:0o17 end"},
      {"1_000", "i:1_000 end"},
      {"'a' \"b\"", "s:'a' s:\"b\" end"},
      {"'it\\'s'", "s:'it\\'s' end"},
      {"`a b`", "q:`a b` end"},
      {"`a``b`", "q:`a``b` end"},
      {"$p $1 $`x y`", "p:$p p:$1 p:$`x y` end"},
      {"<= >= <> != =~ += || ::", "<= >= <> != =~ += || :: end"},
      {"<-[r]->", "< - [ w:r ] - > end"},
      {"a // comment\nb", "w:a w:b end"},
      {"a /* x\ny */ b", "w:a w:b end"},
      {"größe 名前", "w:größe w:名前 end"},
      {"\xC2\xA0x", "w:x end"},  // no-break space
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(kinds(text) == expected);
  }
}

TEST_CASE("what can't be split ends in a bad token that says why") {
  const std::pair<const char*, Flaw> cases[] = {
      {"RETURN 'abc", Flaw::open_string}, {"RETURN \"abc", Flaw::open_string}, {"RETURN `abc", Flaw::open_name},
      {"RETURN 1 /* x", Flaw::open_comment}, {"RETURN ~", Flaw::character}, {"RETURN 0x", Flaw::number},
      {"RETURN 1abc", Flaw::number},
  };
  for (const auto& [text, flaw] : cases) {
    CAPTURE(text);
    std::vector<Token> tokens;
    split(text, tokens);
    REQUIRE_FALSE(tokens.empty());
    CHECK(tokens.back().kind == Kind::bad);
    CHECK(static_cast<int>(tokens.back().flaw) == static_cast<int>(flaw));
  }
}

TEST_CASE("keywords are found in any case") {
  CHECK(find_word("match") == Word::match);
  CHECK(find_word("MATCH") == Word::match);
  CHECK(find_word("mAtCh") == Word::match);
  CHECK(find_word("matched") == Word::none);
  CHECK(find_word("") == Word::none);
  CHECK(same_word("show", "SHOW"));
  CHECK_FALSE(same_word("shows", "SHOW"));
  // Each word's name leads back to it.
  for (int w = 1; w < static_cast<int>(Word::count_); ++w) {
    const auto word = static_cast<Word>(w);
    CAPTURE(name_of(word));
    CHECK(find_word(name_of(word)) == word);
  }
}
