#include "value/temporal/parse.hpp"

#include "base/ascii.hpp"
#include "value/print.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::temporal {
namespace {

using namespace calendar;

Read calendar_day(std::int64_t year, std::int64_t month, std::int64_t day, std::int64_t& out) {
  if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, static_cast<int>(month))) return Read::invalid;
  out = to_days(Civil{year, static_cast<int>(month), static_cast<int>(day)});
  return Read::yes;
}

Read week_day(std::int64_t year, std::int64_t week, std::int64_t day, std::int64_t& out) {
  if (week < 1 || week > weeks_in_year(year) || day < 1 || day > 7) return Read::invalid;
  out = to_days(WeekDate{year, static_cast<int>(week), static_cast<int>(day)});
  return Read::yes;
}

Read quarter_day(std::int64_t year, std::int64_t quarter, std::int64_t day, std::int64_t& out) {
  if (quarter < 1 || quarter > 4 || day < 1 || day > days_in_quarter(year, static_cast<int>(quarter)))
    return Read::invalid;
  out = to_days(Civil{year, static_cast<int>(quarter) * 3 - 2, 1}) + day - 1;
  return Read::yes;
}

Read ordinal_day(std::int64_t year, std::int64_t day, std::int64_t& out) {
  if (day < 1 || day > days_in_year(year)) return Read::invalid;
  out = to_days(Civil{year, 1, 1}) + day - 1;
  return Read::yes;
}

/// What follows the year in 2015-07-21, 2015-W30-2, 2015-Q2-60, 2015-202; the '-' is consumed already.
Read after_dash(Scanner& in, std::int64_t year, std::int64_t& out) {
  std::int64_t a = 0, b = 1;
  const auto second = [&](std::size_t most) { return in.peek() != '-' || (in.skip('-') && in.number(1, most, b)); };
  if (in.skip('W')) return in.number(1, 2, a) && second(1) ? week_day(year, a, b, out) : Read::no;
  if (in.skip('Q')) return in.number(1, 1, a) && second(2) ? quarter_day(year, a, b, out) : Read::no;
  if (in.digits() == 3) return in.number(3, 3, a) ? ordinal_day(year, a, out) : Read::no;
  return in.digits() <= 2 && in.number(1, 2, a) && second(2) ? calendar_day(year, a, b, out) : Read::no;
}

/// What follows the year in 20150721, 201507, 2015W302, 2015Q260, 2015202.
Read without_dash(Scanner& in, std::int64_t year, std::int64_t& out) {
  std::int64_t a = 1, b = 1;
  if (in.skip('W'))
    return in.number(2, 2, a) && (in.digits() == 0 || in.number(1, 1, b)) ? week_day(year, a, b, out) : Read::no;
  if (in.skip('Q'))
    return in.number(1, 1, a) && (in.digits() == 0 || in.number(2, 2, b)) ? quarter_day(year, a, b, out) : Read::no;
  switch (in.digits()) {
    case 0: return calendar_day(year, 1, 1, out);
    case 2: return in.number(2, 2, a) ? calendar_day(year, a, 1, out) : Read::no;
    case 3: return in.number(3, 3, a) ? ordinal_day(year, a, out) : Read::no;
    case 4: return in.number(2, 2, a) && in.number(2, 2, b) ? calendar_day(year, a, b, out) : Read::no;
    default: return Read::no;
  }
}

}  // namespace

std::size_t Scanner::digits() const {
  std::size_t n = 0;
  while (n < rest_.size() && is_digit(rest_[n])) ++n;
  return n;
}

bool Scanner::number(std::size_t least, std::size_t most, std::int64_t& out) {
  std::int64_t value = 0;
  std::size_t n = 0;
  for (; n < most && n < 18 && n < rest_.size() && is_digit(rest_[n]); ++n) value = value * 10 + (rest_[n] - '0');
  if (n < least) return false;
  rest_.remove_prefix(n);
  out = value;
  return true;
}

