#include "cypher/syntax/token.hpp"

#include <array>

#include "base/ascii_upper.hpp"

namespace packhouse::cypher::syntax {
namespace {

// clang-format off
constexpr std::array<std::string_view, static_cast<std::size_t>(Word::count_)> words{
    "",       "ALL",     "ALLSHORTESTPATHS", "AND",       "ANY",    "AS",       "ASC",     "ASCENDING", "BY",
    "CALL",   "CASE",    "COLLECT",          "CONTAINS",  "COUNT",  "CREATE",   "DELETE",  "DESC",      "DESCENDING",
    "DETACH", "DISTINCT", "ELSE",            "END",       "ENDS",   "EXISTS",   "FALSE",   "FINISH",    "FOREACH",
    "FROM",   "IN",      "INF",              "INFINITY",  "INSERT", "IS",       "LIMIT",   "LOAD",      "MATCH",
    "MERGE",  "NAN",     "NODETACH",         "NONE",      "NORMALIZE", "NOT",   "NULL",    "OFFSET",    "ON",
    "OPTIONAL", "OR",    "ORDER",            "REDUCE",    "REMOVE", "RETURN",   "SET",     "SHORTESTPATH", "SINGLE",
    "SKIP",   "STARTS",  "THEN",             "TRIM",      "TRUE",   "UNION",    "UNWIND",  "USE",       "USING",
    "WHEN",   "WHERE",   "WITH",             "XOR",       "YIELD"};
static_assert(!words.back().empty());

constexpr std::array<std::string_view, static_cast<std::size_t>(Kind::count_)> kinds{
    "the end of the query", "a name", "a name", "a number", "a number", "a number", "a number", "a string",
    "a parameter", "", "'('", "')'", "'['", "']'", "'{'", "'}'", "','", "'.'", "'..'", "':'", "'::'", "';'",
    "'='", "'<>'", "'!='", "'<'", "'<='", "'>'", "'>='", "'=~'", "'+'", "'+='", "'-'", "'*'", "'/'", "'%'", "'^'",
    "'|'", "'||'", "'&'", "'!'", "'$'"};
static_assert(!kinds.back().empty());
// clang-format on

constexpr std::size_t longest = 16;

constexpr unsigned char fold(char c) { return static_cast<unsigned char>(c) | 0x20U; }

/// Mixes length and four letters, which is enough to tell nearly all of them apart.
constexpr std::size_t hash(std::string_view s) {
  const std::size_t n = s.size();
  return (fold(s[0]) * 7U + fold(s[n / 2]) * 31U + fold(s[n - 1]) * 113U + fold(s[n > 2 ? 2 : 0]) * 5U + n * 59U) & 255U;
}

constexpr auto table = [] {
  std::array<Word, 256> t{};
  for (std::size_t w = 1; w < words.size(); ++w) {
    std::size_t at = hash(words[w]);
    while (t[at] != Word::none) at = (at + 1) & 255U;
    t[at] = static_cast<Word>(w);
  }
  return t;
}();

}  // namespace

bool same_word(std::string_view text, std::string_view upper) {
  if (text.size() != upper.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (ascii_upper(text[i]) != upper[i]) return false;
  }
  return true;
}

Word find_word(std::string_view text) {
  if (text.size() < 2 || text.size() > longest) return Word::none;
  for (std::size_t at = hash(text); table[at] != Word::none; at = (at + 1) & 255U) {
    if (same_word(text, words[static_cast<std::size_t>(table[at])])) return table[at];
  }
  return Word::none;
}

std::string_view name_of(Kind k) { return kinds[static_cast<std::size_t>(k)]; }
std::string_view name_of(Word w) { return words[static_cast<std::size_t>(w)]; }

}  // namespace packhouse::cypher::syntax
