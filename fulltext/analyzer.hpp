#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

// From text to the words that a full-text index keeps. Depends on nothing but base/: no store, no query language.
namespace packhouse::fulltext {

/// Takes a word and its position; the view is good during the call.
using WordSink = std::function<void(std::string_view word, std::uint32_t position)>;

/// How texts are split and which form their words get. Immutable; any number of threads may use one.
class Analyzer {
 public:
  enum class Splitter : std::uint8_t { words, letters, blanks, unicode_blanks, whole, urls, emails, addresses, mixed_addresses };
  enum class Stemming : std::uint8_t { none, english };

  std::string_view name, description;
  Splitter splitter = Splitter::words;
  bool lower = true;        ///< words become lower case
  bool fold = false;        ///< accents go
  bool bigrams = false;     ///< Chinese, Japanese and Korean writing becomes pairs of characters
  bool possessive = false;  ///< 's at the end goes
  Stemming stemming = Stemming::none;
  std::span<const std::string_view> stop_words = {};  ///< sorted; these are left out, but keep their positions

  /// Calls `sink` for each word; the first one has `position`. Returns the position after the last word (stop words
  /// count). Text must be valid UTF-8.
  std::uint32_t analyze(std::string_view text, std::uint32_t position, const WordSink& sink) const;
  /// The form of a part of a word, as wildcards and ranges need it: case and accents as in the index, nothing else.
  std::string normalized(std::string_view part) const;
};

/// All analyzers, by name.
std::span<const Analyzer> analyzers();
/// Null when there is none of that name.
const Analyzer* find_analyzer(std::string_view name);

}  // namespace packhouse::fulltext
