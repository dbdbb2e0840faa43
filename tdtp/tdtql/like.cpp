#include "tdtp/tdtql/like.hpp"

#include "tdtp/text.hpp"

namespace packhouse::tdtp::tdtql {

LikePattern::LikePattern(std::string_view pattern) {
  runs_.emplace_back();
  for (const char c : pattern) {
    if (c == '%') {
      runs_.emplace_back();
    } else if (c == '_') {
      runs_.back().wild = true;
      runs_.back().text += '\0';
    } else {
      runs_.back().text += c;
    }
  }
}

/// Whether the run stands at `at`; moves behind it.
bool LikePattern::fits(const Run& run, std::string_view text, std::size_t& at) {
  if (!run.wild) {
    if (!text.substr(at).starts_with(run.text)) return false;
    at += run.text.size();
    return true;
  }
  std::size_t i = at;
  for (const char c : run.text) {
    if (i == text.size()) return false;
    if (c == '\0') {
      if (text[i] == '\n') return false;
      decode_lossy(text, i);
    } else if (text[i++] != c) {
      return false;
    }
  }
  at = i;
  return true;
}

/// Where the run stands first at or behind `from`, only characters that % may stand for before it.
std::size_t LikePattern::find(const Run& run, std::string_view text, std::size_t from) {
  if (!run.wild) {
    const std::size_t at = text.find(run.text, from);
    if (at == std::string_view::npos || text.substr(from, at - from).find('\n') != std::string_view::npos)
      return std::string_view::npos;
    return at;
  }
  for (std::size_t at = from; at <= text.size();) {
    std::size_t behind = at;
    if (fits(run, text, behind)) return at;
    if (at == text.size() || text[at] == '\n') break;
    decode_lossy(text, at);
  }
  return std::string_view::npos;
}

/// Whether the run ends the text, not before `from`.
bool LikePattern::fits_at_end(const Run& run, std::string_view text, std::size_t from) {
  if (!run.wild) {
    return text.size() - from >= run.text.size() && text.ends_with(run.text) &&
           text.substr(from, text.size() - from - run.text.size()).find('\n') == std::string_view::npos;
  }
  for (std::size_t at = from; at <= text.size();) {
    std::size_t behind = at;
    if (fits(run, text, behind) && behind == text.size()) return true;
    if (at == text.size() || text[at] == '\n') return false;
    decode_lossy(text, at);
  }
  return false;
}

bool LikePattern::matches(std::string_view text) const {
  std::size_t at = 0;
  if (!fits(runs_.front(), text, at)) return false;
  if (runs_.size() == 1) return at == text.size();
  for (std::size_t i = 1; i + 1 < runs_.size(); ++i) {
    const std::size_t found = find(runs_[i], text, at);
    if (found == std::string_view::npos) return false;
    at = found;
    fits(runs_[i], text, at);
  }
  return fits_at_end(runs_.back(), text, at);
}

}  // namespace packhouse::tdtp::tdtql
