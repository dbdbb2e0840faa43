#include <doctest/doctest.h>

#include <string>

#include "../support.hpp"
#include "value/temporal/posix_rule.hpp"
#include "value/temporal/zone_file.hpp"
#include "value/temporal/zones.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

Zone zone(std::string_view name) {
  return zone_from_text(name).value();
}
std::int64_t utc(const char* text) {
  return datetime(text).as_datetime().seconds;
}

}  // namespace

TEST_CASE("zones: names and offsets as users write them") {
  struct Row {
    const char* text;
    const char* shown;  // of 2020-07-01T00:00 there
  };
  for (const Row& r : std::initializer_list<Row>{
           {"Z", "2020-07-01T00:00Z"},
           {"+00:00", "2020-07-01T00:00Z"},
           {"-00:00", "2020-07-01T00:00Z"},
           {"+5", "2020-07-01T00:00+05:00"},
           {"-05", "2020-07-01T00:00-05:00"},
           {"+0530", "2020-07-01T00:00+05:30"},
           {"-18:00", "2020-07-01T00:00-18:00"},
           {"+00:53:28", "2020-07-01T00:00+00:53:28"},
           {"UTC", "2020-07-01T00:00Z[UTC]"},
           {"Etc/GMT-3", "2020-07-01T00:00+03:00[Etc/GMT-3]"},
           {"UTC+02:00", "2020-07-01T00:00+02:00"},
           {"Europe/Stockholm", "2020-07-01T00:00+02:00[Europe/Stockholm]"},
           {"America/Argentina/Buenos_Aires", "2020-07-01T00:00-03:00[America/Argentina/Buenos_Aires]"}}) {
    CAPTURE(r.text);
    CHECK(show(make(Kind::datetime, map({{"year", 2020}, {"month", 7}, {"timezone", r.text}}))) == r.shown);
  }
  for (const char* bad :
       {"", "europe/stockholm", "Europe", "Europe/Nowhere", "../../../etc/passwd", "/etc/passwd", "posix/Europe/Paris",
        "localtime", "tzdata.zi", "+18:01", "+1:00:", "+24", "12:00", "Europe/../Europe/Paris", "+05:60"}) {
    CAPTURE(bad);
    const auto z = zone_from_text(bad);
    REQUIRE_FALSE(z.has_value());
    CHECK(z.error().status() == Status::argument_error);
  }
}

TEST_CASE("zones: ids are stable and give their names back") {
  const auto paris = zone_id("Europe/Paris");
  REQUIRE(paris.has_value());
  CHECK(zone_id("Europe/Paris") == paris);
  CHECK(zone_id("Europe/Madrid") != paris);
  CHECK(zone_name(*paris) == "Europe/Paris");
  CHECK(zone_name(0x7FFFFF).empty());
}

