#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "engines.hpp"
#include "storage/keys.hpp"
#include "value/compare.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::storage {
namespace {

constexpr IndexId index{3};

/// Values of every kind that can be indexed, with the troublesome ones.
class Values {
 public:
  Values() {
    const std::int64_t two_53 = std::int64_t{1} << 53, least = std::numeric_limits<std::int64_t>::min();
    const std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t i : {least, least + 1, -two_53 - 2, -two_53 - 1, -two_53, -two_53 + 1, std::int64_t{-2}, std::int64_t{-1}, std::int64_t{0},
                                 std::int64_t{1}, std::int64_t{2}, std::int64_t{1000}, two_53 - 1, two_53, two_53 + 1, two_53 + 2, two_53 + 3,
                                 two_53 * 512 + 511, greatest - 1024, greatest - 1023, greatest - 1, greatest}) {
      all.push_back(Value::integer(i));
      all.push_back(Value::real(static_cast<double>(i)));
    }
    const double inf = std::numeric_limits<double>::infinity();
    for (const double d : {-inf, -1e300, -1.5, -1e-300, -5e-324, -0.0, 0.0, 5e-324, 0.1, 1.5, 1e18, 9.3e18, 1e300, inf, std::nan("")}) {
      all.push_back(Value::real(d));
    }
    for (const std::string_view s : {std::string_view(), std::string_view("\0", 1), std::string_view("\0\0", 2), std::string_view("\0\xFF", 2),
                                     std::string_view("a"), std::string_view("a\0", 2), std::string_view("a\0b", 3), std::string_view("a\x01"),
                                     std::string_view("ab"), std::string_view("b"), std::string_view("é"), std::string_view("\xF0\x9F\x98\x80")}) {
      all.push_back(Value::string(s));
      all.push_back(Value::bytes(as_bytes(s)));
    }
    all.push_back(Value::bytes(as_bytes(std::string_view("\xFF\xFF"))));
    temporals();
    for (const Point& p : {Point{Crs::cartesian_2d, 1, 2}, Point{Crs::cartesian_2d, 1, -2}, Point{Crs::cartesian_3d, 1, 2, 3},
                           Point{Crs::wgs84_2d, -0.0, 1}, Point{Crs::wgs84_2d, 0.0, 1}, Point{Crs::wgs84_3d, 0, 1, -5}}) {
      all.push_back(Value::point(arena.make<Point>(p)));
    }
    vectors();
    all.push_back(Value::boolean(false));
    all.push_back(Value::boolean(true));
    lists();
  }

  Value list(std::initializer_list<Value> items) {
    const auto copy = arena.array<Value>(items.size());
    std::ranges::copy(items, copy.begin());
    return Value::list(copy);
  }

  Arena arena;
  std::vector<Value> all;

