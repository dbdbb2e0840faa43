#pragma once
#include <array>
#include <optional>
#include <span>

#include "value/temporal/parts.hpp"

namespace packhouse::temporal {

/// The components that a map for date(), time() … may name, in the order in which they are applied.
enum class Field : std::uint8_t {
  year,
  quarter,
  month,
  week,
  day,
  ordinal_day,
  day_of_quarter,
  day_of_week,
  hour,
  minute,
  second,
  millisecond,
  microsecond,
  nanosecond,
  timezone,
  date,
  time,
  datetime,
  epoch_seconds,
  epoch_millis,
  count_,
};

/// The components that were given, with their values. Reading a map and checking what goes together is
/// done here; build.cpp makes the value.
class Fields {
 public:
  /// `any_null` if a component is null; then nothing else of the result matters.
  static Result<Fields> read(std::span<const MapEntry> map, bool& any_null);

  bool has(Field f) const { return given_[static_cast<std::size_t>(f)].has_value(); }
  const Value& operator[](Field f) const { return *given_[static_cast<std::size_t>(f)]; }
  void set(Field f, const Value& v) { given_[static_cast<std::size_t>(f)] = v; }
  bool empty() const;
  bool only(Field f) const;

  bool has_date() const { return any(Field::year, Field::day_of_week); }
  bool has_time() const { return any(Field::hour, Field::nanosecond); }
  bool has_subsecond() const { return any(Field::millisecond, Field::nanosecond); }

  /// An integer component within its range.
  Result<std::int64_t> integer(Field f, std::int64_t least, std::int64_t most) const;
  /// A component that is itself a temporal value (date, time, datetime).
  Result<Parts> base(Field f, bool needs_day, bool needs_time) const;
  Result<Zone> zone() const;

  /// Do the components go together, and are all there that `target` needs?
  Result<void> check(Kind target) const;

 private:
  bool any(Field first, Field last) const;
  Result<void> check_date(bool must_be_complete) const;
  Result<void> check_order(std::span<const Field> order) const;

  std::array<std::optional<Value>, static_cast<std::size_t>(Field::count_)> given_{};
};

std::string_view name_of(Field f);

}  // namespace packhouse::temporal