bool Scanner::fraction(std::int64_t& nanos) {
  if (peek() != '.' && peek() != ',') return false;
  Scanner ahead = *this;
  ahead.advance(1);
  const std::size_t count = ahead.digits();
  if (count > 9 || !ahead.number(1, 9, nanos)) return false;
  for (std::size_t i = count; i < 9; ++i) nanos *= 10;
  *this = ahead;
  return true;
}

Read read_date(Scanner& in, std::int64_t& day) {
  std::int64_t year = 0;
  if (in.peek() == '+' || in.peek() == '-') {
    const bool negative = in.peek() == '-';
    in.advance(1);
    if (in.digits() > 9 || !in.number(1, 9, year)) return Read::no;
    if (negative) year = -year;
    if (in.skip('-')) return after_dash(in, year, day);
    return calendar_day(year, 1, 1, day);
  }
  if (!in.number(4, 4, year)) return Read::no;
  return in.skip('-') ? after_dash(in, year, day) : without_dash(in, year, day);
}

Read read_time(Scanner& in, std::int64_t& nanos) {
  std::int64_t hour = 0, minute = 0, second = 0, sub = 0;
  const std::size_t digits = in.digits();
  if (digits <= 2) {
    if (!in.number(1, 2, hour)) return Read::no;
    if (in.skip(':')) {
      if (!in.number(1, 2, minute)) return Read::no;
      if (in.skip(':')) {
        if (!in.number(1, 2, second)) return Read::no;
        if ((in.peek() == '.' || in.peek() == ',') && !in.fraction(sub)) return Read::no;
      }
    }
  } else {
    if ((digits != 4 && digits != 6) || !in.number(2, 2, hour) || !in.number(2, 2, minute)) return Read::no;
    if (digits == 6 && !in.number(2, 2, second)) return Read::no;
    if (digits == 6 && (in.peek() == '.' || in.peek() == ',') && !in.fraction(sub)) return Read::no;
  }
  if (hour > 23 || minute > 59 || second > 59) return Read::invalid;
  nanos = ((hour * 60 + minute) * 60 + second) * nanos_per_second + sub;
  return Read::yes;
}

Read read_offset(Scanner& in, std::int32_t& seconds) {
  if (in.skip('Z')) {
    seconds = 0;
    return Read::yes;
  }
  const bool negative = in.peek() == '-';
  if (!negative && in.peek() != '+') return Read::no;
  in.advance(1);
  std::int64_t hour = 0, minute = 0, second = 0;
  if (in.digits() == 1) {
    in.number(1, 1, hour);
  } else if (!in.number(2, 2, hour)) {
    return Read::no;
  }
  if (in.skip(':')) {
    if (!in.number(2, 2, minute) || (in.skip(':') && !in.number(2, 2, second))) return Read::no;
  } else if (in.digits() > 0) {
    if (!in.number(2, 2, minute) || (in.digits() > 0 && !in.number(2, 2, second))) return Read::no;
  }
  const std::int64_t total = (hour * 60 + minute) * 60 + second;
  if (minute > 59 || second > 59 || total > 18 * 3600) return Read::invalid;
  seconds = static_cast<std::int32_t>(negative ? -total : total);
  return Read::yes;
}

