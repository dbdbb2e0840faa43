#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "support.hpp"
#include "value/compare.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

const double not_number = std::numeric_limits<double>::quiet_NaN();
const double inf = std::numeric_limits<double>::infinity();
constexpr std::int64_t two_53 = 9'007'199'254'740'992;
constexpr auto T = Ternary::true_, F = Ternary::false_, N = Ternary::null;

Value path(std::initializer_list<std::uint64_t> ids) {  // node, relationship, node, …
  const auto nodes = arena().array<NodeId>(ids.size() / 2 + 1);
  const auto rels = arena().array<RelId>(ids.size() / 2);
  std::size_t i = 0;
  for (const std::uint64_t id : ids) {
    if (i % 2 == 0) nodes[i / 2] = NodeId{id};
    if (i % 2 == 1) rels[i / 2] = RelId{id};
    ++i;
  }
  return Value::path(arena().make<PathValue>(PathValue{nodes, rels}));
}

Value point(Crs crs, double x, double y, double z = 0) {
  return Value::point(arena().make<Point>(Point{crs, x, y, z}));
}

Value floats(std::initializer_list<float> items) {
  const auto data = arena().array<float>(items.size());
  std::ranges::copy(items, data.begin());
  return Value::vector(Element::f32, static_cast<std::uint32_t>(items.size()),
                       reinterpret_cast<const std::byte*>(data.data()));
}

}  // namespace

TEST_CASE("compare: equality is three-valued") {
  struct Row {
    Item a, b;
    Ternary answer;
  };
  for (const Row& r :
       std::initializer_list<Row>{{null, null, N},
                                  {null, 1, N},
                                  {1, 1, T},
                                  {1, 1.0, T},
                                  {1, 2, F},
                                  {1, "1", F},
                                  {"a", "a", T},
                                  {boolean(true), boolean(true), T},
                                  {boolean(true), 1, F},
                                  {not_number, not_number, F},
                                  {not_number, 1, F},
                                  {not_number, "a", F},
                                  {0.0, -0.0, T},
                                  {inf, inf, T},
                                  {two_53 + 1, static_cast<double>(two_53), F},
                                  {two_53, static_cast<double>(two_53), T},
                                  {INT64_MAX, 0x1p63, F},
                                  {INT64_MIN, -0x1p63, T},
                                  {list({}), list({}), T},
                                  {list({1, 2}), list({1}), F},
                                  {list({null}), list({1}), N},
                                  {list({null}), list({null}), N},
                                  {list({1, null}), list({2, null}), F},
                                  {list({null, 1}), list({null, 2}), F},
                                  {list({"a"}), list({1}), F},
                                  {list({null}), list({1, 2}), F},
                                  {list({list({1})}), list({list({1}), list({null})}), F},
                                  {list({list({1}), list({2})}), list({list({1}), list({null})}), N},
                                  {list({list({1}), list({2, 3})}), list({list({1}), list({null})}), F},
                                  {list({not_number}), list({not_number}), F},
                                  {list({1}), 1, F},
                                  {map({}), map({}), T},
                                  {map({{"a", 1}, {"b", 2}}), map({{"b", 2}, {"a", 1}}), T},
                                  {map({{"a", null}}), map({{"a", null}}), N},
                                  {map({{"a", null}}), map({}), F},
                                  {map({{"a", null}}), map({{"b", null}}), F},
                                  {map({{"a", 1}, {"b", null}}), map({{"a", 2}, {"b", null}}), F},
                                  {map({{"a", list({null})}}), map({{"a", list({1})}}), N},
                                  {map({}), list({}), F},
                                  {map({}), null, N},
                                  {path({1, 5, 2}), path({1, 5, 2}), T},
                                  {path({1, 5, 2}), path({2, 5, 1}), F},
                                  {path({1}), path({1, 5, 2}), F},
                                  {Value::node(NodeId{1}), Value::node(NodeId{1}), T},
                                  {Value::node(NodeId{1}), Value::relationship(RelId{1}), F},
                                  {duration("P1D"), duration("PT24H"), F},
                                  {duration("PT60S"), duration("PT1M"), T},
                                  {date("2020-01-01"), localdatetime("2020-01-01"), F},
                                  {time("10:00Z"), time("11:00+01:00"), F},
                                  {datetime("2020-01-01T10:00Z"), datetime("2020-01-01T11:00+01:00"), F},
                                  {point(Crs::cartesian_2d, 1, 2), point(Crs::cartesian_2d, 1, 2), T},
                                  {point(Crs::cartesian_2d, 1, 2), point(Crs::wgs84_2d, 1, 2), F},
                                  {point(Crs::cartesian_3d, 1, 2, 3), point(Crs::cartesian_3d, 1, 2, 4), F},
                                  {floats({1, 2}), floats({1, 2}), T},
                                  {floats({1, 2}), floats({1, 3}), F}}) {
    CAPTURE(print(r.a.value));
    CAPTURE(print(r.b.value));
    CHECK(equals(r.a.value, r.b.value) == r.answer);
    CHECK(equals(r.b.value, r.a.value) == r.answer);
    const bool same = equivalent(r.a.value, r.b.value);
    if (r.answer == T) CHECK(same);
    if (same) CHECK(hash(r.a.value) == hash(r.b.value));
    CHECK((order(r.a.value, r.b.value) == 0) == same);
  }
}

