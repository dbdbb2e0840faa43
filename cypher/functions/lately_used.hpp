#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packhouse::cypher {

/// What functions have made of texts lately (compiled schemas): a statement asks for the same one row by row. For one
/// thread, and for few texts.
template <class T>
class LatelyUsed {
 public:
  /// What is kept for the text, or null; until the next call.
  const T* find(std::string_view text) {
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      if (kept_[i].first != text) continue;
      if (i > 0) std::swap(kept_[i], kept_[i - 1]);  // what is asked often moves to the front
      return &kept_[i > 0 ? i - 1 : 0].second;
    }
    return nullptr;
  }

  /// Keeps what was made of a text that find() doesn't know, and gives it back. Long texts are not kept.
  T add(std::string_view text, T made) {
    if (text.size() > longest) return made;
    if (kept_.size() == most) kept_.pop_back();
    kept_.emplace_back(text, made);
    return made;
  }
  void drop(std::string_view text) {
    std::erase_if(kept_, [text](const auto& k) { return k.first == text; });
  }

 private:
  static constexpr std::size_t most = 16, longest = 64 * 1024;
  std::vector<std::pair<std::string, T>> kept_;
};

}  // namespace packhouse::cypher
