#include <doctest/doctest.h>

#include "packstream/decode.hpp"
#include "packstream/encode.hpp"
#include "tests/packstream/support.hpp"
#include "value/builder.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::packstream::test {
namespace {

/// The error of both ways of reading, which must agree; empty if there is none.
std::string refused(std::string_view hex, const Dialect& dialect = {}, Status* status = nullptr) {
  const auto in = from_hex(hex);
  Arena arena;
  const auto v = decode_value(in, arena, dialect);
  Recorder log;
  const auto r = read(in, log, {.dialect = dialect});
  REQUIRE(v.has_value() == r.has_value());
  if (v) return {};
  CHECK(v.error().message() == r.error().message());
  CHECK(v.error().status() == r.error().status());
  if (status) *status = r.error().status();
  return r.error().message();
}

std::string log_of(std::string_view hex, const Dialect& dialect = {}) {
  Recorder log;
  const auto r = read(from_hex(hex), log, {.dialect = dialect});
  return r ? log.log() : "error: " + r.error().message();
}

TEST_CASE("errors say what was found and where") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "PackStream value is cut short at byte 0"},
      {"92 01", "PackStream value is cut short at byte 1"},
      {"92 01 C4", "unknown PackStream marker C4 at byte 2"},
      {"A1 01 01", "a PackStream map key must be a string, found marker 01 at byte 1"},
      {"91 83 61 FF 62", "PackStream string is not valid UTF-8: found FF at byte 3"},
      {"A1 81 FF 01", "PackStream string is not valid UTF-8: found FF at byte 2"},
      {"A2 81 61 01 81 61 02", "duplicate map key in PackStream map at byte 4"},
      {"91 A2 81 61 90 81 61 90", "duplicate map key in PackStream map at byte 5"},
      {"D2 80 00 00 00", "PackStream size above 2147483647 at byte 5"},
      {"01 02", "bytes after the end of the PackStream value at byte 1"},
  };
  for (const auto& [hex, message] : cases) {
    CAPTURE(hex);
    CHECK(refused(hex) == message);
  }
}

TEST_CASE("the same key in maps inside each other is fine") {
  CHECK(refused("A2 81 61 A1 81 61 01 81 62 A1 81 61 02") == "");
  CHECK(refused("92 A1 81 61 01 A1 81 61 01") == "");
}

TEST_CASE("a key that comes twice is found in maps of any size") {
  for (const int n : {2, 15, 16, 17, 18, 200, 5000}) {
    for (const int twice : {0, n / 2, n - 1}) {
      CAPTURE(n);
      CAPTURE(twice);
      Buffer out;
      Writer w(out);
      w.write_map_header(static_cast<std::size_t>(n));
      for (int i = 0; i < n; ++i) {
        w.write_string("key" + std::to_string(i));
        w.write_null();
      }
      CHECK(refused(to_hex(out)) == "");
      out.clear();
      w.write_map_header(static_cast<std::size_t>(n) + 1);
      for (int i = 0; i <= n; ++i) {
        w.write_string("key" + std::to_string(i == n ? twice : i));
        w.write_null();
      }
      CHECK(refused(to_hex(out)).starts_with("duplicate map key"));
    }
  }
}

TEST_CASE("depth is limited, and only depth") {
  std::string deep, wide = "D5 03 E9";
  for (int i = 0; i < 1000; ++i) deep += "91";
  for (int i = 0; i < 1001; ++i) wide += "91 90";
  CHECK(refused(deep + "C0") == "");
  CHECK(refused("91" + deep + "C0") == "PackStream value is nested too deeply at byte 1001");
  CHECK(refused(wide) == "");
  Arena arena;
  ReadOptions shallow;
  shallow.max_depth = 2;
  CHECK(decode_value(from_hex("91 91 01"), arena, shallow));
  CHECK_FALSE(decode_value(from_hex("91 91 90"), arena, shallow));
}

TEST_CASE("sizes inside each other can't promise more than the message holds") {
  // Each list claims as many items as bytes follow; believed one by one, they would reserve a square.
  std::vector<std::byte> in;
  const std::uint32_t size = 200'000;
  for (std::uint32_t at = 5; at <= 5 * 900; at += 5) {
    const std::uint32_t claim = size - at;
    for (const std::uint32_t b : {0xD6U, claim >> 24, claim >> 16, claim >> 8, claim}) in.push_back(static_cast<std::byte>(b));
  }
  in.resize(size);
  Arena arena(64);
  const auto v = decode_value(in, arena);
  REQUIRE_FALSE(v);
  CHECK(v.error().message().find("cut short") != std::string::npos);
  CHECK(arena.footprint() < 20 * size);
}

