#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace packhouse {

/// What a zone does after its last recorded change, in the form of the POSIX variable TZ that ends a TZif file:
/// "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3". A plain value; zones.cpp keeps one per zone.
class PosixRule {
 public:
  static std::optional<PosixRule> parse(std::string_view text);

  /// Seconds east of UTC.
  std::int32_t offset_at(std::int64_t utc_seconds) const;

 private:
  /// When summer time begins or ends: a day of the year and seconds after its midnight (may be negative).
  struct Change {
    enum class Form : std::uint8_t { month_week_day, day_without_leap_day, day_from_zero } form = Form::month_week_day;
    int month = 0, week = 0, day = 0;
    std::int32_t time = 7200;
  };
  class Reader;
  static std::int64_t local_seconds(const Change& c, std::int64_t year);

  std::int32_t standard_ = 0, summer_ = 0;
  bool has_summer_ = false;
  Change begin_, end_;
};

}  // namespace packhouse
