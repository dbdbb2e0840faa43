#include "fulltext/analyzer.hpp"

#include <algorithm>

#include "fulltext/characters.hpp"
#include "fulltext/porter.hpp"
#include "fulltext/words.hpp"

namespace packhouse::fulltext {
namespace {

constexpr std::string_view english_stop_words[] = {
    "a",  "an", "and", "are", "as", "at",   "be",  "but",   "by",   "for",   "if",   "in",  "into", "is",  "it",  "no",  "not",
    "of", "on", "or",  "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with"};
constexpr std::string_view cjk_stop_words[] = {
    "a",  "and", "are", "as",   "at",  "be",  "but",  "by",   "for",   "if",    "in",   "into", "is", "it",  "no",   "not",  "of",
    "on", "or",  "s",   "such", "t",   "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with", "www"};
static_assert(std::ranges::is_sorted(english_stop_words) && std::ranges::is_sorted(cjk_stop_words));

using Splitter = Analyzer::Splitter;

const Analyzer all[] = {
    {.name = "cjk", .description = "Chinese, Japanese and Korean text as pairs of characters, other text as words.", .bigrams = true,
     .stop_words = cjk_stop_words},
    {.name = "email", .description = "Keeps e-mail addresses only.", .splitter = Splitter::emails},
    {.name = "english", .description = "Words of English text brought to their stems (Porter), without stop words.",
     .possessive = true, .stemming = Analyzer::Stemming::english, .stop_words = english_stop_words},
    {.name = "keyword", .description = "The whole text is one word, as it is.", .splitter = Splitter::whole, .lower = false},
    {.name = "simple", .description = "Splits at everything that is no letter; lower case.", .splitter = Splitter::letters},
    {.name = "standard", .description = "Words by Unicode's rules, lower case, without English stop words.",
     .stop_words = english_stop_words},
    {.name = "standard-folding", .description = "As standard-no-stop-words, and letters lose their accents.", .fold = true},
    {.name = "standard-no-stop-words", .description = "Words by Unicode's rules, lower case. The default."},
    {.name = "stop", .description = "As simple, without English stop words.", .splitter = Splitter::letters,
     .stop_words = english_stop_words},
    {.name = "unicode_whitespace", .description = "Splits at whatever Unicode calls white space.",
     .splitter = Splitter::unicode_blanks, .lower = false},
    {.name = "url", .description = "Keeps URLs only.", .splitter = Splitter::urls},
    {.name = "url_or_email", .description = "Keeps URLs and e-mail addresses only.", .splitter = Splitter::addresses},
    {.name = "whitespace", .description = "Splits at white space; keeps case.", .splitter = Splitter::blanks, .lower = false},
};

void drop_possessive(std::string& word) {
  for (const std::string_view s : {std::string_view("'s"), std::string_view("'S"), std::string_view("\xE2\x80\x99s"),
                                   std::string_view("\xE2\x80\x99S"), std::string_view("\xEF\xBC\x87s"), std::string_view("\xEF\xBC\x87S")}) {
    if (word.ends_with(s)) return word.resize(word.size() - s.size());
  }
}

}  // namespace

std::span<const Analyzer> analyzers() { return all; }

const Analyzer* find_analyzer(std::string_view name) {
  const auto at = std::ranges::find(analyzers(), name, &Analyzer::name);
  return at == analyzers().end() ? nullptr : &*at;
}

std::uint32_t Analyzer::analyze(std::string_view text, std::uint32_t position, const WordSink& sink) const {
  std::string wide, word, folded;
  const SplitSink finish = [&](std::string_view piece, WordKind) {
    word.clear();
    if (lower) append_lower(piece, word);
    else word = piece;
    if (fold) {
      folded.clear();
      append_folded(word, folded);
      word.swap(folded);
    }
    if (possessive) drop_possessive(word);
    const bool stop = std::ranges::binary_search(stop_words, std::string_view(word));
    if (!stop && stemming == Stemming::english) porter_stem(word);
    if (!stop && !word.empty()) sink(word, position);
    ++position;
  };
  if (!bigrams) {
    split(text, splitter, finish);
    return position;
  }
  append_width_folded(text, wide);
  Bigrams pairs(finish);
  split(wide, splitter, [&](std::string_view piece, WordKind kind) { pairs.add(piece, kind); });
  pairs.finish();
  return position;
}

std::string Analyzer::normalized(std::string_view part) const {
  std::string out, from(part);
  if (bigrams) append_width_folded(part, out), from.swap(out), out.clear();
  if (lower) append_lower(from, out), from.swap(out), out.clear();
  if (fold) append_folded(from, out), from.swap(out);
  return from;
}

}  // namespace packhouse::fulltext
