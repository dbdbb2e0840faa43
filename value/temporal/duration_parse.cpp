#include "value/print.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/duration.hpp"
#include "value/temporal/parse.hpp"

namespace packhouse::temporal {
namespace {

using calendar::nanos_per_second;

/// One unit's letter and how it counts. The order is the one in which units must come.
struct UnitLetter {
  char letter;
  bool in_time;
  enum class Part : std::uint8_t { months, days, nanos } part;
  std::int64_t factor;
};

constexpr UnitLetter letters[] = {
    {'Y', false, UnitLetter::Part::months, 12},
    {'M', false, UnitLetter::Part::months, 1},
    {'W', false, UnitLetter::Part::days, 7},
    {'D', false, UnitLetter::Part::days, 1},
    {'H', true, UnitLetter::Part::nanos, 3600 * nanos_per_second},
    {'M', true, UnitLetter::Part::nanos, 60 * nanos_per_second},
    {'S', true, UnitLetter::Part::nanos, nanos_per_second},
};

/// [+-]12.5; a decimal comma will do.
bool read_amount(Scanner& in, bool negate, Amount& out) {
  bool negative = negate;
  if (in.peek() == '-' || in.peek() == '+') {
    negative = (in.peek() == '-') != negate;
    in.advance(1);
  }
  std::int64_t whole = 0;
  if (in.digits() > 18 || !in.number(1, 18, whole)) return false;
  out = {whole, 0};
  if (in.peek() == '.' || in.peek() == ',') {
    in.advance(1);
    const std::size_t count = in.digits();
    std::int64_t digits = 0;
    if (count > 18 || !in.number(1, 18, digits)) return false;
    long double scale = 1;
    for (std::size_t i = 0; i < count; ++i) scale *= 10;
    out.fraction = static_cast<long double>(digits) / scale;
  }
  if (negative) {
    out.whole = -out.whole;
    out.fraction = -out.fraction;
  }
  return true;
}

/// 5M1.5DT3H after the P.
bool read_units(Scanner in, bool negate, DurationSum& sum) {
  bool any = false, in_time = false, unit_after_t = true;
  const UnitLetter* next = letters;
  while (!in.at_end()) {
    if (!in_time && in.skip('T')) {
      in_time = true;
      unit_after_t = false;
      continue;
    }
    Amount n;
    if (!read_amount(in, negate, n)) return false;
    while (next != std::end(letters) && !(next->in_time == in_time && in.skip(next->letter))) ++next;
    if (next == std::end(letters)) return false;
    switch (next->part) {
      case UnitLetter::Part::months: sum.add_months(n, static_cast<int>(next->factor)); break;
      case UnitLetter::Part::days: sum.add_days(n, static_cast<int>(next->factor)); break;
      case UnitLetter::Part::nanos: sum.add_nanos(n, next->factor); break;
    }
    ++next;
    any = unit_after_t = true;
  }
  return any && unit_after_t;
}

/// 2012-02-02T14:37:21.545, 20120202T143721 or 2012-02-02: a length written like a date.
bool read_like_date(Scanner in, bool negate, DurationSum& sum) {
  std::int64_t year = 0, month = 0, day = 0, nanos = 0;
  if (!in.number(4, 4, year)) return false;
  if (in.skip('-')) {
    if (!in.number(2, 2, month) || !in.skip('-') || !in.number(2, 2, day)) return false;
  } else if (!in.number(2, 2, month) || !in.number(2, 2, day)) {
    return false;
  }
  if (month > 12 || day > 31) return false;
  if (in.skip('T') && read_time(in, nanos) != Read::yes) return false;
  if (!in.at_end()) return false;
  const int sign = negate ? -1 : 1;
  sum.add_months({sign * (year * 12 + month), 0}, 1);
  sum.add_days({sign * day, 0}, 1);
  sum.add_nanos({sign * nanos, 0}, 1);
  return true;
}

}  // namespace
}  // namespace packhouse::temporal

namespace packhouse {

using namespace temporal;

Result<Duration> duration_from_text(std::string_view text) {
  Scanner in(text);
  const bool negative = in.peek() == '-';
  if (negative || in.peek() == '+') in.advance(1);
  if (in.skip('P')) {
    DurationSum units, date;
    if (read_units(in, negative, units)) return units.finish(Status::syntax_error);
    if (read_like_date(in, negative, date)) return date.finish(Status::syntax_error);
  }
  return fail(Status::syntax_error, "Text cannot be parsed to a Duration: " + quote(text.substr(0, 100)));
}

}  // namespace packhouse