namespace {

std::string_view what(Kind k) {
  switch (k) {
    case Kind::date: return "a Date";
    case Kind::local_time: return "a LocalTime";
    case Kind::time: return "a Time";
    case Kind::local_datetime: return "a LocalDateTime";
    default: return "a DateTime";
  }
}

tl::unexpected<Error> unreadable(Kind target, std::string_view text, std::string_view why = {}) {
  std::string message = "Text cannot be parsed to ";
  message.append(what(target)).append(": ").append(quote(text.substr(0, 100)));
  if (!why.empty()) message.append(" (").append(why).append(")");
  return fail(Status::syntax_error, std::move(message));
}

/// [Europe/Stockholm] at the end.
Result<bool> read_zone_name(Scanner& in, Parts& p, Kind target, std::string_view text) {
  if (!in.skip('[')) return false;
  const std::size_t end = in.rest().find(']');
  if (end == std::string_view::npos) return unreadable(target, text);
  const std::string_view name = in.rest().substr(0, end);
  const auto zone = zone_from_text(name);
  if (!zone) return unreadable(target, text, zone.error().message());
  p.zone = *zone;
  in.advance(end + 1);
  return true;
}

/// The offset and zone that may follow a date-time; an offset that the zone doesn't have there is an error.
Result<void> read_zone(Scanner& in, Parts& p, const Now& now, std::string_view text) {
  std::optional<std::int32_t> offset;
  if (!in.at_end() && in.peek() != '[') {
    std::int32_t seconds = 0;
    if (const Read r = read_offset(in, seconds); r != Read::yes) return unreadable(Kind::datetime, text, "bad offset");
    offset = seconds;
  }
  PACKHOUSE_TRY(const bool named, read_zone_name(in, p, Kind::datetime, text));
  if (!named) p.zone = offset ? Zone::offset(*offset) : now.zone;
  p.offset = offset;
  if (named && offset && offset_at(*p.zone, local_seconds(p) - *offset) != *offset) {
    return fail(Status::syntax_error, "Timezone and offset do not match: " + quote(text.substr(0, 100)));
  }
  return ok;
}

Result<Value> read_time_only(Kind target, std::string_view text, const Now& now) {
  Scanner in(text);
  in.skip('T');
  std::int64_t nanos = 0;
  if (const Read r = read_time(in, nanos); r != Read::yes) {
    return unreadable(target, text, r == Read::invalid ? "there is no such time" : "");
  }
  if (target == Kind::local_time)
    return in.at_end() ? Result<Value>(Value::local_time({nanos})) : unreadable(target, text);
  std::int32_t offset = offset_now(now.zone, now);
  if (!in.at_end() && in.peek() != '[' && read_offset(in, offset) != Read::yes)
    return unreadable(target, text, "bad offset");
  if (in.peek() == '[') {
    return unreadable(target, text, "a named zone needs a date to have an offset; write one like +01:00");
  }
  if (!in.at_end()) return unreadable(target, text);
  return Value::time({nanos, offset});
}

}  // namespace
}  // namespace packhouse::temporal

namespace packhouse {

using namespace temporal;

Result<Value> temporal_from_text(Kind target, std::string_view text, const Now& now) {
  if (target == Kind::local_time || target == Kind::time) return read_time_only(target, text, now);
  Scanner in(text);
  Parts p;
  std::int64_t day = 0, nanos = 0;
  if (const Read r = read_date(in, day); r != Read::yes) {
    return unreadable(target, text, r == Read::invalid ? "there is no such day" : "");
  }
  p.day = day;
  if (target != Kind::date && in.skip('T')) {
    if (const Read r = read_time(in, nanos); r != Read::yes) {
      return unreadable(target, text, r == Read::invalid ? "there is no such time" : "");
    }
    p.nanos = nanos;
  }
  if (target == Kind::datetime) {
    PACKHOUSE_CHECK(read_zone(in, p, now, text));
  }
  if (!in.at_end()) return unreadable(target, text);
  return assemble(target, p, Status::syntax_error);
}

Result<Zone> zone_from_text(std::string_view text) {
  const auto unknown = [&](std::string_view why) {
    return fail(Status::argument_error,
                "Invalid value for TimeZone: " + quote(text.substr(0, 100)) + " " + std::string(why));
  };
  Scanner in(text);
  std::int32_t offset = 0;
  if (in.peek() == '+' || in.peek() == '-' || text == "Z" || text == "z") {
    if (read_offset(in, offset) != Read::yes || !in.at_end()) return unknown("is not an offset within +-18:00");
    return Zone::offset(offset);
  }
  if (const auto id = zone_id(text)) return Zone::named(*id);
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {  // UTC+01:00
    if (!text.starts_with(prefix) || text.size() == prefix.size()) continue;
    Scanner tail(text.substr(prefix.size()));
    if (read_offset(tail, offset) == Read::yes && tail.at_end()) return Zone::offset(offset);
  }
  return unknown("is not a zone of the time zone database");
}

}  // namespace packhouse
