#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include "fulltext/analyzer.hpp"

// Splitters: texts to words as they stand in the text. Texts are valid UTF-8.
namespace packhouse::fulltext {

/// What a word is, as far as what follows cares.
enum class WordKind : std::uint8_t { plain, ideograph, hiragana, katakana, hangul };
using SplitSink = std::function<void(std::string_view word, WordKind kind)>;

/// Longer words are cut into pieces of so many characters.
inline constexpr std::size_t longest_word = 255;

void split(std::string_view text, Analyzer::Splitter splitter, const SplitSink& sink);

/// Words by Unicode's rules for word boundaries.
void split_words(std::string_view text, const SplitSink& sink);
/// addresses.cpp: URLs and e-mail addresses; what is between them goes to `rest`, when there is one.
void split_addresses(std::string_view text, bool urls, bool emails, const SplitSink& sink,
                     const std::function<void(std::string_view)>& rest);

/// Pairs of neighbouring characters instead of Chinese, Japanese and Korean words; one that stands alone stays.
class Bigrams {
 public:
  explicit Bigrams(const SplitSink& sink) : sink_(sink) {}
  Bigrams(const Bigrams&) = delete;
  Bigrams& operator=(const Bigrams&) = delete;
  void add(std::string_view word, WordKind kind);
  void finish() { flush(); }  ///< after the last word

 private:
  void flush();
  const SplitSink& sink_;
  std::string_view last_;  // a character that waits for the next
  bool paired_ = false;    // and is already the second one of a pair
};

}  // namespace packhouse::fulltext
