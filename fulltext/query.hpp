#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

// Queries in the classic syntax of Lucene: words "phrases"~2 field:word +must -not AND OR NOT (…) boost^2 wild* fuzzy~1
// [a TO b} /regex/ *:*
namespace packhouse::fulltext {

/// A query as it was written; its texts are not analysed.
struct Query {
  enum class Kind : std::uint8_t {
    words,     ///< `text`; several words mean any of them
    phrase,    ///< `text` and `slop`
    wildcard,  ///< `text` with * and ?, and backslashes before those that mean themselves
    fuzzy,     ///< `text` and `similarity`
    range,     ///< `low` to `high`; a missing one is open
    regex,     ///< `text`
    all,       ///< *:*
    group,     ///< `clauses`
  };
  enum class Occur : std::uint8_t { should, must, must_not };
  struct Clause;

  Kind kind = Kind::words;
  std::optional<std::string> field;  ///< nothing: all of the index
  std::string text;
  float boost = 1;
  std::uint32_t slop = 0;  ///< by how many positions the words of a phrase may be out of place
  float similarity = 2;    ///< from 1 on: edits; below: of the length, how much must stay
  std::optional<std::string> low, high;
  bool low_inclusive = true, high_inclusive = true;
  std::vector<Clause> clauses;
};
struct Query::Clause {
  Occur occur;
  Query query;
};

inline constexpr std::size_t longest_query = 256 * 1024;
inline constexpr int deepest_query = 64;

/// Status::syntax_error with a place for what is no query, or too long or too deep a one.
Result<Query> parse_query(std::string_view text);

}  // namespace packhouse::fulltext