TEST_CASE("zones: offsets through history and into the far future") {
  struct Row {
    const char* zone;
    const char* when;
    int offset;
  };
  for (const Row& r : std::initializer_list<Row>{{"Europe/Stockholm", "1818-07-21T12:00Z", 3'208},
                                                 {"Europe/Berlin", "1818-07-21T12:00Z", 3'208},
                                                 {"Europe/Oslo", "1890-01-01T00:00Z", 3'208},
                                                 {"Europe/Stockholm", "1984-10-11T12:00Z", 3'600},
                                                 {"Europe/Stockholm", "1984-07-20T12:00Z", 7'200},
                                                 {"Europe/Stockholm", "2500-07-01T00:00Z", 7'200},
                                                 {"Europe/Stockholm", "2500-12-01T00:00Z", 3'600},
                                                 {"America/New_York", "2100-03-14T06:59:59Z", -18'000},
                                                 {"America/New_York", "2100-03-14T07:00Z", -14'400},
                                                 {"Australia/Sydney", "2200-01-01T00:00Z", 39'600},
                                                 {"Australia/Sydney", "2200-07-01T00:00Z", 36'000},
                                                 {"Australia/Eucla", "2015-07-21T00:00Z", 31'500},
                                                 {"Pacific/Honolulu", "3000-01-01T00:00Z", -36'000},
                                                 {"Asia/Kolkata", "2020-01-01T00:00Z", 19'800},
                                                 {"Pacific/Apia", "2011-12-30T09:00Z", -36'000},
                                                 {"Pacific/Apia", "2011-12-30T10:00Z", 50'400},
                                                 {"UTC", "0001-01-01T00:00Z", 0}}) {
    CAPTURE(r.zone);
    CAPTURE(r.when);
    CHECK(offset_at(zone(r.zone), utc(r.when)) == r.offset);
  }
}

TEST_CASE("zones: local times that occur twice or never") {
  struct Row {
    const char* local;
    const char* result;
  };
  for (const Row& r : std::initializer_list<Row>{
           {"2017-03-26T01:59:59[Europe/Stockholm]", "2017-03-26T01:59:59+01:00[Europe/Stockholm]"},
           {"2017-03-26T02:00[Europe/Stockholm]", "2017-03-26T03:00+02:00[Europe/Stockholm]"},
           {"2017-03-26T02:30[Europe/Stockholm]", "2017-03-26T03:30+02:00[Europe/Stockholm]"},
           {"2017-10-29T02:30[Europe/Stockholm]", "2017-10-29T02:30+02:00[Europe/Stockholm]"},
           {"2017-10-29T02:30+01:00[Europe/Stockholm]", "2017-10-29T02:30+01:00[Europe/Stockholm]"},
           {"2017-10-29T02:30+02:00[Europe/Stockholm]", "2017-10-29T02:30+02:00[Europe/Stockholm]"},
           {"2017-10-29T03:00[Europe/Stockholm]", "2017-10-29T03:00+01:00[Europe/Stockholm]"},
           {"2024-03-10T02:15[America/New_York]", "2024-03-10T03:15-04:00[America/New_York]"},
           {"2024-04-07T02:45[Australia/Sydney]", "2024-04-07T02:45+11:00[Australia/Sydney]"},
           {"2011-12-30T12:00[Pacific/Apia]", "2011-12-31T12:00+14:00[Pacific/Apia]"},
           {"2017-10-29T02:30+03:00[Europe/Stockholm]", "! SyntaxError"}}) {
    CHECK(show(make(Kind::datetime, r.local)) == r.result);
  }
}

TEST_CASE("zones: POSIX rules") {
  const auto at = [](const char* rule, const char* when) {
    const auto r = PosixRule::parse(rule);
    REQUIRE(r.has_value());
    return r->offset_at(utc(when));
  };
  CHECK(at("<+0330>-3:30", "2030-01-01T00:00Z") == 12'600);
  CHECK(at("EST5EDT,M3.2.0,M11.1.0", "2024-03-10T07:00Z") == -14'400);
  CHECK(at("EST5EDT,M3.2.0,M11.1.0", "2024-11-03T05:59:59Z") == -14'400);
  CHECK(at("EST5EDT,M3.2.0,M11.1.0", "2024-11-03T06:00Z") == -18'000);
  CHECK(at("AAA-1BBB-3,J60/0,J305/0", "2023-03-01T00:00Z") == 10'800);
  CHECK(at("AAA-1BBB,J60/0,J305/0", "2024-02-29T12:00Z") == 3'600);
  CHECK(at("AAA0BBB,59/0,300/0", "2024-02-29T12:00Z") == 3'600);
  CHECK(at("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T00:59:59Z") == -7'200);
  CHECK(at("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T01:00Z") == -3'600);
  for (const char* bad : {"", "X", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0,",
                          "<+03-3", "CET-200", "CET-1CEST,M3.0.0,M10.5.0"}) {
    CAPTURE(bad);
    CHECK_FALSE(PosixRule::parse(bad).has_value());
  }
}

TEST_CASE("zones: damaged files are refused") {
  std::string file = "TZif2" + std::string(39, '\0');
  CHECK_FALSE(ZoneHistory::parse("").has_value());
  CHECK_FALSE(ZoneHistory::parse("TZif").has_value());
  CHECK_FALSE(ZoneHistory::parse(file).has_value());  // no types
  const auto header = [](char changes, char types) {
    std::string h = "TZif2" + std::string(39, '\0');
    h[35] = changes;
    h[39] = types;
    return h;
  };
  const std::string empty_block = std::string("\0\0\0\0\0\0", 6);
  const std::string utc_file = header(0, 1) + empty_block + header(0, 1) + empty_block;
  REQUIRE(ZoneHistory::parse(utc_file).has_value());
  CHECK(ZoneHistory::parse(utc_file)->offset_at(12'345) == 0);
  CHECK(ZoneHistory::parse(utc_file + "\nAAA-2\n")->offset_at(12'345) == 7'200);
  CHECK_FALSE(ZoneHistory::parse(utc_file + "\nnonsense\n").has_value());
  CHECK_FALSE(ZoneHistory::parse(utc_file.substr(0, utc_file.size() - 1)).has_value());
  CHECK_FALSE(ZoneHistory::parse(header(100, 1) + empty_block).has_value());
  const std::string bad_type = header(0, 1) + empty_block + header(1, 1) + std::string(8, '\0') + "\x05" + empty_block;
  CHECK_FALSE(ZoneHistory::parse(bad_type).has_value());
}
