#include <algorithm>
#include <cmath>
#include <limits>

#include "fulltext_support.hpp"

// What full-text queries find, and their scores.
namespace packhouse::storage {
namespace {

TEST_CASE("queries find what Lucene's would") {
  FulltextStore s;
  s.add({"quick brown fox", "brown bear brown bear", "lazy dog sleeps", "Quick dog", "foo-bar baz", "quack", "brown quick fox", "dog days dog"});
  const IndexId index = s.make_index(s.definition());
  const auto tx = begin(*s.store, AccessMode::read);
  const std::pair<const char*, const char*> rows[] = {
      {"fox", "0 6"},
      {"FOX", "0 6"},
      {"quick dog", "0 2 3 6 7"},
      {"quick AND dog", "3"},
      {"+quick dog", "0 3 6"},
      {"quick NOT fox", "3"},
      {"quick -brown", "3"},
      {"NOT fox", ""},
      {"+absent quick", ""},
      {"absent quick", "0 3 6"},
      {"quick -absent", "0 3 6"},
      {"(quick OR lazy) AND (fox OR sleeps)", "0 2 6"},
      {"\"quick brown\"", "0"},
      {"\"quick fox\"", "6"},
      {"\"quick fox\"~1", "0 6"},
      {"\"fox quick\"", ""},
      {"\"quick brown\"~1", "0"},
      {"\"quick brown\"~2", "0 6"},
      {"\"brown bear brown\"", "1"},
      {"\"bear bear\"", ""},
      {"\"bear bear\"~5", "1"},
      {"\"dog dog\"~1", "7"},
      {"\"fox\"", "0 6"},
      {"foo-bar", "4"},
      {"\"foo-bar\"", "4"},
      {"p:fox", "0 6"},
      {"q:fox", ""},
      {"other:fox", ""},
      {"other:fox OR dog", "2 3 7"},
      {"qu*", "0 3 5 6"},
      {"*ck", "0 3 5 6"},
      {"q?i?k", "0 3 6"},
      {"QU*K", "0 3 5 6"},
      {"quick~1", "0 3 5 6"},
      {"quick~", "0 3 5 6"},
      {"foy~", "0 2 3 4 6 7"},
      {"[bear TO brown]", "0 1 6"},
      {"{bear TO brown}", ""},
      {"[BEAR TO brown}", "1"},
      {"p:[* TO bar]", "4"},
      {"[sleeps TO *]", "2"},
      {"/qu.ck/", "0 3 5 6"},
      {"/u.ck/", ""},
      {"*:*", "0 1 2 3 4 5 6 7"},
      {"*", "0 1 2 3 4 5 6 7"},
      {"p:*", "0 1 2 3 4 5 6 7"},
      {"q:*", ""},
      {"*:* -brown", "2 3 4 5 7"},
      {"- ", ""},
      {"\"\"", ""},
      {"fox AND \"!?\"", "0 6"},
      {"(\"--\") fox", "0 6"},
      {"fox^3 dog^0", "0 2 3 6 7"},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(ids(*tx, index, text) == expected);
  }
}

/// BM25 by the book, as Lucene has it.
float bm25(double n, double found, double frequency, double words, double average) {
  const double idf = std::log(1 + (n - found + 0.5) / (found + 0.5));
  return static_cast<float>(idf * frequency / (frequency + 1.2 * (0.25 + 0.75 * words / average)));
}

TEST_CASE("scores") {
  FulltextStore s;
  NodeId both{};
  must(auto_commit(*s.store, [&](Transaction& tx) -> Result<void> {
    s.add(tx, "apple banana apple");           // 3 words
    s.add(tx, "banana cherry");                // 2
    s.add(tx, "cherry");                       // 1
    both = s.add(tx, "date", "apple");         // 1, and 1 in q
    s.add(tx, "");                             // none: counts for nothing
    return ok;
  }));
  const IndexId index = s.make_index(s.definition());
  const auto tx = begin(*s.store, AccessMode::read);
  const double average = 7.0 / 4;

  auto found = ask(*tx, index, "apple");
  REQUIRE(found.size() == 2);
  CHECK(found[0].id == 0);  // ln(1 + 3.5 / 1.5) * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 1.75)) = 0.6268
  CHECK(found[0].score == doctest::Approx(bm25(4, 1, 2, 3, average)));
  CHECK(found[0].score == doctest::Approx(0.6268).epsilon(1e-3));
  CHECK(found[1].id == raw(both));  // the only one with words in q: ln(1 + 0.5 / 1.5) / 2.2
  CHECK(found[1].score == doctest::Approx(std::log(1 + 0.5 / 1.5) / 2.2));

  found = ask(*tx, index, "cherry banana^2");
  REQUIRE(found.size() == 3);
  CHECK(found[0].id == 1);
  CHECK(found[0].score == doctest::Approx(3 * bm25(4, 2, 1, 2, average)));
  CHECK(found[1].id == 0);
  CHECK(found[1].score == doctest::Approx(2 * bm25(4, 2, 1, 3, average)));
  CHECK(found[2].score == doctest::Approx(bm25(4, 2, 1, 1, average)));

  CHECK(ask(*tx, index, "apple AND date")[0].score == doctest::Approx(std::log(1 + 0.5 / 1.5) / 2.2 + bm25(4, 1, 1, 1, average)));
  CHECK(ask(*tx, index, "+apple date")[0].id == raw(both));

  // A phrase weighs as its words together; one that is out of place by 1 counts half.
  const double idf = std::log(1 + 3.5 / 1.5) + std::log(1 + 2.5 / 2.5);
  const double length = 1.2 * (0.25 + 0.75 * 3 / average);
  CHECK(ask(*tx, index, "\"apple banana\"")[0].score == doctest::Approx(idf / (1 + length)));
  CHECK(ask(*tx, index, "\"apple apple\"~1")[0].score == doctest::Approx(2 * std::log(1 + 3.5 / 1.5) * 0.5 / (0.5 + length)));

  for (const char* constant : {"appl*", "/apple/", "[apple TO apple]", "*:*"}) CHECK(ask(*tx, index, constant)[0].score == 1);
  CHECK(ask(*tx, index, "(cherr*)^3")[0].score == 3);
  CHECK(ask(*tx, index, "*")[0].score == 2);  // in both properties
  CHECK(ask(*tx, index, "*")[0].id == raw(both));

  // Fuzzy: less for each edit, with the weight of the most usual term.
  CHECK(ask(*tx, index, "dat~1")[0].score == doctest::Approx((1 - 1.0 / 3) * bm25(4, 1, 1, 1, average)));
}

TEST_CASE("long texts have lengths that fit in a byte") {
  FulltextStore s;
  std::string text;
  for (int i = 0; i < 45; ++i) text += "w" + std::to_string(i) + " ";
  s.add({text, "x"});
  const IndexId index = s.make_index(s.definition());
  const auto tx = begin(*s.store, AccessMode::read);
  CHECK(ask(*tx, index, "w7")[0].score == doctest::Approx(bm25(2, 1, 1, 44, 23)));  // 45 is kept as 44
}

TEST_CASE("order, limit and skip") {
  FulltextStore s;
  std::vector<std::string> texts;
  for (int i = 0; i < 300; ++i) texts.push_back("word " + std::string(static_cast<std::size_t>(i % 7), 'x') + (i % 3 == 0 ? " word" : ""));
  s.add(texts);
  const IndexId index = s.make_index(s.definition());
  const auto tx = begin(*s.store, AccessMode::read);
  const auto all = ask(*tx, index, "word");
  REQUIRE(all.size() == 300);
  for (std::size_t i = 1; i < all.size(); ++i) {
    CHECK((all[i - 1].score > all[i].score || (all[i - 1].score == all[i].score && all[i - 1].id < all[i].id)));
  }
  for (const auto& [skip, limit] : {std::pair{0U, 10U}, {5U, 1U}, {290U, 50U}, {400U, 5U}, {0U, 0U}, {7U, 0U}}) {
    const auto some = must(try_ask(*tx, index, "word", limit, skip));
    const std::size_t expected = skip >= all.size() ? 0 : std::min<std::size_t>(limit, all.size() - skip);
    REQUIRE(some.size() == expected);
    for (std::size_t i = 0; i < some.size(); ++i) CHECK(some[i].id == all[skip + i].id);
  }
  CHECK(must(try_ask(*tx, index, "word", ~std::uint64_t{0}, 299)).size() == 1);
}

TEST_CASE("errors and limits") {
  FulltextStore s;
  s.add({"a b c"});
  const IndexId index = s.make_index(s.definition());
  const auto tx = begin(*s.store);
  const auto status = [&](std::string_view text) {
    const auto r = try_ask(*tx, index, text);
    return r ? Status::count_ : r.error().status();
  };
  CHECK(status("a AND") == Status::syntax_error);
  CHECK(status("/a(/") == Status::syntax_error);
  std::string many;
  for (int i = 0; i < 2048; ++i) many += "w" + std::to_string(i) + " ";
  CHECK(status(many) == Status::count_);  // 4,096 clauses: two properties
  CHECK(status(many + "x") == Status::argument_error);
  CHECK(status("\"" + many.substr(0, 200) + "\"~2") == Status::count_);
  CHECK(status("\"" + many.substr(0, 2000) + "\"") == Status::count_);
  CHECK(status("\"" + many.substr(0, 2000) + "\"~2") == Status::argument_error);
  CHECK(ask(*tx, index, "(a^99999999999999999999999999999999999999)^99999999999999999999999")[0].score == std::numeric_limits<float>::max());
  CHECK(try_ask(*tx, IndexId{99}, "a").error().status() == Status::index_not_found);
  FulltextQuery other{.index = index, .text = "a", .analyzer = "nonsense", .pause = {}};
  CHECK(tx->fulltext_search(other).error().status() == Status::argument_error);
  other.analyzer = "whitespace";
  other.text = "A";
  CHECK(must(tx->fulltext_search(other)).empty());

  SUBCASE("a search can be stopped") {
    FulltextQuery stopped{.index = index, .text = "a", .pause = [](std::size_t) { return Result<void>(fail(Status::terminated, "stop")); }};
    CHECK(tx->fulltext_search(stopped).error().status() == Status::terminated);
  }
  SUBCASE("definitions") {
    auto d = s.definition("x");
    d.fulltext.analyzer = "nonsense";
    CHECK(tx->create_index(d).error().status() == Status::invalid_arguments);
    d = s.definition("x");
    d.keys = {s.p, s.p};
    CHECK(tx->create_index(d).error().status() == Status::argument_error);
    d = s.definition("x");
    d.more_tokens = {d.token};
    CHECK(tx->create_index(d).error().status() == Status::argument_error);
    d = s.definition("x");
    CHECK(tx->create_index(d).error().status() == Status::index_exists);
    d.name = "texts";
    CHECK(tx->create_index(d).error().status() == Status::equivalent_schema_rule_exists);
    d.keys = {s.q};
    CHECK(tx->create_index(d).error().status() == Status::index_name_exists);
  }
}

}  // namespace
}  // namespace packhouse::storage
