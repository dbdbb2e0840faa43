#include <doctest/doctest.h>

#include "fulltext/match.hpp"

namespace packhouse::fulltext {
namespace {

TEST_CASE("wildcards") {
  struct Row {
    const char *pattern, *prefix, *term;
    bool fits;
  };
  const Row rows[] = {
      {"fo*", "fo", "foo", true},   {"fo*", "fo", "fo", true},     {"fo*", "fo", "f", false},       {"*oo", "", "foo", true},
      {"f?o", "f", "fao", true},    {"f?o", "f", "fo", false},     {"f?o", "f", "f😀o", true},       {"*", "", "", true},
      {"a*b*c", "a", "axbyc", true}, {"a*b*c", "a", "axbycx", false}, {"A*B", "a", "ab", true},      {"a\\*b", "a*b", "a*b", true},
      {"a\\*b*", "a*b", "axb", false}, {"**a**", "", "bab", true},  {"*a*a*a*", "", "aa", false},    {"?*", "", "", false},
      {"\\u0041*", "a", "abc", true},
  };
  for (const Row& r : rows) {
    CAPTURE(r.pattern);
    CAPTURE(r.term);
    const auto made = Wildcard::make(r.pattern, *find_analyzer("standard"));
    REQUIRE(made.has_value());
    CHECK(made->prefix() == r.prefix);
    CHECK(made->matches(r.term) == r.fits);
  }
  CHECK(Wildcard::make("**", *find_analyzer("standard"))->everything());
  CHECK_FALSE(Wildcard::make("a*", *find_analyzer("standard"))->everything());
  CHECK_FALSE(Wildcard::make("a\\", *find_analyzer("standard")).has_value());
}

TEST_CASE("edits between words") {
  struct Row {
    const char* word;
    float similarity;
    const char* term;
    int edits;  // -1: too many
  };
  const Row rows[] = {
      {"roam", 2, "roam", 0}, {"roam", 2, "foam", 1},  {"roam", 2, "roams", 1}, {"roam", 2, "rom", 1},   {"roam", 2, "raom", 1},
      {"roam", 2, "form", 2}, {"roam", 2, "mao", -1},  {"roam", 1, "fom", -1},  {"roam", 0, "roam", 0},  {"roam", 0, "foam", -1},
      {"roam", 0.7F, "foam", 1}, {"roam", 0.8F, "foam", -1}, {"größe", 1, "grosse", -1}, {"größe", 2, "grosse", -1},
      {"größe", 1, "größer", 1}, {"ab", 2, "", 2},     {"roam", 9, "xxam", 2},  {"abcdef", 2, "badcfe", -1},
  };
  for (const Row& r : rows) {
    CAPTURE(r.word);
    CAPTURE(r.term);
    FuzzyWord word(r.word, r.similarity);
    const auto edits = word.edits(r.term);
    CHECK((edits ? static_cast<int>(*edits) : -1) == r.edits);
  }
  FuzzyWord word("roam", 2);
  CHECK(word.closeness("roam", 0) == 1);
  CHECK(word.closeness("foam", 1) == doctest::Approx(0.75));
  CHECK(word.closeness("rom", 1) == doctest::Approx(2.0 / 3));
}

TEST_CASE("regular expressions fit whole terms") {
  const auto p = Pattern::make("[mb]oa+t");
  REQUIRE(p.has_value());
  CHECK(p->matches("moat"));
  CHECK(p->matches("boaat"));
  CHECK_FALSE(p->matches("boats"));
  CHECK_FALSE(Pattern::make("a(").has_value());
  CHECK(Pattern::make("a(").error().status() == Status::syntax_error);
  CHECK_FALSE(Pattern::make(std::string(5000, 'a')).has_value());
  CHECK_FALSE(Pattern::make("((((a{100}){100}){100}){100})").has_value());
}

}  // namespace
}  // namespace packhouse::fulltext
