#include <doctest/doctest.h>

#include "support.hpp"
#include "value/compare.hpp"

using namespace packhouse;
using namespace packhouse::testing;

TEST_CASE("value: accessors give back what went in") {
  CHECK(Value().is_null());
  CHECK(Value::boolean(true).is_true());
  CHECK_FALSE(Value::integer(1).is_true());
  CHECK(Value::integer(INT64_MIN).as_integer() == INT64_MIN);
  CHECK(Value::real(-0.5).as_real() == -0.5);
  CHECK(Value::time({86'399'999'999'999, -64'800}).as_time() == Time{86'399'999'999'999, -64'800});
  CHECK(Value::local_datetime({-5, 7}).as_local_datetime() == LocalDateTime{-5, 7});
  for (const Zone zone : {Zone(), Zone::offset(64'800), Zone::offset(-64'800), Zone::named(0), Zone::named(4'000)}) {
    const DateTime t{-62'135'596'800, 999'999'999, zone};
    CHECK(Value::datetime(t).as_datetime() == t);
  }
  CHECK(Zone::offset(-3'600).offset_seconds() == -3'600);
  CHECK_FALSE(Zone::offset(-1).is_named());
  CHECK(Zone::named(17).id() == 17);
}

TEST_CASE("value: find looks a key up") {
  const Value m = map({{"a", 1}, {"b", null}});
  CHECK(find(m.as_map(), "a")->as_integer() == 1);
  CHECK(find(m.as_map(), "b")->is_null());
  CHECK(find(m.as_map(), "c") == nullptr);
}

TEST_CASE("value: a deep copy shares nothing with the original") {
  std::string text = "some text", key = "key";
  std::vector<NodeId> nodes{NodeId{1}, NodeId{2}};
  std::vector<RelId> rels{RelId{9}};
  PathValue path{nodes, rels};
  Duration length{1, 2, 3, 4};
  Point place{Crs::wgs84_3d, 1, 2, 3};
  std::byte data[4] = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  std::vector<Value> inner{Value::string(text),      Value::bytes(data),   Value::path(&path),
                           Value::duration(&length), Value::point(&place), Value::vector(Element::i16, 2, data),
                           Value::list({})};
  std::vector<MapEntry> entries{{key, Value::list(inner)}, {"empty", Value::map({})}};
  Arena own;
  const Value copy = deep_copy(Value::map(entries), own);
  const std::string before = print(copy);
  text.assign(text.size(), '#');
  key.assign(key.size(), '#');
  nodes[1] = NodeId{77};
  length.months = 100;
  place.x = 9;
  data[0] = std::byte{200};
  inner[0] = inner[6] = Value::integer(0);
  CHECK(print(copy) == before);
  CHECK(find(copy.as_map(), "key")->as_list()[2].as_path().nodes[1] == NodeId{2});
  CHECK(find(copy.as_map(), "key")->as_list()[5].vector_data()[0] == std::byte{1});
  CHECK(find(copy.as_map(), "key")->as_list()[0].as_string() == "some text");
}

TEST_CASE("value: depth is no danger") {
  constexpr int depth = 200'000;
  Value a, b;
  Arena own;
  for (int i = 0; i < depth; ++i) {
    a = Value::list(std::span(own.make<Value>(a), 1));
    b = i % 2 ? Value::map(std::span(own.make<MapEntry>("k", b), 1)) : Value::list(std::span(own.make<Value>(b), 1));
  }
  const Value copy = deep_copy(a, own);
  CHECK(equivalent(a, copy));
  CHECK(equals(a, copy) == Ternary::null);  // at the bottom is a null
  CHECK(hash(a) == hash(copy));
  CHECK(order(a, copy) == 0);
  CHECK(equivalent(b, deep_copy(b, own)));
  CHECK(order(b, deep_copy(b, own)) == 0);
  CHECK(compare(a, copy) == Comparison::null);
  CHECK(print(a).size() < 2'000);
}

TEST_CASE("value: every kind has a name") {
  CHECK(type_name(Kind::null) == "NULL");
  CHECK(type_name(Kind::datetime) == "ZONED DATETIME");
  CHECK(type_name(Kind::real) == "FLOAT");
  for (int k = 0; k <= static_cast<int>(Kind::vector); ++k) CHECK(type_name(static_cast<Kind>(k)) != "UNKNOWN");
}
