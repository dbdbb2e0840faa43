#include "fulltext/words.hpp"

#include "base/utf8.hpp"
#include "fulltext/characters.hpp"

namespace packhouse::fulltext {
namespace {

constexpr std::string_view emoji_joiner = "\xE2\x80\x8D";

/// Words up to so many characters, longer ones in pieces.
void give(std::string_view word, WordKind kind, const SplitSink& sink) {
  while (word.size() > longest_word) {
    const std::size_t cut = utf8::byte_offset(word, longest_word);
    if (cut == word.size()) break;
    sink(word.substr(0, cut), kind);
    word.remove_prefix(cut);
  }
  if (!word.empty()) sink(word, kind);
}

/// Runs of characters that `takes` takes.
template <class Takes>
void split_runs(std::string_view text, Takes takes, const SplitSink& sink) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if (takes(utf8::decode(text, at))) continue;
    give(text.substr(begin, here - begin), WordKind::plain, sink);
    begin = at;
  }
  give(text.substr(begin), WordKind::plain, sink);
}

/// One text on its way to words.
class WordSplitter {
 public:
  WordSplitter(std::string_view text, const SplitSink& sink) : text_(text), sink_(sink) {}

  void run() {
    while (at_ < text_.size()) {
      begin_ = at_;
      const char32_t c = utf8::decode(text_, at_);
      const Break b = break_of(c);
      switch (b) {
        case Break::letter: case Break::digit: case Break::connector: case Break::katakana: word(b, c); break;
        case Break::ideograph: alone(WordKind::ideograph); break;
        case Break::hiragana: alone(WordKind::hiragana); break;
        case Break::complex: complex(); break;
        case Break::emoji: emoji(); break;
        default: break;
      }
    }
  }

 private:
  Break peek(std::size_t& after) const {
    after = at_;
    return after < text_.size() ? break_of(utf8::decode(text_, after)) : Break::other;
  }
  /// The kind of what follows a place, extends left out; `after` comes behind it.
  Break peek_beyond(std::size_t& after) const {
    Break b = Break::other;
    while (after < text_.size()) {
      b = break_of(utf8::decode(text_, after));
      if (b != Break::extend) return b;
    }
    return Break::other;
  }
  void extends() {
    for (std::size_t after; peek(after) == Break::extend;) at_ = after;
  }
  void alone(WordKind kind) {
    extends();
    give(text_.substr(begin_, at_ - begin_), kind, sink_);
  }
  void complex() {
    std::size_t after;
    for (Break b = peek(after); b == Break::complex || b == Break::extend; b = peek(after)) at_ = after;
    give(text_.substr(begin_, at_ - begin_), WordKind::plain, sink_);
  }
  void emoji() {
    for (;;) {
      extends();
      std::size_t after;
      if (!text_.substr(begin_, at_ - begin_).ends_with(emoji_joiner) || peek(after) != Break::emoji) break;
      at_ = after;
    }
    give(text_.substr(begin_, at_ - begin_), WordKind::plain, sink_);
  }

  /// Letters, digits, katakana and what may stand between them.
  void word(Break last, char32_t first) {
    bool content = last != Break::connector, all_katakana = last == Break::katakana, all_hangul = is_hangul(first);
    for (;;) {
      extends();
      std::size_t after;
      const Break b = peek(after);
      if (!joined(last, b, after)) break;
      all_katakana = all_katakana && b == Break::katakana;
      if (all_hangul) {
        std::size_t at = at_;
        all_hangul = is_hangul(utf8::decode(text_, at));
      }
      content = content || b != Break::connector;
      at_ = after;
      last = b == Break::mid_letter || b == Break::mid_digit || b == Break::mid_both ? last : b;
    }
    const WordKind kind = all_katakana ? WordKind::katakana : all_hangul ? WordKind::hangul : WordKind::plain;
    if (content) give(text_.substr(begin_, at_ - begin_), kind, sink_);
  }

  /// Whether what follows (of kind `b`, ending at `after`) belongs to the word whose last character is of kind `last`.
  bool joined(Break last, Break b, std::size_t after) const {
    const bool alphanumeric = last == Break::letter || last == Break::digit;
    switch (b) {
      case Break::letter: case Break::digit: return last != Break::katakana;
      case Break::katakana: return !alphanumeric;
      case Break::connector: return true;
      case Break::mid_letter: return last == Break::letter && peek_beyond(after) == Break::letter;
      case Break::mid_digit: return last == Break::digit && peek_beyond(after) == Break::digit;
      case Break::mid_both: return alphanumeric && peek_beyond(after) == last;
      default: return false;
    }
  }

  const std::string_view text_;
  const SplitSink& sink_;
  std::size_t at_ = 0, begin_ = 0;
};

}  // namespace

void split_words(std::string_view text, const SplitSink& sink) { WordSplitter(text, sink).run(); }

void split(std::string_view text, Analyzer::Splitter splitter, const SplitSink& sink) {
  using enum Analyzer::Splitter;
  switch (splitter) {
    case words: return split_words(text, sink);
    case letters: return split_runs(text, is_letter, sink);
    case blanks: return split_runs(text, [](char32_t c) { return !is_java_blank(c); }, sink);
    case unicode_blanks: return split_runs(text, [](char32_t c) { return !is_unicode_blank(c); }, sink);
    case whole:
      if (!text.empty()) sink(text, WordKind::plain);
      return;
    case urls: return split_addresses(text, true, false, sink, {});
    case emails: return split_addresses(text, false, true, sink, {});
    case addresses: return split_addresses(text, true, true, sink, {});
    case mixed_addresses:
      return split_addresses(text, true, true, sink, [&](std::string_view rest) { split_words(rest, sink); });
  }
}

}  // namespace packhouse::fulltext
