#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "fulltext/analyzer.hpp"

namespace re2 {
class RE2;
}

// Which terms a wildcard, a fuzzy word or a regular expression means.
namespace packhouse::fulltext {

/// `wor*` and `w?rd`.
class Wildcard {
 public:
  /// `raw` as it is in Query::text; its fixed parts are brought to the analyzer's form.
  static Result<Wildcard> make(std::string_view raw, const Analyzer& analyzer);
  /// What every term that it means begins with.
  const std::string& prefix() const { return prefix_; }
  bool matches(std::string_view term) const;
  /// "*": every term.
  bool everything() const { return units_.size() == 1 && units_[0] == many; }

 private:
  static constexpr char32_t one = 0xFFFFFFFE, many = 0xFFFFFFFF;
  void append_fixed(std::string_view part);
  std::vector<char32_t> units_;
  std::string prefix_;
};

/// Words that differ by few edits: a character put in, left out or changed, or two neighbours exchanged.
class FuzzyWord {
 public:
  /// `similarity` as in Query. At most two edits.
  FuzzyWord(std::string_view word, float similarity);
  std::uint32_t most_edits() const { return most_; }
  /// Nothing when there are more.
  std::optional<std::uint32_t> edits(std::string_view term);
  /// 1 for the same word, less for each edit.
  float closeness(std::string_view term, std::uint32_t edits) const;

 private:
  std::vector<char32_t> word_, other_;
  std::vector<std::uint32_t> rows_[3];
  std::uint32_t most_;
};

/// A regular expression in RE2's syntax that must fit a whole term.
class Pattern {
 public:
  /// Status::syntax_error.
  static Result<Pattern> make(std::string_view expression);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();
  bool matches(std::string_view term) const;

 private:
  explicit Pattern(std::unique_ptr<re2::RE2> expression);
  std::unique_ptr<re2::RE2> expression_;
};

}  // namespace packhouse::fulltext
