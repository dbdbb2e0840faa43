#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "../support.hpp"
#include "value/compare.hpp"

// Whatever a client or a damaged record brings, nothing may overflow or crash; the sanitizer builds watch.

using namespace packhouse;
using namespace packhouse::testing;

namespace {

/// Numbers that like to be trouble.
class Source {
 public:
  explicit Source(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }
  std::int64_t number() {
    constexpr std::int64_t edges[] = {
        0, 1, -1, 59, 60, 999, 86'400, INT64_MAX, INT64_MIN, INT64_MAX - 1, 2'147'483'647};
    if (below(2) == 0) return edges[below(std::size(edges))];
    return static_cast<std::int64_t>(random_()) >> below(64);
  }
  std::int32_t nanos() { return static_cast<std::int32_t>(below(1'000'000'000)); }
  Zone zone() {
    return below(2) ? Zone::offset(static_cast<std::int32_t>(below(129'601)) - 64'800)
                    : zone_from_text("Europe/Paris").value();
  }

  Value temporal() {
    switch (below(5)) {
      case 0: return Value::date({number()});
      case 1: return Value::local_time({static_cast<std::int64_t>(below(86'400'000'000'000))});
      case 2:
        return Value::time(
            {static_cast<std::int64_t>(below(86'400'000'000'000)), static_cast<std::int32_t>(below(129'601)) - 64'800});
      case 3: return Value::local_datetime({number(), nanos()});
      default: return Value::datetime({number(), nanos(), zone()});
    }
  }
  Duration duration() { return {number(), number(), number(), nanos()}; }

  std::string text() {
    constexpr std::string_view seeds[] = {"2015-07-21T21:40:32.142+02:00[Europe/Stockholm]",
                                          "2015W302T2140-0100",
                                          "2015-Q2-60",
                                          "-999999999-01-01",
                                          "P12Y5M14DT16H12M70.5S",
                                          "P2012-02-02T14:37:21.545",
                                          "+00:53:28",
                                          "PT-0.001S"};
    std::string s(seeds[below(std::size(seeds))]);
    constexpr std::string_view letters = "0123456789-+:.,TZWQPYMDHS[]/ \xC3";
    for (std::size_t i = below(4); i > 0 && !s.empty(); --i) {
      const std::size_t at = below(s.size());
      if (below(2))
        s[at] = letters[below(letters.size())];
      else if (below(2))
        s.erase(at, below(5));
      else
        s.insert(at, 1 + below(12), letters[below(letters.size())]);
    }
    return s;
  }

 private:
  std::mt19937_64 random_;
};

constexpr Kind kinds[] = {Kind::date, Kind::local_time, Kind::time, Kind::local_datetime, Kind::datetime};

}  // namespace

TEST_CASE("robust: any text") {
  Source any(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string s = any.text();
    for (const Kind k : kinds) {
      if (const auto v = temporal_from_text(k, s, now)) {
        CHECK(equivalent(*v, temporal_from_text(k, temporal_to_text(*v), now).value()));
      }
    }
    if (const auto d = duration_from_text(s)) {
      CHECK(duration_from_text(temporal_to_text(Value::duration(&*d))).value() == *d);
    }
    (void)zone_from_text(s);
  }
}

TEST_CASE("robust: any value and any duration") {
  Source any(2);
  constexpr const char* units[] = {"millennium", "weekYear", "quarter", "week", "day", "minute", "microsecond"};
  constexpr const char* names[] = {"year", "week", "dayOfQuarter", "hour", "nanosecond", "offset", "epochMillis"};
  Arena scratch;
  for (int i = 0; i < 20'000; ++i) {
    const Value a = any.temporal(), b = any.temporal();
    const Duration d = any.duration(), e = any.duration();
    CHECK_FALSE(temporal_to_text(a).empty());
    for (const bool subtract : {false, true}) {
      (void)temporal_add(a, d, subtract, scratch);
      (void)duration_add(d, e, subtract);
    }
    (void)duration_between(a, b);
    (void)duration_in_months(a, b);
    (void)duration_in_days(a, b);
    (void)duration_in_seconds(a, b);
    const Value factor =
        any.below(2) ? Value::integer(any.number()) : Value::real(static_cast<double>(any.number()) / 7e3);
    (void)duration_multiply(d, factor);
    (void)duration_divide(d, factor);
    for (const Kind k : kinds) {
      (void)temporal_convert(k, a, now);
      (void)temporal_truncate(k, units[any.below(std::size(units))], a, {}, now);
    }
    for (const char* name : names) (void)temporal_component(a, name, scratch);
    for (const char* name : {"milliseconds", "nanoseconds", "weeks"})
      (void)temporal_component(Value::duration(&d), name, scratch);
    (void)temporal_to_text(Value::duration(&d));
    CHECK((order(a, b) < 0) == (order(b, a) > 0));
    CHECK((order(Value::duration(&d), Value::duration(&e)) < 0) ==
          (order(Value::duration(&e), Value::duration(&d)) > 0));
    scratch.reset();
  }
}

TEST_CASE("robust: any map") {
  Source any(3);
  constexpr const char* keys[] = {"year",         "month",       "day",   "week",   "dayOfWeek", "quarter",
                                  "dayOfQuarter", "ordinalDay",  "hour",  "minute", "second",    "millisecond",
                                  "microsecond",  "nanosecond",  "date",  "time",   "datetime",  "timezone",
                                  "epochSeconds", "epochMillis", "years", "months", "days",      "seconds"};
  Arena scratch;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<MapEntry> entries;
    for (std::size_t n = 1 + any.below(4); n > 0; --n) {
      const char* key = keys[any.below(std::size(keys))];
      const Value v = any.below(3) == 0   ? any.temporal()
                      : any.below(4) == 0 ? Value::real(static_cast<double>(any.number()) / 3)
                                          : Value::integer(any.number() % 2'000'000'000);
      entries.push_back({key, v});
    }
    for (const Kind k : kinds) (void)temporal_from_map(k, entries, now);
    (void)duration_from_map(entries);
    scratch.reset();
  }
}