TEST_CASE("compare: maps with many keys compare by key, not by place") {
  std::vector<MapEntry> a, b;
  std::vector<std::string> keys;
  for (int i = 0; i < 50; ++i) keys.push_back("key" + std::to_string(i));
  for (int i = 0; i < 50; ++i) {
    a.push_back({keys[static_cast<std::size_t>(i)], Value::integer(i)});
    b.push_back({keys[static_cast<std::size_t>(49 - i)], Value::integer(49 - i)});
  }
  CHECK(equals(Value::map(a), Value::map(b)) == T);
  CHECK(hash(Value::map(a)) == hash(Value::map(b)));
  b[3].value = Value();
  CHECK(equals(Value::map(a), Value::map(b)) == N);
  b[30].key = "other";
  CHECK(equals(Value::map(a), Value::map(b)) == F);
}

TEST_CASE("compare: equivalence takes null and NaN for the same as themselves") {
  CHECK(equivalent(null, null));
  CHECK(equivalent(Value::real(not_number), Value::real(-not_number)));
  CHECK(hash(Value::real(not_number)) == hash(Value::real(-not_number)));
  CHECK(equivalent(list({null, not_number, 1}), list({null, not_number, 1.0})));
  CHECK(hash(list({null, not_number, 1, -0.0})) == hash(list({null, not_number, 1.0, 0})));
  CHECK(equivalent(map({{"a", null}}), map({{"a", null}})));
  CHECK_FALSE(equivalent(null, Value::integer(0)));
  CHECK_FALSE(equivalent(list({1}), list({1, null})));
}

