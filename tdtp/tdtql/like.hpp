#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace packhouse::tdtp::tdtql {

/// A LIKE pattern: % is any run of characters, _ one character, neither a line feed; no escape character.
class LikePattern {
 public:
  explicit LikePattern(std::string_view pattern);
  bool matches(std::string_view text) const;

 private:
  // One run between two %: texts and gaps of `_`. Plain runs (no _) are compared as bytes.
  struct Run {
    std::string text;  // with _ as the byte 0 if `wild`
    bool wild = false;
  };
  static bool fits(const Run& run, std::string_view text, std::size_t& at);
  static bool fits_at_end(const Run& run, std::string_view text, std::size_t from);
  static std::size_t find(const Run& run, std::string_view text, std::size_t from);

  std::vector<Run> runs_;
};

}  // namespace packhouse::tdtp::tdtql
