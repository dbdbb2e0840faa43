#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "fulltext/analyzer.hpp"
#include "fulltext/porter.hpp"

namespace packhouse::fulltext {
namespace {

/// Words with their positions where these do not simply count: "a b@3".
std::string words(std::string_view analyzer, std::string_view text) {
  const Analyzer* a = find_analyzer(analyzer);
  REQUIRE(a != nullptr);
  std::string out;
  std::uint32_t expected = 0;
  const std::uint32_t end = a->analyze(text, 0, [&](std::string_view word, std::uint32_t position) {
    if (!out.empty()) out += '|';
    out += word;
    if (position != expected) out += '@' + std::to_string(position);
    expected = position + 1;
    CHECK(utf8::is_valid(word));
  });
  CHECK(end >= expected);
  return out;
}

struct Row {
  const char* analyzer;
  const char* text;
  const char* words;
};

TEST_CASE("analyzers split texts into words") {
  const Row rows[] = {
      {"standard-no-stop-words", "", ""},
      {"standard-no-stop-words", " \t\n-- !?", ""},
      {"standard-no-stop-words", "The Quick-Brown fox, (2.5 km) isn't here.", "the|quick|brown|fox|2.5|km|isn't|here"},
      {"standard-no-stop-words", "foo_bar _x_ __ a.b a. .b 1,000;2 a,b 3.x", "foo_bar|_x_|a.b|a|b|1,000;2|a|b|3|x"},
      {"standard-no-stop-words", "user@example.com http://a.org/b", "user|example.com|http|a.org|b"},
      {"standard-no-stop-words", "ÄRGER Größe ΣΊΣΥΦΟΣ ЁЖ e\u0301cole", "ärger|größe|σίσυφοσ|ёж|e\u0301cole"},
      {"standard-no-stop-words", "can\u2019t l\u2019a:b 1:2", "can\u2019t|l\u2019a|b|1|2"},
      {"standard-no-stop-words", "你好 ひらカタカナ 한국어 สวัสดีครับ", "你|好|ひ|ら|カタカナ|한국어|สวัสดีครับ"},
      {"standard-no-stop-words", "a😀b 👍🏽 👩‍💻x ☃", "a|😀|b|👍🏽|👩‍💻|x|☃"},
      {"standard-no-stop-words", "group_id:\"x-1\" `tick` a\\b", "group_id|x|1|tick|a|b"},
      {"standard", "The cat and the dog", "cat@1|dog@4"},
      {"standard-folding", "École Ærø STRAẞE naïve ﬁne ｗｉｄｅ Łódź", "ecole|aero|strasse|naive|fine|wide|lodz"},
      {"simple", "It's R2D2, isn't it? Ünï", "it|s|r|d|isn|t|it|ünï"},
      {"stop", "The r2d2 of it", "r@1|d"},
      {"whitespace", " Foo-Bar  baz\u00A0x\u2003y\n", "Foo-Bar|baz\u00A0x|y"},
      {"unicode_whitespace", "Foo-Bar\u00A0x\u2003y", "Foo-Bar|x|y"},
      {"keyword", " New York ", " New York "},
      {"english", "The runners' running was John's happiest connection", "runner@1|run|john@4|happiest|connect"},
      {"cjk", "我是中国人 Hello the 人 ｶﾞｷﾞ한국", "我是|是中|中国|国人|hello|人@6|ガギ|ギ한|한국"},
      {"url", "see http://a.org/x?y=1, www.b.com. me@c.org d.e", "http://a.org/x?y=1|www.b.com"},
      {"email", "see http://a.org, Me.You@C.org!", "me.you@c.org"},
      {"url_or_email", "at https://localhost:80/p or x@y.de", "https://localhost:80/p|x@y.de"},
  };
  for (const Row& r : rows) {
    CAPTURE(r.analyzer);
    CAPTURE(r.text);
    CHECK(words(r.analyzer, r.text) == r.words);
  }
}

TEST_CASE("long words come in pieces of 255 characters") {
  const std::string text(600, 'x');
  CHECK(words("standard-no-stop-words", text) == text.substr(0, 255) + "|" + text.substr(0, 255) + "|" + text.substr(0, 90));
  CHECK(words("keyword", text) == text);
}

TEST_CASE("parts of words get the form of the index") {
  CHECK(find_analyzer("standard")->normalized("The ÄB") == "the äb");
  CHECK(find_analyzer("standard-folding")->normalized("ÄB") == "ab");
  CHECK(find_analyzer("whitespace")->normalized("ÄB") == "ÄB");
  CHECK(find_analyzer("english")->normalized("Running") == "running");
  CHECK(find_analyzer("cjk")->normalized("ＡＢ") == "ab");
}

TEST_CASE("analyzers are listed in order and found by name") {
  CHECK(find_analyzer("Standard") == nullptr);
  CHECK(find_analyzer("") == nullptr);
  for (const Analyzer& a : analyzers()) {
    CHECK(find_analyzer(a.name) == &a);
    if (&a != analyzers().data()) CHECK((&a - 1)->name < a.name);
  }
}

TEST_CASE("stems after Porter") {
  const std::pair<const char*, const char*> pairs[] = {
      {"caresses", "caress"}, {"ponies", "poni"}, {"ties", "ti"}, {"cats", "cat"}, {"feed", "feed"}, {"agreed", "agre"},
      {"plastered", "plaster"}, {"bled", "bled"}, {"motoring", "motor"}, {"sing", "sing"}, {"conflated", "conflat"},
      {"troubled", "troubl"}, {"sized", "size"}, {"hopping", "hop"}, {"tanned", "tan"}, {"falling", "fall"}, {"hissing", "hiss"},
      {"fizzed", "fizz"}, {"failing", "fail"}, {"filing", "file"}, {"happy", "happi"}, {"sky", "sky"}, {"relational", "relat"},
      {"conditional", "condit"}, {"rational", "ration"}, {"valenci", "valenc"}, {"digitizer", "digit"}, {"operator", "oper"},
      {"feudalism", "feudal"}, {"decisiveness", "decis"}, {"hopefulness", "hope"}, {"callousness", "callous"},
      {"formaliti", "formal"}, {"sensitiviti", "sensit"}, {"sensibiliti", "sensibl"}, {"triplicate", "triplic"},
      {"formative", "form"}, {"formalize", "formal"}, {"electrical", "electr"}, {"hopeful", "hope"}, {"goodness", "good"},
      {"revival", "reviv"}, {"allowance", "allow"}, {"inference", "infer"}, {"airliner", "airlin"}, {"adjustable", "adjust"},
      {"irritant", "irrit"}, {"replacement", "replac"}, {"adjustment", "adjust"}, {"dependent", "depend"}, {"adoption", "adopt"},
      {"communism", "commun"}, {"activate", "activ"}, {"homologous", "homolog"}, {"effective", "effect"}, {"bowdlerize", "bowdler"},
      {"probate", "probat"}, {"rate", "rate"}, {"cease", "ceas"}, {"controll", "control"}, {"roll", "roll"}, {"is", "is"}, {"größen", "größen"}};
  for (const auto& [word, stem] : pairs) {
    std::string w = word;
    porter_stem(w);
    CHECK(w == stem);
  }
}

}  // namespace
}  // namespace packhouse::fulltext
