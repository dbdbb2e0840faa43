#include "base/utf8.hpp"
#include "fulltext/words.hpp"

namespace packhouse::fulltext {

void Bigrams::flush() {
  if (!last_.empty() && !paired_) sink_(last_, WordKind::ideograph);
  last_ = {};
  paired_ = false;
}

void Bigrams::add(std::string_view word, WordKind kind) {
  if (kind == WordKind::plain) {
    flush();
    return sink_(word, kind);
  }
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t begin = at;
    (void)utf8::decode(word, at);
    const std::string_view character = word.substr(begin, at - begin);
    const bool neighbours = !last_.empty() && last_.data() + last_.size() == character.data();
    if (!neighbours) flush();
    if (neighbours) sink_({last_.data(), last_.size() + character.size()}, WordKind::ideograph);
    last_ = character;
    paired_ = neighbours;
  }
}

}  // namespace packhouse::fulltext
