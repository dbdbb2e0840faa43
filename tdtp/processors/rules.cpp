#include "tdtp/processors/rules.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "tdtp/number.hpp"
#include "tdtp/processors/masker.hpp"
#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

using Fault = std::optional<std::string>;

std::string in_quotes(std::string_view s) {
  return "'" + std::string(s) + "'";
}

/// RE2's reasons in the words of Go's, which users of the original have seen.
std::string_view regex_reason(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape: return "invalid escape sequence";
    case RE2::ErrorBadCharClass: return "invalid character class";
    case RE2::ErrorBadCharRange: return "invalid character class range";
    case RE2::ErrorMissingBracket: return "missing closing ]";
    case RE2::ErrorMissingParen: return "missing closing )";
    case RE2::ErrorUnexpectedParen: return "unexpected )";
    case RE2::ErrorTrailingBackslash: return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument: return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize: return "invalid repeat count";
    case RE2::ErrorRepeatOp: return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp: return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8: return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture: return "invalid named capture";
    default: return "expression too large";
  }
}

class Regex : public Rule {
 public:
  explicit Regex(std::string_view pattern) : pattern_(pattern), re_(pattern_, RE2::Quiet) {}
  Result<void> check() const {
    if (re_.ok()) return ok;
    return fail(Status::argument_error, "invalid regex pattern " + in_quotes(pattern_) +
                                            ": error parsing regexp: " + std::string(regex_reason(re_.error_code())) +
                                            ": `" + re_.error_arg() + "`");
  }
  Fault fault(std::string_view cell) const override {
    if (RE2::PartialMatch(re2::StringPiece(cell.data(), cell.size()), re_)) return {};
    return "value " + in_quotes(cell) + " does not match pattern " + in_quotes(pattern_);
  }

 private:
  std::string pattern_;
  RE2 re_;
};

/// "min-max" cut at its only dash.
struct Bounds {
  std::string_view min, max;
};
std::optional<Bounds> split_bounds(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.find('-', dash + 1) != std::string_view::npos) return {};
  return Bounds{trimmed(text.substr(0, dash)), trimmed(text.substr(dash + 1))};
}

/// Reads both ends, or tells what is wrong with them. `kind` is what the text describes, `end` what its ends are.
template <class T>
Fault read_bounds(std::string_view text, const std::string& kind, const std::string& end,
                  Parsed (*parse)(std::string_view, T&), T& min, T& max) {
  const auto bounds = split_bounds(text);
  if (!bounds) return "invalid " + kind + " format " + in_quotes(text) + ", expected 'min-max'";
  if (parse(bounds->min, min) != Parsed::good) return "invalid min " + end + " " + in_quotes(text);
  if (parse(bounds->max, max) != Parsed::good) return "invalid max " + end + " " + in_quotes(text);
  return {};
}

class Range : public Rule {
 public:
  explicit Range(std::string_view text)
      : text_(text), broken_(read_bounds(text_, "range", "value in range", parse_double, min_, max_)) {}
  Fault fault(std::string_view cell) const override {
    if (broken_) return broken_;
    double v = 0;
    if (parse_double(cell, v) != Parsed::good) return "value " + in_quotes(cell) + " is not a valid number";
    if (v >= min_ && v <= max_) return {};
    return "value " + plain_number(v) + " is out of range [" + plain_number(min_) + ", " + plain_number(max_) + "]";
  }

 private:
  std::string text_;
  double min_ = 0, max_ = 0;  // before broken_, which comes of reading them
  Fault broken_;
};

class Length : public Rule {
 public:
  explicit Length(std::string_view text)
      : text_(text), broken_(read_bounds(text_, "length", "length in", parse_int, min_, max_)) {}
  Fault fault(std::string_view cell) const override {
    if (broken_) return broken_;
    const auto n = static_cast<std::int64_t>(cell.size());
    if (n >= min_ && n <= max_) return {};
    return "length " + std::to_string(n) + " is out of range [" + std::to_string(min_) + ", " + std::to_string(max_) +
           "]";
  }

