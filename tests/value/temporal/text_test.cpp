#include <doctest/doctest.h>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

struct Row {
  const char* text;
  const char* result;
};

void check(Kind target, std::initializer_list<Row> rows) {
  for (const Row& r : rows) {
    CAPTURE(r.text);
    const auto v = make(target, r.text);
    CHECK(show(v) == r.result);
    // What is written can be read again.
    if (v) CHECK(show(make(target, temporal_to_text(*v).c_str())) == r.result);
  }
}

}  // namespace

TEST_CASE("text: dates") {
  check(Kind::date, {{"1999-05-17", "1999-05-17"},
                     {"19990517", "1999-05-17"},
                     {"1999-5-7", "1999-05-07"},
                     {"1999-05", "1999-05-01"},
                     {"199905", "1999-05-01"},
                     {"1999", "1999-01-01"},
                     {"1999-W20-1", "1999-05-17"},
                     {"1999W201", "1999-05-17"},
                     {"1999-W20", "1999-05-17"},
                     {"1999w20", "1999-05-17"},
                     {"1999-137", "1999-05-17"},
                     {"1999137", "1999-05-17"},
                     {"1999-Q2-47", "1999-05-17"},
                     {"1999Q247", "1999-05-17"},
                     {"1999-Q2", "1999-04-01"},
                     {"-0044-03-15", "-0044-03-15"},
                     {"-44-03-15", "-0044-03-15"},
                     {"+12345-06-07", "+12345-06-07"},
                     {"+999999999-12-31", "+999999999-12-31"},
                     {"-999999999-01-01", "-999999999-01-01"},
                     {"0000-02-29", "0000-02-29"},
                     {"2020-W53-7", "2021-01-03"}});
  check(Kind::date, {{"", "! SyntaxError"},
                     {"nonsense", "! SyntaxError"},
                     {"1999-13-01", "! SyntaxError"},
                     {"1999-02-29", "! SyntaxError"},
                     {"1999-00-01", "! SyntaxError"},
                     {"1999-W54", "! SyntaxError"},
                     {"1999-W53", "! SyntaxError"},
                     {"1999-W20-8", "! SyntaxError"},
                     {"1999-366", "! SyntaxError"},
                     {"1999-000", "! SyntaxError"},
                     {"1999-Q5", "! SyntaxError"},
                     {"1999-Q1-91", "! SyntaxError"},
                     {"1999-05-17 ", "! SyntaxError"},
                     {" 1999-05-17", "! SyntaxError"},
                     {"199", "! SyntaxError"},
                     {"19990", "! SyntaxError"},
                     {"1999-05-17T12:00", "! SyntaxError"},
                     {"+1000000000-01-01", "! SyntaxError"},
                     {"1999-", "! SyntaxError"},
                     {"1999-05-", "! SyntaxError"},
                     {"99999-01-01", "! SyntaxError"},
                     {"1999/05/17", "! SyntaxError"}});
}

TEST_CASE("text: times") {
  check(Kind::local_time, {{"08:09:10.123456789", "08:09:10.123456789"},
                           {"08:09:10,5", "08:09:10.5"},
                           {"080910.250", "08:09:10.25"},
                           {"080910", "08:09:10"},
                           {"0809", "08:09"},
                           {"08:09", "08:09"},
                           {"08", "08:00"},
                           {"8:9", "08:09"},
                           {"T08:09", "08:09"},
                           {"23:59:59.999999999", "23:59:59.999999999"}});
  check(Kind::local_time, {{"24:00", "! SyntaxError"},
                           {"12:60", "! SyntaxError"},
                           {"12:00:60", "! SyntaxError"},
                           {"", "! SyntaxError"},
                           {"080", "! SyntaxError"},
                           {"08:", "! SyntaxError"},
                           {"08:09:10.", "! SyntaxError"},
                           {"08:09:10.1234567890", "! SyntaxError"},
                           {"08:09+01:00", "! SyntaxError"},
                           {"0809.5", "! SyntaxError"}});
  check(Kind::time, {{"08:09:10.5+0100", "08:09:10.5+01:00"},
                     {"080910Z", "08:09:10Z"},
                     {"0809-0330", "08:09-03:30"},
                     {"08+18:00", "08:00+18:00"},
                     {"08:09-02", "08:09-02:00"},
                     {"08:09-00:00", "08:09Z"},
                     {"08:09", "08:09Z"},
                     {"08:09z", "08:09Z"},
                     {"08:09+01:02:03", "08:09+01:02:03"}});
  check(Kind::time, {{"08:09+19:00", "! SyntaxError"},
                     {"08:09+", "! SyntaxError"},
                     {"08:09[Europe/Paris]", "! SyntaxError"},
                     {"08:09+01:00[Europe/Paris]", "! SyntaxError"},
                     {"08:09X", "! SyntaxError"}});
}

