#include "fulltext/match.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "fulltext/query_lexer.hpp"

namespace packhouse::fulltext {
namespace {

constexpr std::size_t longest_expression = 4096;
constexpr std::int64_t expression_memory = std::int64_t{1} << 20;

void characters(std::string_view text, std::vector<char32_t>& out) {
  out.clear();
  for (std::size_t at = 0; at < text.size();) out.push_back(utf8::decode(text, at));
}

}  // namespace

// ---- wildcards -----------------------------------------------------------------------------------------------------

void Wildcard::append_fixed(std::string_view part) {
  if (units_.empty()) prefix_ = part;
  for (std::size_t at = 0; at < part.size();) units_.push_back(utf8::decode(part, at));
}

Result<Wildcard> Wildcard::make(std::string_view raw, const Analyzer& analyzer) {
  Wildcard out;
  std::size_t begin = 0;
  const auto fixed = [&](std::size_t end) -> Result<void> {
    if (end == begin) return ok;
    PACKHOUSE_TRY(const std::string part, unescaped(raw.substr(begin, end - begin)));
    out.append_fixed(analyzer.normalized(part));
    return ok;
  };
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\') {
      ++i;
      continue;
    }
    if (raw[i] != '*' && raw[i] != '?') continue;
    PACKHOUSE_CHECK(fixed(i));
    const char32_t unit = raw[i] == '*' ? many : one;
    if (unit != many || out.units_.empty() || out.units_.back() != many) out.units_.push_back(unit);
    begin = i + 1;
  }
  PACKHOUSE_CHECK(fixed(raw.size()));
  return out;
}

/// Goes back to the last * only, so the time is at most the product of the lengths.
bool Wildcard::matches(std::string_view term) const {
  constexpr auto none = static_cast<std::size_t>(-1);
  std::size_t at = 0, unit = 0, star = none, resume = 0;
  while (at < term.size()) {
    std::size_t after = at;
    const char32_t c = utf8::decode(term, after);
    if (unit < units_.size() && units_[unit] == many) {
      star = unit++;
      resume = at;
    } else if (unit < units_.size() && (units_[unit] == one || units_[unit] == c)) {
      ++unit;
      at = after;
    } else if (star != none) {
      (void)utf8::decode(term, resume);
      at = resume;
      unit = star + 1;
    } else {
      return false;
    }
  }
  while (unit < units_.size() && units_[unit] == many) ++unit;
  return unit == units_.size();
}

// ---- fuzzy words ---------------------------------------------------------------------------------------------------

FuzzyWord::FuzzyWord(std::string_view word, float similarity) {
  characters(word, word_);
  if (word_.size() > 512) word_.resize(512);
  const float edits = similarity >= 1 ? similarity : similarity <= 0 ? 0 : (1 - similarity) * static_cast<float>(word_.size());
  most_ = static_cast<std::uint32_t>(std::min(edits, 2.0F));
}

std::optional<std::uint32_t> FuzzyWord::edits(std::string_view term) {
  if (term.size() > (word_.size() + most_) * 4) return std::nullopt;
  characters(term, other_);
  const std::size_t n = word_.size(), m = other_.size();
  if (n > m + most_ || m > n + most_) return std::nullopt;
  for (auto& row : rows_) row.assign(m + 1, 0);
  auto *before = &rows_[0], *last = &rows_[1], *now = &rows_[2];
  for (std::size_t j = 0; j <= m; ++j) (*last)[j] = static_cast<std::uint32_t>(j);
  for (std::size_t i = 1; i <= n; ++i) {
    (*now)[0] = static_cast<std::uint32_t>(i);
    std::uint32_t least = (*now)[0];
    for (std::size_t j = 1; j <= m; ++j) {
      std::uint32_t d = (*last)[j - 1] + (word_[i - 1] == other_[j - 1] ? 0U : 1U);
      d = std::min({d, (*last)[j] + 1, (*now)[j - 1] + 1});
      if (i > 1 && j > 1 && word_[i - 1] == other_[j - 2] && word_[i - 2] == other_[j - 1]) d = std::min(d, (*before)[j - 2] + 1);
      (*now)[j] = d;
      least = std::min(least, d);
    }
    if (least > most_) return std::nullopt;
    auto* const spare = before;
    before = last;
    last = now;
    now = spare;
  }
  const std::uint32_t d = (*last)[m];
  return d <= most_ ? std::optional(d) : std::nullopt;
}

float FuzzyWord::closeness(std::string_view term, std::uint32_t edits) const {
  if (edits == 0) return 1;
  const std::size_t shorter = std::min(word_.size(), utf8::length(term));
  return shorter == 0 ? 0 : 1 - static_cast<float>(edits) / static_cast<float>(shorter);
}

// ---- regular expressions -------------------------------------------------------------------------------------------

Pattern::Pattern(std::unique_ptr<re2::RE2> expression) : expression_(std::move(expression)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::make(std::string_view expression) {
  if (expression.size() > longest_expression) {
    return fail(Status::syntax_error, fmt::format("A regular expression may be at most {} bytes long.", longest_expression));
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_never_capture(true);
  options.set_max_mem(expression_memory);
  auto made = std::make_unique<RE2>(re2::StringPiece(expression.data(), expression.size()), options);
  if (!made->ok()) return fail(Status::syntax_error, fmt::format("Invalid regular expression '{}': {}", expression, made->error()));
  return Pattern(std::move(made));
}

bool Pattern::matches(std::string_view term) const {
  return RE2::FullMatch(re2::StringPiece(term.data(), term.size()), *expression_);
}

}  // namespace packhouse::fulltext
