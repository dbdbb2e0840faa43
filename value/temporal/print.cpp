#include "value/temporal/print.hpp"

#include <charconv>
#include <cmath>

#include "value/temporal/calendar.hpp"
#include "value/temporal/parts.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::temporal {
namespace {

void append_padded(std::string& out, std::int64_t n, std::size_t width) {
  const std::string digits = std::to_string(n);
  out.append(digits.size() < width ? width - digits.size() : 0, '0').append(digits);
}

/// ".645" for 645,000,000; nothing for 0.
void append_fraction(std::string& out, std::int64_t nanos) {
  if (nanos == 0) return;
  out.push_back('.');
  append_padded(out, nanos, 9);
  while (out.back() == '0') out.pop_back();
}

void append_unit(std::string& out, std::int64_t n, char unit) {
  if (n == 0) return;
  out.append(std::to_string(n)).push_back(unit);
}

}  // namespace

void append_date(std::string& out, std::int64_t day) {
  const calendar::Civil c = calendar::from_days(day);
  if (c.year < 0) out.push_back('-');
  if (c.year > 9999) out.push_back('+');
  append_padded(out, c.year < 0 ? -c.year : c.year, 4);
  out.push_back('-');
  append_padded(out, c.month, 2);
  out.push_back('-');
  append_padded(out, c.day, 2);
}

void append_time(std::string& out, std::int64_t nanos_of_day, bool shortest) {
  const std::int64_t seconds = nanos_of_day / calendar::nanos_per_second;
  const std::int64_t nanos = nanos_of_day % calendar::nanos_per_second;
  append_padded(out, seconds / 3600, 2);
  out.push_back(':');
  append_padded(out, seconds / 60 % 60, 2);
  if (shortest && seconds % 60 == 0 && nanos == 0) return;
  out.push_back(':');
  append_padded(out, seconds % 60, 2);
  append_fraction(out, nanos);
}

void append_offset(std::string& out, std::int32_t seconds) {
  if (seconds == 0) {
    out.push_back('Z');
    return;
  }
  out.push_back(seconds < 0 ? '-' : '+');
  const std::int32_t n = seconds < 0 ? -seconds : seconds;
  append_padded(out, n / 3600, 2);
  out.push_back(':');
  append_padded(out, n / 60 % 60, 2);
  if (n % 60 == 0) return;
  out.push_back(':');
  append_padded(out, n % 60, 2);
}

void append_duration(std::string& out, const Duration& d) {
  const std::size_t begin = out.size();
  out.push_back('P');
  append_unit(out, d.months / 12, 'Y');
  append_unit(out, d.months % 12, 'M');
  append_unit(out, d.days, 'D');
  if (d.seconds != 0 || d.nanos != 0) {
    out.push_back('T');
    // -0.5 s is kept as -1 s and 0.5 s; in text both have the same sign.
    const bool negative = d.seconds < 0;
    const bool borrow = negative && d.nanos != 0;
    const std::int64_t seconds = borrow ? d.seconds + 1 : d.seconds;
    const std::int64_t nanos = borrow ? calendar::nanos_per_second - d.nanos : d.nanos;
    append_unit(out, seconds / 3600, 'H');
    append_unit(out, seconds / 60 % 60, 'M');
    if (seconds % 60 != 0 || nanos != 0) {
      if (negative && seconds % 60 == 0) out.push_back('-');
      out.append(std::to_string(seconds % 60));
      append_fraction(out, nanos);
      out.push_back('S');
    }
  }
  if (out.size() == begin + 1) out.append("T0S");
}

void append_point(std::string& out, const Point& p) {
  out.append("point({x: ").append(real_to_text(p.x)).append(", y: ").append(real_to_text(p.y));
  if (p.three_d()) out.append(", z: ").append(real_to_text(p.z));
  out.append(", crs: '").append(crs_name(p.crs)).append("'})");
}

std::string zone_text(Zone zone) {
  if (zone.is_named()) return std::string(zone_name(zone.id()));
  std::string out;
  append_offset(out, zone.offset_seconds());
  return out;
}

}  // namespace packhouse::temporal

namespace packhouse {

using namespace temporal;

std::string temporal_to_text(const Value& v, bool shortest) {
  std::string out;
  if (v.is(Kind::duration)) {
    append_duration(out, v.as_duration());
    return out;
  }
  if (v.is(Kind::point)) {
    append_point(out, v.as_point());
    return out;
  }
  const Parts p = take_apart(v);
  if (p.day) append_date(out, *p.day);
  if (p.day && p.nanos) out.push_back('T');
  if (p.nanos) append_time(out, *p.nanos, shortest);
  if (p.offset) append_offset(out, *p.offset);
  if (p.zone && p.zone->is_named()) out.append("[").append(zone_name(p.zone->id())).append("]");
  return out;
}

std::string real_to_text(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d < 0 ? "-Infinity" : "Infinity";
  const double size = std::abs(d);
  const bool plain = size == 0 || (size >= 1e-3 && size < 1e7);
  char text[400];
  const auto written =
      std::to_chars(text, text + sizeof text, d, plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string out(text, written.ptr);
  if (plain) {
    if (out.find('.') == std::string::npos) out.append(".0");
    return out;
  }
  // 1e+10 becomes 1.0E10.
  const std::size_t e = out.find('e');
  std::string_view exponent = std::string_view(out).substr(e + 1);
  const bool negative = exponent.front() == '-';
  exponent.remove_prefix(1);
  while (exponent.size() > 1 && exponent.front() == '0') exponent.remove_prefix(1);
  std::string java = out.substr(0, e);
  if (java.find('.') == std::string::npos) java.append(".0");
  java.append(negative ? "E-" : "E").append(exponent);
  return java;
}

}  // namespace packhouse
