#include "fulltext/porter.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace packhouse::fulltext {
namespace {

/// One word on its way to its stem.
class Stemmer {
 public:
  explicit Stemmer(std::string& word) : w_(word) {}

  void run() {
    plural();
    past();
    if (w_.size() > 1 && w_.back() == 'y' && has_vowel(w_.size() - 1)) w_.back() = 'i';
    replace(step_2, 0);
    replace(step_3, 0);
    remove_suffix();
    final_e();
  }

 private:
  struct Rule {
    std::string_view suffix, by;
  };

  bool consonant(std::size_t i) const {
    switch (w_[i]) {
      case 'a': case 'e': case 'i': case 'o': case 'u': return false;
      case 'y': return i == 0 || !consonant(i - 1);
      default: return true;
    }
  }
  /// How often consonants follow vowels in the first `n` letters.
  int measure(std::size_t n) const {
    int m = 0;
    bool vowel = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (!consonant(i)) {
        vowel = true;
      } else if (vowel) {
        ++m;
        vowel = false;
      }
    }
    return m;
  }
  bool has_vowel(std::size_t n) const {
    for (std::size_t i = 0; i < n; ++i) {
      if (!consonant(i)) return true;
    }
    return false;
  }
  bool doubled() const {
    const std::size_t n = w_.size();
    return n >= 2 && w_[n - 1] == w_[n - 2] && consonant(n - 1);
  }
  /// Consonant, vowel, consonant (but not w, x, y) at the end of the first `n` letters.
  bool short_end(std::size_t n) const {
    return n >= 3 && consonant(n - 1) && !consonant(n - 2) && consonant(n - 3) && w_[n - 1] != 'w' && w_[n - 1] != 'x' &&
           w_[n - 1] != 'y';
  }
  bool ends(std::string_view suffix) const { return w_.ends_with(suffix); }
  std::size_t without(std::string_view suffix) const { return w_.size() - suffix.size(); }

  void plural() {
    if (ends("sses") || ends("ies")) w_.resize(w_.size() - 2);
    else if (ends("s") && !ends("ss")) w_.pop_back();
  }

  void past() {
    if (ends("eed")) {
      if (measure(without("eed")) > 0) w_.pop_back();
      return;
    }
    const std::string_view suffix = ends("ed") ? "ed" : ends("ing") ? "ing" : "";
    if (suffix.empty() || !has_vowel(without(suffix))) return;
    w_.resize(without(suffix));
    if (ends("at") || ends("bl") || ends("iz")) w_ += 'e';
    else if (doubled() && w_.back() != 'l' && w_.back() != 's' && w_.back() != 'z') w_.pop_back();
    else if (measure(w_.size()) == 1 && short_end(w_.size())) w_ += 'e';
  }

  /// The first rule whose suffix fits decides.
  void replace(std::span<const Rule> rules, int least) {
    for (const Rule& r : rules) {
      if (!ends(r.suffix)) continue;
      if (measure(without(r.suffix)) > least) w_.replace(without(r.suffix), r.suffix.size(), r.by);
      return;
    }
  }

  void remove_suffix() {
    static constexpr std::string_view suffixes[] = {"al",  "ance", "ence", "er",  "ic",  "able", "ible", "ant", "ement", "ment",
                                                    "ent", "ion",  "ou",   "ism", "ate", "iti",  "ous",  "ive", "ize"};
    for (const std::string_view s : suffixes) {
      if (!ends(s)) continue;
      const std::size_t n = without(s);
      if (s == "ion" && (n == 0 || (w_[n - 1] != 's' && w_[n - 1] != 't'))) return;
      if (measure(n) > 1) w_.resize(n);
      return;
    }
  }

  void final_e() {
    if (ends("e")) {
      const int m = measure(w_.size() - 1);
      if (m > 1 || (m == 1 && !short_end(w_.size() - 1))) w_.pop_back();
    }
    if (ends("ll") && measure(w_.size()) > 1) w_.pop_back();
  }

  static constexpr Rule step_2[] = {
      {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"},  {"anci", "ance"}, {"izer", "ize"},  {"bli", "ble"},   {"alli", "al"},
      {"entli", "ent"},   {"eli", "e"},       {"ousli", "ous"},  {"ization", "ize"}, {"ation", "ate"}, {"ator", "ate"}, {"alism", "al"},
      {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"}, {"biliti", "ble"}, {"logi", "log"}};
  static constexpr Rule step_3[] = {{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"},
                                    {"ical", "ic"},  {"ful", ""},   {"ness", ""}};

  std::string& w_;
};

}  // namespace

void porter_stem(std::string& word) {
  if (word.size() <= 2 || !std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; })) return;
  Stemmer(word).run();
}

}  // namespace packhouse::fulltext