TEST_CASE("structures are checked field by field") {
  struct Case {
    const char* hex;
    Status status;
    const char* message;
  };
  const Case cases[] = {
      {"B0 44", Status::request_invalid_format, "Date (tag 0x44) must have 1 fields, found 0 at byte 0"},
      {"B2 44 01 02", Status::request_invalid_format, "Date (tag 0x44) must have 1 fields, found 2 at byte 0"},
      {"B1 44 81 61", Status::request_invalid, "Date at byte 0: the day must be an integer, found a string"},
      {"B1 44 C1 3FF0000000000000", Status::request_invalid, "Date at byte 0: the day must be an integer, found a float"},
      {"B1 44 CB 000000550A1B48F8", Status::argument_error,
       "Date at byte 0: the day must be -365243219162 to 365241780471, found 365241780472"},
      {"B1 74 FF", Status::argument_error, "LocalTime at byte 0: the nanoseconds must be 0 to 86399999999999, found -1"},
      {"B1 74 CB 00004E94914F0000", Status::argument_error,
       "LocalTime at byte 0: the nanoseconds must be 0 to 86399999999999, found 86400000000000"},
      {"91 B2 54 00 CA 0000FD21", Status::request_invalid,
       "Time at byte 1: the offset must be -64800 to 64800, found 64801"},
      {"B3 49 00 00 CA 0000FD21", Status::request_invalid,
       "DateTime at byte 0: the offset must be -64800 to 64800, found 64801"},
      {"B3 69 00 00 84 4E6F6E65", Status::request_invalid, "DateTimeZoneId at byte 0: unknown time zone 'None'"},
      {"B3 69 00 00 00", Status::request_invalid,
       "DateTimeZoneId at byte 0: the time zone must be a string, found an integer"},
      {"B2 64 CB 7FFFFFFFFFFFFFFF 00", Status::argument_error,
       "LocalDateTime at byte 0: the seconds lie outside the years -999999999 to 999999999"},
      {"B2 64 CB 7FFFFFFFFFFFFFFF CB 7FFFFFFFFFFFFFFF", Status::argument_error,
       "LocalDateTime at byte 0: the seconds lie outside the years -999999999 to 999999999"},
      {"B4 45 00 00 CB 7FFFFFFFFFFFFFFF CA 3B9ACA00", Status::argument_error,
       "Duration at byte 0: the seconds do not fit 64 bits"},
      {"B3 58 01 C1 0000000000000000 C1 0000000000000000", Status::request_invalid,
       "Point2D at byte 0: unknown SRID 1, expected 7203 or 4326"},
      {"B3 58 C9 23C5 C1 0000000000000000 C1 0000000000000000", Status::request_invalid,
       "Point2D at byte 0: unknown SRID 9157, expected 7203 or 4326"},
      {"B3 58 C9 1C23 01 02", Status::request_invalid, "Point2D at byte 0: x must be a float, found an integer"},
      {"B3 58 C9 1C23 C1 7FF8000000000000 C1 0000000000000000", Status::request_invalid,
       "Point2D at byte 0: coordinates must be finite"},
      {"B3 58 C9 10E6 C1 0000000000000000 C1 4056C00000000000", Status::request_invalid,
       "Point2D at byte 0: latitude must be -90 to 90, found 91.000000"},
      {"B2 56 CC 02 C8 C8 CC 01 01", Status::request_invalid, "Vector at byte 0: unknown element type of a vector"},
      {"B2 56 CC 01 D0 CC 01 01", Status::request_invalid, "Vector at byte 0: unknown element type of a vector"},
      {"B2 56 CC 01 C9 CC 03 01 02 03", Status::request_invalid,
       "Vector at byte 0: 3 bytes are not a whole number of elements of 2"},
      {"B2 56 CC 01 C8 CC 00", Status::argument_error, "a vector must have 1 to 4096 dimensions, found 0"},
      {"B3 46 00 00 00", Status::request_invalid,
       "legacy DateTime (tag 0x46) is not part of the negotiated Bolt version at byte 0"},
      {"B3 4E 01 90 A0", Status::request_invalid, "Node (tag 0x4E) is not a value that can be sent at byte 0"},
      {"B4 3F 80 06 01 A0", Status::request_invalid, "UnsupportedType (tag 0x3F) is not a value that can be sent at byte 0"},
      {"B1 01 00", Status::request_invalid, "structure with tag 0x01 is not a value that can be sent at byte 0"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.hex);
    Status status = Status::internal;
    CHECK(refused(c.hex, {}, &status) == c.message);
    CHECK(status == c.status);
  }
  CHECK(refused("B3 49 00 00 00", Dialect::bolt(4, 4)) ==
        "DateTime (tag 0x49) is not part of the negotiated Bolt version at byte 0");
  CHECK(refused("B2 56 CC 01 C8 CC 01 01", Dialect::bolt(5, 8)) ==
        "Vector (tag 0x56) is not part of the negotiated Bolt version at byte 0");
}

