#include "codec/packos/record.hpp"

#include <limits>

#include "tests/codec/packos/packos_helpers.hpp"

using namespace packos_test;
using namespace packhouse::packos;

namespace {

constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
constexpr auto highest = std::numeric_limits<std::int64_t>::max();

/// One of everything that can be stored.
std::vector<Value> samples(Arena& a) {
  std::vector<Value> v = {Value::boolean(true), Value::boolean(false), Value::string(""), Value::string("gopher"), Value::bytes({}),
                          Value::bytes(as_bytes("\x01\xFF")), Value::real(1.0), Value::real(-0.0),
                          Value::real(std::numeric_limits<double>::quiet_NaN()), Value::date({20410}), Value::date({-1'000'000}),
                          Value::local_time({86'399'999'999'999}), Value::time({1, -3600}), Value::local_datetime({-1, 999'999'999}),
                          Value::datetime({1'700'000'000, 5, Zone::offset(-64'800)}), Value::list({})};
  for (const std::int64_t i : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{127}, std::int64_t{128}, std::int64_t{-32'768},
                               std::int64_t{32'768}, std::int64_t{2'147'483'647}, std::int64_t{2'147'483'648}, lowest, highest}) {
    v.push_back(Value::integer(i));
  }
  v.push_back(Value::duration(a.make<Duration>(lowest, std::int64_t{-2}, highest, 999'999'999)));
  v.push_back(Value::point(a.make<Point>(Crs::wgs84_2d, 12.5, -3.25)));
  v.push_back(Value::point(a.make<Point>(Crs::cartesian_3d, 1.0, 2.0, 3.0)));
  static const float floats[] = {1, 2, 3};
  v.push_back(Value::vector(Element::f32, 3, reinterpret_cast<const std::byte*>(floats)));
  for (const std::size_t n : {std::size_t{3}, std::size_t{16}, std::size_t{5000}}) {
    auto ints = a.array<Value>(n), reals = a.array<Value>(n), texts = a.array<Value>(n), dates = a.array<Value>(n);
    for (std::size_t i = 0; i < n; ++i) {
      ints[i] = Value::integer(static_cast<std::int64_t>(i) * -40);
      reals[i] = Value::real(static_cast<double>(i) / 4);
      texts[i] = Value::string(i % 2 ? "odd" : "");
      dates[i] = Value::date({static_cast<std::int64_t>(i)});
    }
    for (const auto& list : {ints, reals, texts, dates}) v.push_back(Value::list(list));
  }
  return v;
}

}  // namespace

TEST_CASE("every storable value comes back exactly, alone and together") {
  Arena arena;
  const auto values = samples(arena);
  std::vector<Property> all;
  for (const Value& v : values) {
    Buffer out;
    const Property one{KeyId{7}, v};
    REQUIRE(encode_node(out, {}, {&one, 1}));
    const auto record = RecordView::open(out);
    REQUIRE(record);
    const auto back = record->property(KeyId{7}, arena);
    REQUIRE(back);
    CHECK(same(*back, v));
    all.push_back({KeyId{static_cast<std::uint32_t>(3 * all.size())}, v});
  }
  Buffer out;
  REQUIRE(encode_relationship(out, TypeId{3}, NodeId{1}, NodeId{2}, all));
  const auto record = RecordView::open(out);
  REQUIRE(record);
  REQUIRE(record->property_count() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(record->key(i) == all[i].key);
    CHECK(same(record->property(all[i].key, arena).value(), all[i].value));
    CHECK(record->property(KeyId{raw(all[i].key) + 1}, arena)->is_null());
  }
}

TEST_CASE("records hold labels, types and ends of any size") {
  Arena arena;
  Buffer out;
  const LabelId few[] = {LabelId{0}, LabelId{9}, LabelId{65'535}};
  REQUIRE(encode_node(out, few, {}));
  CHECK(hex(out) == hex(unhex("36 00 36 00 30 00  00 00 09 00 FF FF")));
  auto record = RecordView::open(out);
  REQUIRE(record);
  CHECK(record->is_node());
  CHECK(record->label_count() == 3);
  CHECK(record->label(1) == LabelId{9});
  CHECK(record->has_label(LabelId{65'535}));
  CHECK_FALSE(record->has_label(LabelId{1}));
  CHECK(record->property_count() == 0);

  out.clear();
  const LabelId large[] = {LabelId{9}, LabelId{70'000}};
  const Property property{KeyId{100'000}, Value::integer(5)};
  REQUIRE(encode_node(out, large, {&property, 1}));
  record = RecordView::open(out);
  REQUIRE(record);
  CHECK(record->has_label(LabelId{70'000}));
  CHECK(record->has_label(LabelId{9}));
  CHECK(record->property(KeyId{100'000}, arena)->as_integer() == 5);

  out.clear();
  REQUIRE(encode_relationship(out, TypeId{0xFFFFFFFF}, NodeId{200}, NodeId{0x7FFFFFFFFFFFFFFF}, {}));
  record = RecordView::open(out);
  REQUIRE(record);
  CHECK_FALSE(record->is_node());
  CHECK(record->type() == TypeId{0xFFFFFFFF});
  CHECK(record->start() == NodeId{200});
  CHECK(record->end() == NodeId{0x7FFFFFFFFFFFFFFF});
  CHECK(record->label_count() == 0);
}

TEST_CASE("any key of a large record is found") {
  Arena arena;
  for (const std::uint32_t n : {1U, 8U, 9U, 50U, 500U, 5000U}) {
    std::vector<Property> properties;
    for (std::uint32_t i = 0; i < n; ++i) properties.push_back({KeyId{2 * i + 1}, Value::integer(i)});
    Buffer out;
    REQUIRE(encode_node(out, {}, properties));
    const auto record = RecordView::open(out);
    REQUIRE(record);
    for (std::uint32_t i = 0; i < n; ++i) {
      CHECK(record->property(KeyId{2 * i + 1}, arena)->as_integer() == i);
      CHECK_FALSE(record->has_property(KeyId{2 * i}));
    }
    CHECK_FALSE(record->has_property(KeyId{2 * n + 1}));
  }
}

TEST_CASE("what is no record says why") {
  struct { std::string_view hex, message; } cases[] = {
      {"", "not a stored record: insufficient header: a PackOS frame at byte 0 has 0 bytes"},
      {"10 00 00 00", "not a stored record: field 0 asked of a PackOS frame of 0 fields"},
      {"25 00 08 00 01", "not a stored record: expected labels or a relationship type first, found boolean of 1 bytes"},
      {"26 00 08 00 01", "not a stored record: expected labels or a relationship type first, found string of 1 bytes"},
      {"21 00 08 00 01", "not a stored record: the type, start or end of the relationship is missing or not an id"},
      {"36 00 05 00 08 00 01", "not a stored record: expected property keys, found boolean of 1 bytes"},
      {"36 00 06 00 20 00 01 00 02 00", "not a stored record: 2 property keys, 0 values"},
  };
  for (const auto& c : cases) {
    const auto bytes = unhex(c.hex);
    const auto record = RecordView::open(bytes);
    REQUIRE_FALSE(record);
    CHECK(record.error().status() == Status::storage_failed);
    CHECK(record.error().message() == c.message);
  }
}

TEST_CASE("a property that lies is an error of that property alone") {
  Arena arena;
  // keys 1, 2, 3: an integer of 3 bytes, a date without days, a good boolean
  const auto bytes = unhex("66 00 06 00 31 00 4A 00 55 00 58 00  01 00 02 00 03 00  01 02 03  08  01");
  const auto record = RecordView::open(bytes);
  REQUIRE(record);
  CHECK(record->property(KeyId{1}, arena).error().message() == "unsupported integer size 3 at byte 18 (integer field of 3 bytes)");
  CHECK(record->property(KeyId{2}, arena).error().message() == "an integer of the wrong size at byte 21 (extended field of 1 bytes)");
  CHECK(record->property(KeyId{3}, arena)->is_true());
}

TEST_CASE("truncated and altered records never read outside of themselves") {
  Arena arena;
  const auto values = samples(arena);
  std::vector<Property> properties;
  for (const Value& v : values) {
    if (!v.is(Kind::list) || v.as_list().size() < 100) properties.push_back({KeyId{static_cast<std::uint32_t>(properties.size())}, v});
  }
  Buffer out;
  REQUIRE(encode_node(out, {}, properties));
  const auto read_all = [&](Bytes bytes) {
    // An exact copy on the heap, so that the sanitizer sees one byte too many.
    const std::vector<std::byte> exact(bytes.begin(), bytes.end());
    const auto record = RecordView::open(exact);
    if (!record) return 0;
    int good = 0;
    for (std::size_t i = 0; i < record->property_count(); ++i) good += record->value(i, arena).has_value();
    arena.reset();
    return good;
  };
  const int all = read_all(out);
  CHECK(all == static_cast<int>(properties.size()));
  for (std::size_t n = 0; n < out.size(); ++n) CHECK(read_all(out.view().first(n)) < all);
  std::vector<std::byte> altered(out.view().begin(), out.view().end());
  for (std::size_t i = 0; i < altered.size(); ++i) {
    for (const auto bits : {0x01, 0x08, 0x80, 0xFF}) {
      altered[i] ^= static_cast<std::byte>(bits);
      CHECK(read_all(altered) <= all);
      altered[i] ^= static_cast<std::byte>(bits);
    }
  }
}
