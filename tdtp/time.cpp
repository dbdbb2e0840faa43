#include "tdtp/time.hpp"

#include <chrono>
#include <cstdio>

#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

/// Reads one time text element by element, and remembers where it failed.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<Instant> read(TimeLayout layout) {
    if (!date()) return {};
    if (layout != TimeLayout::date) {
      if (!literal(layout == TimeLayout::local_space ? " " : "T") || !clock()) return {};
      if (layout == TimeLayout::rfc3339 && !zone()) return {};
    }
    if (at_ != text_.size()) return stop("");
    return instant();
  }

  std::string_view rest() const { return text_.substr(at_); }
  std::string_view element() const { return element_; }
  std::string_view range() const { return range_; }
  bool lenient() const { return lenient_; }

 private:
  std::nullopt_t stop(std::string_view element) {
    element_ = element;
    return std::nullopt;
  }
  bool refuse(std::string_view element) {
    element_ = element;
    return false;
  }
  bool out_of_range(std::string_view what) {
    range_ = what;
    return false;
  }
  bool literal(std::string_view c) {
    if (!rest().starts_with(c)) return refuse(c);
    ++at_;
    return true;
  }
  bool digits(std::size_t n, int& out, std::string_view element) {
    if (text_.size() - at_ < n) return refuse(element);
    out = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const char c = text_[at_ + i];
      if (c < '0' || c > '9') return refuse(element);
      out = out * 10 + (c - '0');
    }
    at_ += n;
    return true;
  }
  bool date() {
    if (!digits(4, year_, "2006") || !literal("-")) return false;
    if (!digits(2, month_, "01")) return false;
    if (month_ < 1 || month_ > 12) return out_of_range("month");
    if (!literal("-") || !digits(2, day_, "02")) return false;
    static constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year_ % 4 == 0 && year_ % 100 != 0) || year_ % 400 == 0;
    if (day_ < 1 || day_ > days[month_ - 1] + (month_ == 2 && leap ? 1 : 0)) return out_of_range("day");
    return true;
  }
  bool hour() {
    const bool two = text_.size() - at_ >= 2 && text_[at_ + 1] >= '0' && text_[at_ + 1] <= '9';
    if (!two) lenient_ = true;
    return digits(two ? 2 : 1, hour_, "15");
  }
  bool clock() {
    if (!hour()) return false;
    if (hour_ > 23) return out_of_range("hour");
    if (!literal(":") || !digits(2, minute_, "04")) return false;
    if (minute_ > 59) return out_of_range("minute");
    if (!literal(":") || !digits(2, second_, "05")) return false;
    if (second_ > 59) return out_of_range("second");
    fraction();
    return true;
  }
  void fraction() {
    if (text_.size() - at_ < 2 || (text_[at_] != '.' && text_[at_] != ',')) return;
    std::size_t i = at_ + 1;
    int scale = 100'000'000;
    for (; i < text_.size() && text_[i] >= '0' && text_[i] <= '9'; ++i) {
      nanos_ += (text_[i] - '0') * scale;
      scale /= 10;
    }
    if (i == at_ + 1) return;
    if (text_[at_] == ',') lenient_ = true;
    at_ = i;
  }
  bool zone() {
    constexpr std::string_view element = "Z07:00";
    if (rest().starts_with('Z')) {
      ++at_;
      return true;
    }
    const std::size_t begin = at_;
    if (!rest().starts_with('+') && !rest().starts_with('-')) return refuse(element);
    const bool minus = text_[at_++] == '-';
    int hours = 0, minutes = 0;
    if (!digits(2, hours, element) || !literal(":") || !digits(2, minutes, element)) {
      at_ = begin;
      return refuse(element);
    }
    if (hours > 24) return out_of_range("time zone offset hour");
    if (minutes > 59) return out_of_range("time zone offset minute");
    if (hours == 24) lenient_ = true;
    offset_ = (hours * 60 + minutes) * (minus ? -60 : 60);
    return true;
  }
  Instant instant() const {
    using namespace std::chrono;
    const sys_days day = year_month_day(year(year_), month(static_cast<unsigned>(month_)),
                                        std::chrono::day(static_cast<unsigned>(day_)));
    const std::int64_t days = day.time_since_epoch().count();
    return {days * 86'400 + hour_ * 3600 + minute_ * 60 + second_ - offset_, nanos_};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int year_ = 0, month_ = 0, day_ = 0, hour_ = 0, minute_ = 0, second_ = 0, nanos_ = 0, offset_ = 0;
  bool lenient_ = false;  // something only the tolerant layouts allow
  std::string_view element_, range_;
};

}  // namespace

std::optional<Instant> parse_time(std::string_view text, TimeLayout layout) {
  return Reader(text).read(layout);
}

std::optional<Instant> parse_any_time(std::string_view text) {
  for (const auto layout : {TimeLayout::rfc3339, TimeLayout::local_t, TimeLayout::local_space, TimeLayout::date}) {
    if (const auto t = parse_time(text, layout)) return t;
  }
  return std::nullopt;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  const auto t = reader.read(TimeLayout::rfc3339);
  if (reader.lenient()) return std::nullopt;
  return t;
}

std::string rfc3339_error(std::string_view text) {
  Reader reader(text);
  const auto t = reader.read(TimeLayout::rfc3339);
  if (!reader.range().empty())
    return "parsing time " + quoted(text) + ": " + std::string(reader.range()) + " out of range";
  if (!t && reader.element().empty()) return "parsing time " + quoted(text) + ": extra text: " + quoted(reader.rest());
  const std::string_view element = t ? "15" : reader.element();
  const std::string_view rest = t ? text : reader.rest();
  return "parsing time " + quoted(text) + " as \"2006-01-02T15:04:05Z07:00\": cannot parse " + quoted(rest) + " as " +
         quoted(element);
}

std::string format_seconds(std::int64_t seconds) {
  using namespace std::chrono;
  std::int64_t days = seconds / 86'400, rest = seconds % 86'400;
  if (rest < 0) rest += 86'400, --days;
  // chrono's years end at 32767; a header may hold any number of seconds.
  constexpr std::int64_t limit = 11'000'000;
  if (days > limit) days = limit;
  if (days < -limit) days = -limit;
  const year_month_day ymd{sys_days(std::chrono::days(days))};
  const int year = static_cast<int>(ymd.year());
  char text[64];
  std::snprintf(text, sizeof text, "%s%04d-%02u-%02uT%02d:%02d:%02dZ", year < 0 ? "-" : "", year < 0 ? -year : year,
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), static_cast<int>(rest / 3600),
                static_cast<int>(rest / 60 % 60), static_cast<int>(rest % 60));
  return text;
}

std::string format_nanos(Instant t) {
  std::string s = format_seconds(t.seconds);
  if (t.nanos == 0) return s;
  char digits[16];
  std::snprintf(digits, sizeof digits, ".%09d", t.nanos);
  std::string fraction = digits;
  while (fraction.back() == '0') fraction.pop_back();
  s.insert(s.size() - 1, fraction);
  return s;
}

}  // namespace packhouse::tdtp
