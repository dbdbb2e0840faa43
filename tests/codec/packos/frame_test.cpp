#include "codec/packos/frame.hpp"

#include "codec/packos/frame_writer.hpp"
#include "tests/codec/packos/packos_helpers.hpp"

using namespace packos_test;
using namespace packhouse::packos;

TEST_CASE("the source document's frames come out byte by byte") {
  Buffer out;
  FrameWriter w(out);
  w.begin_frame(4);
  w.fixed(std::int16_t{42});
  w.boolean(true);
  w.string("go");
  w.plain_bytes(unhex("AA BB"));
  REQUIRE(w.end_frame());
  CHECK(hex(out) == hex(unhex("51 00 15 00 1E 00 2E 00 38 00 2A 00 01 67 6F AA BB")));

  out.clear();
  w.begin_frame(0);  // a wrong count changes nothing but the speed
  w.begin_tuple(9);
  w.fixed(std::int32_t{2025}), w.boolean(false), w.string("az");
  REQUIRE(w.end());
  w.begin_tuple(1);
  w.fixed(std::int16_t{7}), w.boolean(true), w.string("go");
  REQUIRE(w.end());
  REQUIRE(w.end_frame());
  CHECK(hex(out) == hex(unhex("34 00 7C 00 E0 00 41 00 25 00 2E 00 38 00 E9 07 00 00 00 61 7A 41 00 15 00 1E 00 28 00 07 00 01 67 6F")));
}

TEST_CASE("an empty container has width 0") {
  Buffer out;
  FrameWriter w(out);
  w.begin_frame(2);
  w.begin_map(3);
  REQUIRE(w.end());
  w.begin_tuple(0);
  REQUIRE(w.end());
  REQUIRE(w.end_frame());
  CHECK(hex(out) == hex(unhex("37 00 04 00 00 00")));
}

TEST_CASE("fields are found by position, nested ones too") {
  const auto bytes = unhex("31 00 17 00 B0 01 39 30 56 00 27 00 06 01 26 01 50 01 6D657461 56 00 26 00 4E 00 6E 00 90 00"
                           "726F6C65 61646D696E 75736572 616C696365 6E616D65 676F70686572");
  const auto frame = FrameView::open(bytes);
  REQUIRE(frame);
  REQUIRE(frame->size() == 2);
  CHECK(frame->field(0)->tag == Tag::integer);
  const auto outer = frame->nested(*frame->field(1));
  REQUIRE(outer);
  CHECK(as_text(outer->field(2)->bytes) == "name");
  const auto meta = outer->nested(*outer->field(1));
  REQUIRE(meta);
  CHECK(as_text(meta->field(3)->bytes) == "alice");
  CHECK(frame->field(2).error().message() == "field 2 asked of a PackOS frame of 2 fields");
  CHECK_FALSE(frame->nested(*frame->field(0)));
}

TEST_CASE("what 13 bits can't hold becomes a wide frame, at any depth") {
  for (const std::size_t size : {std::size_t{8191}, std::size_t{8192}, std::size_t{100'000}}) {
    Buffer out;
    FrameWriter w(out);
    const std::string text(size, 'x');
    w.begin_frame(2);
    w.begin_map(1);
    w.string("k");
    w.begin_tuple(1);
    w.string(text);
    REQUIRE(w.end());
    REQUIRE(w.end());
    w.fixed(std::int8_t{5});
    REQUIRE(w.end_frame());
    CHECK(hex(out.view().first(4)) == "2200F8FF");
    const auto frame = FrameView::open(out);
    REQUIRE(frame);
    CHECK(frame->wide());
    const auto map = frame->nested(*frame->field(0));
    REQUIRE(map);
    const auto tuple = map->nested(*map->field(1));
    REQUIRE(tuple);
    CHECK(tuple->wide() == (size > 8191));
    CHECK(as_text(tuple->field(0)->bytes) == text);
    CHECK(load<std::int8_t>(frame->field(1)->bytes.data()) == 5);
  }
}

TEST_CASE("the limits of a narrow frame are exact") {
  for (const std::size_t n : {std::size_t{4094}, std::size_t{4095}}) {
    Buffer out;
    FrameWriter w(out);
    w.begin_frame(n);
    for (std::size_t i = 0; i < n; ++i) w.null();
    REQUIRE(w.end_frame());
    const auto frame = FrameView::open(out);
    REQUIRE(frame);
    CHECK(frame->size() == n);
    CHECK(frame->wide() == (n > 4094));
    CHECK(frame->field(n - 1)->tag == Tag::tuple);
  }
  Buffer out;
  FrameWriter strict(out, {.strict = true});
  strict.begin_frame(1);
  strict.string(std::string(8191, 'x'));
  CHECK(strict.end_frame());
  out.clear();
  strict.begin_frame(1);
  strict.string(std::string(8192, 'x'));
  const auto refused = strict.end_frame();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() == "the record of 1 fields and 8192 bytes is beyond what a plain PackOS frame holds (4094 fields, 8191 bytes)");
}

TEST_CASE("compressed numbers and flags take the smallest form") {
  struct { double value; std::string_view hex; } numbers[] = {
      {0, "21 00 08 00 00"}, {-0.0, "21 00 08 00 00"}, {-129, "21 00 10 00 7F FF"}, {65536, "21 00 20 00 00 00 01 00"},
      {0.5, "23 00 40 00 00 00 00 00 00 00 E0 3F"}, {-9223372036854775808.0, "21 00 40 00 00 00 00 00 00 00 00 80"}};
  for (const auto& [value, expected] : numbers) {
    Buffer out;
    FrameWriter w(out);
    w.begin_frame(1);
    w.numeric(value);
    REQUIRE(w.end_frame());
    CHECK(hex(out) == hex(unhex(expected)));
  }
  Buffer out;
  FrameWriter w(out);
  const bool flags[] = {true, false, true, false, false, false, false, true, true};
  w.begin_frame(2);
  w.flags(flags);
  w.compressed_unsigned(200);
  REQUIRE(w.end_frame());
  CHECK(hex(out) == hex(unhex("36 00 11 00 18 00 85 01 C8")));
}

TEST_CASE("offsets that lie are errors with a position") {
  struct { std::string_view hex, message; } cases[] = {
      {"", "insufficient header: a PackOS frame at byte 0 has 0 bytes"},
      {"51", "insufficient header: a PackOS frame at byte 0 has 1 bytes"},
      {"51 00 11 00", "insufficient header: the PackOS frame at byte 0 puts its payload at 10, and has 4 bytes"},
      {"00 00 00 00", "insufficient header: the PackOS frame at byte 0 puts its payload at 0, and has 4 bytes"},
      {"31 00 19 00 10 00 01 02", "invalid range 9 → 8 of field 1: the payload ends at byte 8"},
      {"31 00 11 00 18 00 01 02", "invalid range 8 → 9 of field 1: the payload ends at byte 8"},
  };
  for (const auto& c : cases) {
    const auto bytes = unhex(c.hex);
    const auto frame = FrameView::open(bytes);
    const auto message = frame ? frame->field(1).error().message() : frame.error().message();
    CHECK(message == c.message);
  }
}
