// Any text as a full-text query: a query whose depth is bounded, or an error with a place inside the text. The first byte
// chooses an analyzer, by which the query's texts are then split.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/utf8.hpp"
#include "fulltext/analyzer.hpp"
#include "fulltext/match.hpp"
#include "fulltext/query.hpp"

namespace {

using namespace packhouse;

void check(const fulltext::Query& q, const fulltext::Analyzer& analyzer, int depth) {
  if (depth > fulltext::deepest_query + 2) std::abort();
  std::uint32_t last = 0;
  bool first = true;
  analyzer.analyze(q.text, 0, [&](std::string_view word, std::uint32_t position) {
    if (word.empty() || !utf8::is_valid(word) || (!first && position <= last)) std::abort();
    first = false;
    last = position;
  });
  switch (q.kind) {
    case fulltext::Query::Kind::wildcard:
      if (const auto pattern = fulltext::Wildcard::make(q.text, analyzer)) {
        if (pattern->everything() && !pattern->matches(q.text)) std::abort();
      }
      break;
    case fulltext::Query::Kind::fuzzy: {
      fulltext::FuzzyWord word(q.text, q.similarity);
      if (utf8::length(q.text) <= 512 && word.edits(q.text) != std::uint32_t{0}) std::abort();
      break;
    }
    case fulltext::Query::Kind::regex:
      if (const auto pattern = fulltext::Pattern::make(q.text)) (void)pattern->matches("abc");
      break;
    default: break;
  }
  for (const auto& clause : q.clauses) check(clause.query, analyzer, depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const auto all = fulltext::analyzers();
  const std::string text = utf8::repaired({reinterpret_cast<const char*>(data) + 1, size - 1});
  const auto q = fulltext::parse_query(text);
  if (q) check(*q, all[data[0] % all.size()], 0);
  else if (!q.error().position() || q.error().position()->offset > utf8::length(text)) std::abort();
  return 0;
}