TEST_CASE("compare: < knows incomparable values") {
  constexpr auto less = Comparison::less, equal = Comparison::equal, greater = Comparison::greater,
                 unknown = Comparison::null;
  struct Row {
    Item a, b;
    Comparison answer;
  };
  for (const Row& r :
       std::initializer_list<Row>{{1, 2, less},
                                  {2, 1.5, greater},
                                  {1, 1.0, equal},
                                  {two_53 + 1, static_cast<double>(two_53), greater},
                                  {two_53, static_cast<double>(two_53) + 2, less},
                                  {INT64_MAX, inf, less},
                                  {INT64_MIN, -inf, greater},
                                  {-1, -1.5, greater},
                                  {not_number, 1, Comparison::nan},
                                  {not_number, not_number, Comparison::nan},
                                  {1, "a", unknown},
                                  {null, 1, unknown},
                                  {null, null, unknown},
                                  {boolean(false), boolean(true), less},
                                  {"a", "b", less},
                                  {"a", "ab", less},
                                  {"B", "a", less},
                                  {"\uFFFD", "\U0001F600", less},
                                  {"", "", equal},
                                  {list({1, 0}), list({1}), greater},
                                  {list({1, null}), list({1}), greater},
                                  {list({1, 2}), list({1, null}), unknown},
                                  {list({1, 2}), list({3, null}), less},
                                  {list({1, "a"}), list({1, 2}), unknown},
                                  {list({}), list({null}), less},
                                  {list({list({1, 2}), 5}), list({list({1, 2}), 4}), greater},
                                  {list({list({1}), 5}), list({list({1, 0}), 4}), less},
                                  {list({1}), 1, unknown},
                                  {map({}), map({}), unknown},
                                  {duration("P1D"), duration("P1D"), unknown},
                                  {point(Crs::cartesian_2d, 1, 2), point(Crs::cartesian_2d, 2, 3), unknown},
                                  {Value::node(NodeId{1}), Value::node(NodeId{2}), unknown},
                                  {date("2020-01-01"), date("2020-01-02"), less},
                                  {date("2020-01-01"), localtime("12:00"), unknown},
                                  {time("10:00+01:00"), time("09:30Z"), less},
                                  {datetime("2020-01-01T10:00+05:00"), datetime("2020-01-01T06:00Z"), less},
                                  {datetime("2020-01-01T10:00+05:00"), datetime("2020-01-01T10:00+05:00"), equal},
                                  {localdatetime("2020-01-01T10:00"), localdatetime("2020-01-01T10:00:00.1"), less}}) {
    CAPTURE(print(r.a.value));
    CAPTURE(print(r.b.value));
    CHECK(compare(r.a.value, r.b.value) == r.answer);
    const bool turns = r.answer == less || r.answer == greater;
    CHECK(compare(r.b.value, r.a.value) == (turns ? (r.answer == less ? greater : less) : r.answer));
  }
}

TEST_CASE("compare: order is total, and the same from any starting point") {
  const std::vector<Value> sorted{map({}),
                                  map({{"a", 1}}),
                                  map({{"a", 2}}),
                                  map({{"b", 0}}),
                                  map({{"a", 0}, {"b", 0}}),
                                  Value::node(NodeId{1}),
                                  Value::node(NodeId{2}),
                                  Value::relationship(RelId{1}),
                                  list({}),
                                  list({map({{"a", 1}})}),
                                  list({"a"}),
                                  list({1}),
                                  list({1, "x"}),
                                  list({1, 2}),
                                  list({1, null}),
                                  list({null}),
                                  path({1}),
                                  path({1, 1, 2}),
                                  path({1, 2, 1}),
                                  path({2}),
                                  datetime("2020-01-01T10:00+05:00"),
                                  datetime("2020-01-01T06:00-01:00"),
                                  datetime("2020-01-01T07:00Z"),
                                  datetime("2020-01-01T08:00+01:00"),
                                  datetime("2020-01-01T08:00[Europe/Berlin]"),
                                  datetime("2020-01-01T08:00[Europe/Paris]"),
                                  localdatetime("2019-01-01"),
                                  localdatetime("2019-01-01T00:00:01"),
                                  date("1970-01-01"),
                                  date("2020-01-01"),
                                  time("10:00+01:00"),
                                  time("09:30Z"),
                                  localtime("01:00"),
                                  localtime("12:00"),
                                  duration("-P1D"),
                                  duration("PT1S"),
                                  duration("P29D"),
                                  duration("P30D"),
                                  duration("P1M"),
                                  duration("P31D"),
                                  point(Crs::wgs84_2d, 0, 0),
                                  point(Crs::cartesian_2d, 0, 0),
                                  point(Crs::cartesian_2d, 0, 1),
                                  floats({1}),
                                  floats({1, 2}),
                                  Value::bytes(as_bytes("a")),
                                  Item("").value,
                                  Item("A").value,
                                  Item("a").value,
                                  Item("aa").value,
                                  boolean(false),
                                  boolean(true),
                                  Item(-inf).value,
                                  Item(-1).value,
                                  Item(0.5).value,
                                  Item(two_53).value,
                                  Item(two_53 + 1).value,
                                  Item(inf).value,
                                  Item(not_number).value,
                                  null};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      CAPTURE(print(sorted[i]));
      CAPTURE(print(sorted[j]));
      CHECK((order(sorted[i], sorted[j]) < 0) == (i < j));
      CHECK((order(sorted[i], sorted[j]) > 0) == (i > j));
      CHECK(equivalent(sorted[i], sorted[j]) == (i == j));
    }
  }
}