 private:
  std::string text_;
  std::int64_t min_ = 0, max_ = 0;
  Fault broken_;
};

class Enum : public Rule {
 public:
  explicit Enum(std::string_view text) : text_(text) {
    for (std::string_view rest = text_;;) {
      const std::size_t comma = rest.find(',');
      allowed_.push_back(trimmed(rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  Enum(const Enum&) = delete;
  Enum& operator=(const Enum&) = delete;
  Fault fault(std::string_view cell) const override {
    if (std::ranges::find(allowed_, cell) != allowed_.end()) return {};
    return "value " + in_quotes(cell) + " is not in allowed list [" + text_ + "]";
  }

 private:
  std::string text_;
  std::vector<std::string_view> allowed_;  // views of text_
};

/// A rule without a parameter.
class Plain : public Rule {
 public:
  using Check = Fault (*)(std::string_view);
  explicit Plain(Check check) : check_(check) {}
  Fault fault(std::string_view cell) const override { return check_(cell); }

 private:
  Check check_;
};

Fault check_required(std::string_view cell) {
  if (!trimmed(cell).empty()) return {};
  return "field is required but empty";
}

Fault check_email(std::string_view cell) {
  if (is_email(cell)) return {};
  return "invalid email format: " + in_quotes(cell);
}

Fault check_phone(std::string_view cell) {
  std::string digits;
  std::ranges::copy_if(cell, std::back_inserter(digits), [](char c) { return (c >= '0' && c <= '9') || c == '+'; });
  const std::string_view number = std::string_view(digits).substr(digits.starts_with('+') ? 1 : 0);
  if (number.size() >= 7 && number.size() <= 15 && number.find('+') == std::string_view::npos) return {};
  return "invalid phone format: " + in_quotes(cell);
}

Fault check_url(std::string_view cell) {
  static const RE2 pattern(R"(^https?://[a-zA-Z0-9.-]+(\.[a-zA-Z]{2,})?(/.*)?$)");
  if (RE2::PartialMatch(re2::StringPiece(cell.data(), cell.size()), pattern)) return {};
  return "invalid URL format: " + in_quotes(cell);
}

Fault check_date(std::string_view cell) {
  const auto number = [&](std::size_t at, std::size_t n) {
    int v = 0;
    for (const char c : cell.substr(at, n)) v = c >= '0' && c <= '9' && v >= 0 ? v * 10 + (c - '0') : -1;
    return v;
  };
  const bool shaped = cell.size() == 10 && cell[4] == '-' && cell[7] == '-' && number(0, 4) >= 0 && number(5, 2) >= 0 &&
                      number(8, 2) >= 0;
  if (!shaped) return "invalid date format: " + in_quotes(cell) + " (expected YYYY-MM-DD)";
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 1900 || year > 2100) return "invalid year: " + std::to_string(year);
  if (month < 1 || month > 12) return "invalid month: " + std::to_string(month);
  if (day < 1 || day > 31) return "invalid day: " + std::to_string(day);
  return {};
}

constexpr std::array<std::pair<std::string_view, Plain::Check>, 5> plain_rules{{{"required", check_required},
                                                                                {"email", check_email},
                                                                                {"phone", check_phone},
                                                                                {"url", check_url},
                                                                                {"date", check_date}}};

}  // namespace

Result<std::unique_ptr<Rule>> make_rule(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view type = text.substr(0, colon);
  const std::string_view parameter = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  for (const auto& [name, check] : plain_rules) {
    if (name == type) return std::make_unique<Plain>(check);
  }
  if (type == "range") return std::make_unique<Range>(parameter);
  if (type == "length") return std::make_unique<Length>(parameter);
  if (type == "enum") return std::make_unique<Enum>(parameter);
  if (type != "regex") return fail(Status::argument_error, "unknown validation rule type: " + std::string(type));
  auto regex = std::make_unique<Regex>(parameter);
  PACKHOUSE_CHECK(regex->check());
  return regex;
}

}  // namespace packhouse::tdtp