 private:
  void temporals() {
    for (const std::int64_t days : {-999'999'999LL * 366, -1LL, 0LL, 1LL, 20'000LL}) all.push_back(Value::date({days}));
    for (const std::int64_t nanos : {0LL, 1LL, 86'399'999'999'999LL}) {
      all.push_back(Value::local_time({nanos}));
      for (const std::int32_t offset : {-64'800, -3600, 0, 3600, 64'800}) all.push_back(Value::time({nanos, offset}));
    }
    all.push_back(Value::time({3'600'000'000'000, 3600}));  // the same moment as 00:00Z
    for (const std::int64_t seconds : {-62'135'596'800LL, -1LL, 0LL, 1LL, 1'700'000'000LL}) {
      for (const std::int32_t nanos : {0, 1, 999'999'999}) {
        all.push_back(Value::local_datetime({seconds, nanos}));
        for (const std::int32_t offset : {-7200, 0, 3600}) all.push_back(Value::datetime({seconds, nanos, Zone::offset(offset)}));
      }
    }
    for (const Duration& d : {Duration{0, 0, 0, 0}, Duration{0, 0, -1, 999'999'999}, Duration{1, 0, 0, 0}, Duration{0, 30, 0, 0}, Duration{0, 31, 0, 0},
                              Duration{0, 0, 2'629'746, 0}, Duration{0, 1, -86'400, 0}, Duration{-1, 0, 0, 1},
                              Duration{std::numeric_limits<std::int64_t>::max(), 1, 1, 1}, Duration{std::numeric_limits<std::int64_t>::min(), -1, -1, 0}}) {
      all.push_back(Value::duration(arena.make<Duration>(d)));
    }
  }
  template <class T>
  void vector(Element e, std::initializer_list<T> items) {
    const auto copy = arena.array<T>(items.size());
    std::ranges::copy(items, copy.begin());
    all.push_back(Value::vector(e, static_cast<std::uint32_t>(items.size()), reinterpret_cast<const std::byte*>(copy.data())));
  }
  void vectors() {
    vector<std::int8_t>(Element::i8, {-1, 5});
    vector<std::int8_t>(Element::i8, {1, 5});
    vector<std::int16_t>(Element::i16, {-300, 5});
    vector<std::int32_t>(Element::i32, {7, -5});
    vector<std::int64_t>(Element::i64, {7, -5, 1});
    vector<float>(Element::f32, {-1.5F, 0.0F});
    vector<float>(Element::f32, {-1.5F, -0.5F});
    vector<double>(Element::f64, {1.5, -2.0});
    vector<double>(Element::f64, {1.5, std::nan("")});
  }
  void lists() {
    const Value one = Value::integer(1), two = Value::integer(2), a = Value::string("a");
    for (const Value& v : {list({}), list({one}), list({one, one}), list({one, two}), list({two}), list({a}), list({a, one}), list({Value::real(1)}),
                           list({Value::real(1.5)}), list({Value::boolean(true)}), list({list({one}), two}), list({list({one, two})}), list({list({})})}) {
      all.push_back(v);
    }
  }
};

std::string key_of(std::initializer_list<Value> values, std::uint64_t entity = 0) {
  return text(must(keys::index_entry(index, std::span(values.begin(), values.size()), entity)).view());
}

TEST_CASE("the order of index keys is the order of the values") {
  const Values values;
  const auto sign = [](auto o) { return o < 0 ? -1 : o > 0 ? 1 : 0; };
  for (const Value& a : values.all) {
    for (const Value& b : values.all) {
      const int expected = sign(order(a, b));
      CAPTURE(type_name(a.kind()));
      CAPTURE(type_name(b.kind()));
      CAPTURE(a.is_number() ? a.number() : 0);
      CAPTURE(b.is_number() ? b.number() : 0);
      REQUIRE(sign(key_of({a}) <=> key_of({b})) == expected);
      // The next column decides only between equal values, whatever their lengths.
      REQUIRE(sign(key_of({a, Value::integer(1)}) <=> key_of({b, Value::integer(0)})) == (expected == 0 ? 1 : expected));
      const auto prefix = must(keys::index_prefix(index, std::span(&a, 1)));
      REQUIRE(prefix.exact);
      REQUIRE(key_of({b}, 99).starts_with(as_text(prefix.key.view())) == (expected == 0));
    }
  }
}

TEST_CASE("random numbers keep their exact order") {
  std::mt19937_64 random(7);
  std::vector<Value> numbers;
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t bits = random() >> (random() % 64);
    numbers.push_back(Value::integer(static_cast<std::int64_t>(random() % 2 == 0 ? bits : ~bits)));
    numbers.push_back(Value::real(std::bit_cast<double>(random())));
    numbers.push_back(Value::real(static_cast<double>(static_cast<std::int64_t>(bits)) * (random() % 2 == 0 ? 1 : -1)));
    numbers.push_back(Value::integer(static_cast<std::int64_t>(bits | 1)));
  }
  std::ranges::stable_sort(numbers, [](const Value& a, const Value& b) { return order(a, b) < 0; });
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    const auto a = key_of({numbers[i - 1]}), b = key_of({numbers[i]});
    REQUIRE((order(numbers[i - 1], numbers[i]) == 0 ? a == b : a < b));
  }
}

TEST_CASE("what can't be indexed is an error") {
  Arena arena;
  const MapEntry entries[] = {{"k", Value::integer(1)}};
  for (const Value& v : {Value::map(entries), Value::node(NodeId{1}), Value::relationship(RelId{1})}) {
    CHECK(!keys::indexable(v));
    CHECK(keys::index_entry(index, std::span(&v, 1), 1).error().status() == Status::type_error);
    const Value list = Value::list(std::span(&v, 1));
    CHECK(!keys::indexable(list));
  }
  CHECK(!keys::indexable(Value()));
  CHECK(keys::indexable(Value::integer(1)));
  Value deep = Value::integer(1);
  for (int i = 0; i < 100; ++i) deep = Value::list(std::span(arena.make<Value>(deep), 1));
  CHECK(!keys::indexable(deep));
}

TEST_CASE("the entity stands at the end") {
  const Value values[] = {Value::string("x"), Value::integer(2)};
  const auto key = must(keys::index_entry(index, values, 0x0102030405060708));
  CHECK(keys::last_id(key) == 0x0102030405060708);
  CHECK(keys::last_id(keys::label_entry(LabelId{9}, NodeId{77})) == 77);
  CHECK(keys::last_id(keys::type_entry(TypeId{9}, RelId{78})) == 78);
  CHECK(keys::last_id(keys::node(NodeId{79})) == 79);
}

TEST_CASE("long values are cut and hashed") {
  const std::string base(485, 'x');
  std::vector<std::string> keys_seen;
  for (std::size_t n = 0; n < 30; ++n) {
    const std::string s = base + std::string(n, 'y');
    const Value v = Value::string(s);
    const auto prefix = must(keys::index_prefix(index, std::span(&v, 1)));
    const auto key = must(keys::index_entry(index, std::span(&v, 1), 5));
    CHECK(key.size() <= kv::max_key);
    CHECK(prefix.exact == (1 + s.size() + 2 <= 490));
    CHECK(keys::last_id(key) == 5);
    keys_seen.push_back(text(key.view()));
  }
  std::ranges::sort(keys_seen);
  CHECK(std::ranges::adjacent_find(keys_seen) == keys_seen.end());
  // Only the ends differ, far beyond what a key holds.
  const std::string a = std::string(100'000, 'x').append("a"), b = std::string(100'000, 'x').append("b");
  CHECK(key_of({Value::string(a)}) != key_of({Value::string(b)}));
  CHECK(key_of({Value::string(a)}).size() == kv::max_key);
}

/// What a range means, by the relations of value/compare.hpp.
bool matches(const IndexRange& range, std::span<const Value> columns) {
  for (std::size_t i = 0; i < range.prefix.size(); ++i) {
    if (equals(range.prefix[i], columns[i]) != Ternary::true_) return false;
  }
  if (range.prefix.size() == columns.size()) return !range.low && !range.high && !range.starts_with;
  const Value& next = columns[range.prefix.size()];
  if (range.starts_with) return next.is(Kind::string) && next.as_string().starts_with(*range.starts_with);
  if (range.low) {
    const auto c = compare(next, *range.low);
    if (c != Comparison::greater && !(c == Comparison::equal && range.low_inclusive)) return false;
  }
  if (range.high) {
    const auto c = compare(next, *range.high);
    if (c != Comparison::less && !(c == Comparison::equal && range.high_inclusive)) return false;
  }
  return true;
}

/// The keys inside the bounds are those that match; with `recheck` they may be more.
void check_bounds(const IndexRange& range, std::span<const std::vector<Value>> rows) {
  const auto bounds = must(keys::index_bounds(index, range));
  for (const auto& row : rows) {
    const auto key = must(keys::index_entry(index, row, 1));
    const bool inside = !bounds.empty && as_text(key) >= as_text(bounds.low) && as_text(key) < as_text(bounds.high);
    const bool wanted = matches(range, row);
    CAPTURE(type_name(row[0].kind()));
    CAPTURE(row[0].is_number() ? row[0].number() : 0);
    CAPTURE(bounds.recheck);
    if (wanted) REQUIRE(inside);
    if (inside && !bounds.recheck) REQUIRE(wanted);
  }
}

TEST_CASE("bounds hold exactly what a range means") {
  Values values;
  std::vector<std::vector<Value>> rows, pairs;
  for (const Value& v : values.all) {
    rows.push_back({v});
    pairs.push_back({Value::integer(7), v});
    pairs.push_back({Value::integer(8), v});
  }
  static const std::string long_text(600, 'x'), longer_text(700, 'x');
  for (const std::string* s : {&long_text, &longer_text}) rows.push_back({Value::string(*s)}), values.all.push_back(Value::string(*s));
  for (const char* zone : {"Europe/Berlin", "Asia/Tokyo", "America/New_York"}) {
    for (const std::int64_t seconds : {-1, 0, 1'700'000'000}) {
      const Value v = Value::datetime({seconds, 0, Zone::named(zone_id(zone).value())});
      for (const Value& one : {v, values.list({v}), values.list({Value::integer(1), v})}) rows.push_back({one}), values.all.push_back(one);
    }
  }
  values.all.push_back(Value());

  check_bounds({}, rows);
  for (const Value& a : values.all) {
    check_bounds({.prefix = {a}}, rows);
    check_bounds({.prefix = {Value::integer(7), a}}, pairs);
    for (const bool inclusive : {true, false}) {
      check_bounds({.low = a, .low_inclusive = inclusive}, rows);
      check_bounds({.high = a, .high_inclusive = inclusive}, rows);
      check_bounds({.prefix = {Value::real(7)}, .low = a, .low_inclusive = inclusive}, pairs);
    }
  }
  for (std::size_t i = 0; i < values.all.size(); i += 3) {
    for (std::size_t j = 0; j < values.all.size(); j += 2) {
      check_bounds({.low = values.all[i], .high = values.all[j], .low_inclusive = i % 2 == 0, .high_inclusive = j % 4 == 0}, rows);
    }
  }
  for (const std::string& s : {std::string(), std::string("a"), std::string("a\0", 2), std::string("\xF0"), std::string(650, 'x')}) {
    check_bounds({.starts_with = s}, rows);
    check_bounds({.prefix = {Value::integer(8)}, .starts_with = s}, pairs);
  }
}

TEST_CASE("bounds of plain kinds need no second look") {
  const IndexRange range{.low = Value::integer(1), .high = Value::real(2.5)};
  CHECK(!must(keys::index_bounds(index, range)).recheck);
  CHECK(!must(keys::index_bounds(index, {.prefix = {Value::string("x")}})).recheck);
  CHECK(!must(keys::index_bounds(index, {.starts_with = "x"})).recheck);
  CHECK(must(keys::index_bounds(index, {.prefix = {Value()}})).empty);
  CHECK(must(keys::index_bounds(index, {.low = Value::real(std::nan(""))})).empty);
  CHECK(must(keys::index_bounds(index, {.low = Value::integer(1), .high = Value::string("x")})).empty);
}

TEST_CASE("tables and indexes are ranges of their own") {
  const auto in = [](const auto& range, Bytes key) { return as_text(key) >= as_text(range.low) && as_text(key) < as_text(range.high); };
  const Value v = Value::integer(1);
  const auto entry = must(keys::index_entry(IndexId{255}, std::span(&v, 1), ~std::uint64_t{0}));
  CHECK(in(keys::index_entries(IndexId{255}), entry));
  CHECK(!in(keys::index_entries(IndexId{254}), entry));
  CHECK(!in(keys::index_entries(IndexId{256}), entry));
  CHECK(in(keys::all(keys::Table::property_index), entry));
  CHECK(in(keys::all(keys::Table::node), keys::node(NodeId{~std::uint64_t{0}})));
  CHECK(!in(keys::all(keys::Table::relationship), keys::node(NodeId{~std::uint64_t{0}})));
  CHECK(in(keys::label_entries(LabelId{~std::uint32_t{0}}), keys::label_entry(LabelId{~std::uint32_t{0}}, NodeId{~std::uint64_t{0}})));
  CHECK(in(keys::tokens(keys::TokenKind::type), keys::token(keys::TokenKind::type, 5)));
  CHECK(!in(keys::tokens(keys::TokenKind::type), keys::token(keys::TokenKind::key, 5)));
}

}  // namespace
}  // namespace packhouse::storage
