#include "value/temporal/posix_rule.hpp"

#include "value/temporal/calendar.hpp"

namespace packhouse {

/// Reads the parts of a rule from left to right; each function says whether it succeeded.
class PosixRule::Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  bool skip(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  /// "CET" or "<+03>": only its extent matters.
  bool name() {
    std::size_t n = 0;
    if (skip('<')) {
      const std::size_t end = text_.find('>');
      if (end == std::string_view::npos) return false;
      text_.remove_prefix(end + 1);
      return true;
    }
    while (n < text_.size() && ((text_[n] | 0x20) >= 'a' && (text_[n] | 0x20) <= 'z')) ++n;
    text_.remove_prefix(n);
    return n >= 3;
  }

  bool number(int& out, int most) {
    int n = 0;
    std::size_t digits = 0;
    for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9' && digits < 3; ++digits) {
      n = n * 10 + (text_[digits] - '0');
    }
    if (digits == 0 || n > most) return false;
    text_.remove_prefix(digits);
    out = n;
    return true;
  }

  /// [+-]hh[:mm[:ss]] in seconds.
  bool time(std::int32_t& out) {
    const bool negative = skip('-');
    if (!negative) skip('+');
    int hours = 0, minutes = 0, seconds = 0;
    if (!number(hours, 167)) return false;
    if (skip(':') && !number(minutes, 59)) return false;
    if (skip(':') && !number(seconds, 59)) return false;
    out = (hours * 60 + minutes) * 60 + seconds;
    if (negative) out = -out;
    return true;
  }

  bool change(Change& out) {
    if (!skip(',')) return false;
    if (skip('M')) {
      out.form = Change::Form::month_week_day;
      if (!number(out.month, 12) || out.month < 1 || !skip('.') || !number(out.week, 5) || out.week < 1 || !skip('.') ||
          !number(out.day, 6)) {
        return false;
      }
    } else if (skip('J')) {
      out.form = Change::Form::day_without_leap_day;
      if (!number(out.day, 365) || out.day < 1) return false;
    } else {
      out.form = Change::Form::day_from_zero;
      if (!number(out.day, 365)) return false;
    }
    return !skip('/') || time(out.time);
  }

 private:
  std::string_view text_;
};

std::optional<PosixRule> PosixRule::parse(std::string_view text) {
  Reader in(text);
  PosixRule rule;
  if (!in.name() || !in.time(rule.standard_)) return std::nullopt;
  rule.standard_ = -rule.standard_;  // POSIX counts westwards
  if (in.at_end()) return rule;
  if (!in.name()) return std::nullopt;
  rule.has_summer_ = true;
  rule.summer_ = rule.standard_ + 3600;
  if (Reader ahead = in; !ahead.skip(',')) {
    if (!in.time(rule.summer_)) return std::nullopt;
    rule.summer_ = -rule.summer_;
  }
  if (!in.change(rule.begin_) || !in.change(rule.end_) || !in.at_end()) return std::nullopt;
  return rule;
}

std::int64_t PosixRule::local_seconds(const Change& c, std::int64_t year) {
  using namespace calendar;
  std::int64_t day = to_days(Civil{year, 1, 1});
  switch (c.form) {
    case Change::Form::month_week_day: {
      const std::int64_t first = to_days(Civil{year, c.month, 1});
      day = first + floor_mod(c.day - day_of_week(first), 7) + (c.week - 1) * 7;
      if (day >= first + days_in_month(year, c.month)) day -= 7;  // week 5 is the last one
      break;
    }
    case Change::Form::day_without_leap_day: day += c.day - 1 + (is_leap(year) && c.day >= 60 ? 1 : 0); break;
    case Change::Form::day_from_zero: day += c.day; break;
  }
  return day * seconds_per_day + c.time;
}

std::int32_t PosixRule::offset_at(std::int64_t utc_seconds) const {
  if (!has_summer_) return standard_;
  const std::int64_t local_day = calendar::floor_div(utc_seconds + standard_, calendar::seconds_per_day);
  const std::int64_t year = calendar::from_days(local_day).year;
  const std::int64_t begin = local_seconds(begin_, year) - standard_;
  const std::int64_t end = local_seconds(end_, year) - summer_;
  const bool summer =
      begin < end ? utc_seconds >= begin && utc_seconds < end : utc_seconds >= begin || utc_seconds < end;
  return summer ? summer_ : standard_;
}

}  // namespace packhouse