TEST_CASE("nanoseconds are carried into seconds") {
  CHECK(log_of("B2 64 00 FF") == "localdatetime -1/999999999\n");
  CHECK(log_of("B2 64 00 CA 3B9ACA00") == "localdatetime 1/0\n");
  CHECK(log_of("B4 45 00 00 00 CA C4653601") == "duration 0/0/-1/1\n");
  CHECK(log_of("B4 45 01 02 03 CB 00000000B2D05E01") == "duration 1/2/6/1\n");
}

TEST_CASE("the legacy form of the repeated hour takes the earlier offset, the gap moves forward") {
  const auto stockholm = zone_id("Europe/Stockholm");
  REQUIRE(stockholm);
  const std::string zone = " 00 D0 10 4575726F70652F53746F636B686F6C6D";
  const std::string bits = "/0/" + std::to_string(Zone::named(*stockholm).bits()) + "\n";
  const Dialect old = Dialect::bolt(4, 4);
  CHECK(log_of("B3 66 CA 671DA5A8" + zone, old) == "datetime 1729989000" + bits);
  CHECK(log_of("B3 66 CA 6608CAA8" + zone, old) == "datetime 1711848600" + bits);
}

TEST_CASE("skip passes over whole items, raw keeps their bytes") {
  for (const char* item : {"01", "C9 01 02", "81 61", "93 01 02 03", "A1 81 61 92 01 02", "B3 4E 01 90 A0", "CC 02 01 02",
                           "D4 02 A1 81 61 90 C0", "C1 3FF0000000000000"}) {
    CAPTURE(item);
    const auto in = from_hex(std::string(item) + "2A");
    Cursor cursor(in);
    RawValue raw;
    REQUIRE(cursor.raw(raw));
    CHECK(to_hex(raw.bytes) == to_hex(Bytes(in).first(in.size() - 1)));
    CHECK(cursor.remaining() == 1);
    cursor.rewind(0);
    CHECK(cursor.skip());
    CHECK(cursor.peek() == 0x2A);
  }
  std::vector<std::byte> deep(1'000'000, std::byte{0x91});
  deep.push_back(std::byte{0xC0});
  Cursor cursor(deep);
  CHECK(cursor.skip());
  CHECK(cursor.at_end());
}

TEST_CASE("a run of integers ends before what is not one") {
  const auto in = from_hex("01 C8 80 C9 0100 CA 00010000 CB 0000000100000000 F0 81 61 07");
  std::vector<std::int64_t> out(20);
  Cursor cursor(in);
  CHECK(cursor.integers(out) == 6);
  CHECK(std::vector(out.begin(), out.begin() + 6) == std::vector<std::int64_t>{1, -128, 256, 65536, 4294967296, -16});
  CHECK_FALSE(cursor.failed());
  CHECK(cursor.skip());
  CHECK(cursor.integers(out) == 1);
  CHECK(cursor.integers(out) == 0);

  const auto cut = from_hex("01 02 C9 01");
  Cursor short_one(cut);
  CHECK(short_one.integers(out) == 2);
  CHECK_FALSE(short_one.failed());
  CHECK(short_one.position() == 2);
}

TEST_CASE("text and bytes of a decoded value are views of the message") {
  const auto in = from_hex("92 83 616263 CC 02 01 02");
  Arena arena;
  const auto v = decode_value(in, arena);
  REQUIRE(v);
  CHECK(static_cast<const void*>(v->as_list()[0].as_string().data()) == in.data() + 2);
  CHECK(v->as_list()[1].as_bytes().data() == in.data() + 7);
}

}  // namespace
}  // namespace packhouse::packstream::test
