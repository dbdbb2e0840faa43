// The worked examples of docs/RECORDS.md, byte by byte.
#include "codec/packos/codec.hpp"
#include "codec/packos/record.hpp"
#include "tests/codec/packos/packos_helpers.hpp"
#include "value/temporal/zones.hpp"

using namespace packos_test;
using namespace packhouse::packos;

TEST_CASE("a node as docs/RECORDS.md shows it") {
  const LabelId labels[] = {LabelId{1}};
  const Property properties[] = {{KeyId{2}, Value::string("Ann")}, {KeyId{5}, Value::integer(31)}, {KeyId{7}, Value::date({19'723})}};
  Buffer out;
  REQUIRE(encode_node(out, labels, properties));
  CHECK(hex(out) == hex(unhex("66 00 16 00 46 00 59 00 62 00 78 00  01 00  02 00 05 00 07 00  41 6E 6E  1F  08 0B 4D")));
}

TEST_CASE("a relationship as docs/RECORDS.md shows it") {
  const Property property{KeyId{1}, Value::real(2.5)};
  Buffer out;
  REQUIRE(encode_relationship(out, TypeId{3}, NodeId{200}, NodeId{70'000}, {&property, 1}));
  CHECK(hex(out) == hex(unhex("61 00 09 00 19 00 3E 00 4B 00 88 00  03  C8 00  70 11 01 00  01 00  00 00 00 00 00 00 04 40")));
}

TEST_CASE("a wide frame as docs/RECORDS.md shows it") {
  const std::string text(8192, 'a');
  const Value items[] = {Value::integer(7), Value::string(text)};
  Buffer out;
  FrameWriter w(out);
  w.begin_frame(2);
  w.integer(7);
  w.string(text);
  REQUIRE(w.end_frame());
  CHECK(out.size() == 4 + 1 + 4 + 5 * 2 + 1 + 8192);
  CHECK(hex(out.view().first(23)) == hex(unhex("22 00 F8 FF  01  02 00 00 00  01 00 00 00  01 20 00 00  01 06  07 61 61 61")));
  Arena arena;
  CHECK(same(decode(out, arena).value(), Value::list(items)));
}

TEST_CASE("extended fields as docs/RECORDS.md shows them") {
  const std::uint32_t berlin = zone_id("Europe/Berlin").value();
  const Duration duration{14, 3, 3600, 5};
  const Point flat{Crs::cartesian_2d, 1, 2, 0};
  const float floats[] = {1, 2};
  std::vector<Value> sixteen(16, Value::integer(-1));
  sixteen[15] = Value::integer(300);
  struct { Value value; std::string_view hex; } cases[] = {
      {Value::list({}), "03"},
      {Value::bytes(as_bytes("\xAA\xBB")), "04 AA BB"},
      {Value::vector(Element::f32, 2, reinterpret_cast<const std::byte*>(floats)), "06 04 00 00 80 3F 00 00 00 40"},
      {Value::list(sixteen), "07 01 FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF 2C 01"},
      {Value::date({19'723}), "08 0B 4D"},
      {Value::local_time({1}), "09 01 00 00 00 00 00 00 00"},
      {Value::time({1, 3600}), "0A 01 00 00 00 00 00 00 00 10 0E 00 00"},
      {Value::local_datetime({60, 5}), "0B 3C 00 00 00 00 00 00 00 05 00 00 00"},
      {Value::datetime({60, 5, Zone::offset(-3600)}), "0C 3C 00 00 00 00 00 00 00 05 00 00 00 F0 F1 FF FF"},
      {Value::datetime({60, 5, Zone::named(berlin)}), "0D 3C 00 00 00 00 00 00 00 05 00 00 00 45 75 72 6F 70 65 2F 42 65 72 6C 69 6E"},
      {Value::duration(&duration), "0E 0E 00 00 00 00 00 00 00 03 00 00 00 00 00 00 00 10 0E 00 00 00 00 00 00 05 00 00 00"},
      {Value::point(&flat), "0F 23 1C 00 00 00 00 00 00 F0 3F 00 00 00 00 00 00 00 40"},
  };
  for (const auto& c : cases) {
    Buffer out;
    REQUIRE(encode(c.value, out));
    const auto frame = FrameView::open(out);
    REQUIRE(frame);
    CHECK(frame->field(0)->tag == Tag::extended);
    CHECK(hex(frame->field(0)->bytes) == hex(unhex(c.hex)));
    Arena arena;
    CHECK(same(decode(out, arena).value(), c.value));
  }
}