TEST_CASE("text: dates with times") {
  check(Kind::local_datetime, {{"2001-02-03T04:05:06.007", "2001-02-03T04:05:06.007"},
                               {"20010203T040506", "2001-02-03T04:05:06"},
                               {"2001-W05-6T0405", "2001-02-03T04:05"},
                               {"2001034T04", "2001-02-03T04:00"},
                               {"2001-02-03", "2001-02-03T00:00"},
                               {"2001", "2001-01-01T00:00"},
                               {"-0001-12-31T23:59:59", "-0001-12-31T23:59:59"}});
  check(Kind::local_datetime, {{"2001-02-03T", "! SyntaxError"},
                               {"2001-02-03T25", "! SyntaxError"},
                               {"2001-02-03T04:05Z", "! SyntaxError"},
                               {"2001-02-03 04:05", "! SyntaxError"}});
  check(Kind::datetime, {{"2001-02-03T04:05:06.007Z", "2001-02-03T04:05:06.007Z"},
                         {"20010203T0405-0730", "2001-02-03T04:05-07:30"},
                         {"2001-W05-6T04:05+02", "2001-02-03T04:05+02:00"},
                         {"2001-02-03T04:05", "2001-02-03T04:05Z"},
                         {"2001-02-03", "2001-02-03T00:00Z"},
                         {"2001-02-03[Europe/Madrid]", "2001-02-03T00:00+01:00[Europe/Madrid]"},
                         {"2001-07-03T04:05+02:00[Europe/Madrid]", "2001-07-03T04:05+02:00[Europe/Madrid]"},
                         {"2001-07-03T04:05[UTC]", "2001-07-03T04:05Z[UTC]"},
                         {"1800-07-03T04:05[Europe/Copenhagen]", "1800-07-03T04:05+00:53:28[Europe/Copenhagen]"}});
  check(Kind::datetime, {{"2001-07-03T04:05+03:00[Europe/Madrid]", "! SyntaxError"},
                         {"2001-07-03T04:05[Mars/Base]", "! SyntaxError"},
                         {"2001-07-03T04:05[UTC", "! SyntaxError"},
                         {"2001-07-03T04:05Z ", "! SyntaxError"},
                         {"2001-07-03T04:05Z[UTC]x", "! SyntaxError"}});
}

TEST_CASE("text: toString writes seconds always, the TCK's form only if there are any") {
  CHECK(temporal_to_text(datetime("2020-01-02T00:00Z")) == "2020-01-02T00:00:00Z");
  CHECK(temporal_to_text(datetime("2020-01-02T00:00Z"), true) == "2020-01-02T00:00Z");
  CHECK(temporal_to_text(localtime("12:00")) == "12:00:00");
  CHECK(temporal_to_text(localtime("12:00:00.5"), true) == "12:00:00.5");
}

TEST_CASE("text: a zone that is configured holds where none is written") {
  const Now here{now.instant, zone_from_text("Europe/Stockholm").value()};
  CHECK(show(temporal_from_text(Kind::datetime, "2020-07-01T12:00", here)) ==
        "2020-07-01T12:00+02:00[Europe/Stockholm]");
  CHECK(show(temporal_from_text(Kind::time, "12:00", here)) == "12:00+01:00");  // of the clock's moment, in November
}
