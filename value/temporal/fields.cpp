#include "value/temporal/fields.hpp"

#include "value/print.hpp"

namespace packhouse::temporal {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Field::count_)> names{
    "year",      "quarter", "month",  "week",     "day",          "ordinalDay",  "dayOfQuarter",
    "dayOfWeek", "hour",    "minute", "second",   "millisecond",  "microsecond", "nanosecond",
    "timezone",  "date",    "time",   "datetime", "epochSeconds", "epochMillis"};

template <class... T>
tl::unexpected<Error> wrong(T&&... text) {
  std::string message;
  (message.append(text), ...);
  return fail(Status::argument_error, std::move(message));
}

std::optional<Field> field_named(std::string_view name) {
  const std::string wanted = lower(name);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (lower(names[i]) == wanted) return static_cast<Field>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Field f) {
  return names[static_cast<std::size_t>(f)];
}

Result<Fields> Fields::read(std::span<const MapEntry> map, bool& any_null) {
  Fields out;
  any_null = false;
  for (const auto& [key, value] : map) {
    const auto field = field_named(key);
    if (!field) return wrong("No such field: ", key);
    if (out.has(*field)) return wrong("the component ", key, " is given twice");
    if (value.is_null()) any_null = true;
    out.set(*field, value);
  }
  return out;
}

bool Fields::any(Field first, Field last) const {
  for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i) {
    if (given_[i]) return true;
  }
  return false;
}

bool Fields::empty() const {
  return !any(Field::year, Field::epoch_millis);
}

bool Fields::only(Field f) const {
  for (std::size_t i = 0; i < given_.size(); ++i) {
    if (given_[i].has_value() != (i == static_cast<std::size_t>(f))) return false;
  }
  return true;
}

Result<std::int64_t> Fields::integer(Field f, std::int64_t least, std::int64_t most) const {
  const Value& v = (*this)[f];
  if (!v.is(Kind::integer)) return wrong(name_of(f), " must be an integer value, but was ", print(v, 60));
  const std::int64_t n = v.as_integer();
  if (n < least || n > most) {
    return wrong("Invalid value for ", name_of(f), " (valid values ", std::to_string(least), " - ",
                 std::to_string(most), "): ", std::to_string(n));
  }
  return n;
}

Result<Parts> Fields::base(Field f, bool needs_day, bool needs_time) const {
  const Value& v = (*this)[f];
  if (!is_temporal(v.kind())) return wrong("Cannot construct ", name_of(f), " from: ", print(v, 60));
  const Parts p = take_apart(v);
  if (needs_day && !p.day) return wrong("Cannot get the date of: ", print(v, 60));
  if (needs_time && !p.nanos) return wrong("Cannot get the time of: ", print(v, 60));
  return p;
}

Result<Zone> Fields::zone() const {
  const Value& v = (*this)[Field::timezone];
  if (!v.is(Kind::string)) return wrong("timezone must be a string, but was ", print(v, 60));
  return zone_from_text(v.as_string());
}

Result<void> Fields::check_order(std::span<const Field> order) const {
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (has(order[i]) && !has(order[i - 1]))
      return wrong(name_of(order[i - 1]), " must be specified, as ", name_of(order[i]), " is");
  }
  return ok;
}

Result<void> Fields::check_date(bool must_be_complete) const {
  constexpr std::array<Field, 3> calendar{Field::year, Field::month, Field::day};
  constexpr std::array<Field, 3> weeks{Field::year, Field::week, Field::day_of_week};
  constexpr std::array<Field, 3> quarters{Field::year, Field::quarter, Field::day_of_quarter};
  constexpr std::array<Field, 2> ordinal{Field::year, Field::ordinal_day};
  if (!has(Field::year)) return wrong("year must be specified");
  std::span<const Field> order = calendar;
  if (has(Field::week) || has(Field::day_of_week)) order = weeks;
  if (has(Field::quarter) || has(Field::day_of_quarter)) order = quarters;
  if (has(Field::ordinal_day)) order = ordinal;
  PACKHOUSE_CHECK(check_order(order));
  if (must_be_complete && !has(order.back())) {
    return wrong(name_of(order.back()), " must be specified when components of a time are");
  }
  return ok;
}

Result<void> Fields::check(Kind target) const {
  const bool day = target == Kind::date || target == Kind::local_datetime || target == Kind::datetime;
  const bool time = target != Kind::date;
  const bool both = day && time;
  const auto refuse = [&](Field f) { return wrong(function_name(target), "() has no component ", name_of(f)); };
  if (empty()) return wrong("At least one component must be specified for ", function_name(target), "()");
  for (std::size_t i = 0; i < given_.size(); ++i) {
    const Field f = static_cast<Field>(i);
    if (!given_[i]) continue;
    if (!day && (f <= Field::day_of_week || f == Field::date)) return refuse(f);
    if (!time && ((f >= Field::hour && f <= Field::nanosecond) || f == Field::time)) return refuse(f);
    if (!both && f == Field::datetime) return refuse(f);
    if (target != Kind::datetime && f >= Field::epoch_seconds) return refuse(f);
  }
  if (has(Field::timezone) && target != Kind::time && target != Kind::datetime) {
    return wrong("Cannot assign time zone if also assigning other fields.");
  }
  // At most one way to name a day.
  const int ways = int{has(Field::month) || has(Field::day)} + int{has(Field::week) || has(Field::day_of_week)} +
                   int{has(Field::quarter) || has(Field::day_of_quarter)} + int{has(Field::ordinal_day)};
  if (ways > 1)
    return wrong(
        "a day is given by month and day, by week and dayOfWeek, by quarter and dayOfQuarter or by ordinalDay, not by "
        "several of them");
  const bool epoch = has(Field::epoch_seconds) || has(Field::epoch_millis);
  const int selectors = int{has(Field::datetime)} + int{has(Field::date) || has(Field::time)} +
                        int{has(Field::epoch_seconds)} + int{has(Field::epoch_millis)};
  if (selectors > 1) return wrong("datetime, date and time, epochSeconds, epochMillis exclude each other");
  if (epoch && (has_date() || has(Field::hour) || has(Field::minute) || has(Field::second))) {
    return wrong("only parts of a second and a time zone can be specified together with epochSeconds or epochMillis");
  }
  if (has(Field::datetime) || epoch) return ok;
  if (day && !has(Field::date)) PACKHOUSE_CHECK(check_date(both && (has_time() || has(Field::time))));
  if (!time || has(Field::time)) return ok;
  constexpr std::array<Field, 3> clock{Field::hour, Field::minute, Field::second};
  PACKHOUSE_CHECK(check_order(clock));
  if (has_subsecond() && !has(Field::second)) return wrong("second must be specified, as parts of a second are");
  if (!day && !has(Field::hour)) return wrong("hour must be specified");
  return ok;
}

}  // namespace packhouse::temporal
