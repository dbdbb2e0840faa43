#include "tests/codec/support.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "codec/json/writer.hpp"
#include "value/temporal/zones.hpp"
#include "value/write.hpp"

namespace packhouse::codec::test {
namespace {

std::vector<Value> scalars(Arena& arena) {
  using Int = std::numeric_limits<std::int64_t>;
  std::vector<Value> out = {Value(), Value::boolean(true), Value::boolean(false)};
  for (const std::int64_t i : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{127}, std::int64_t{128}, std::int64_t{-32},
                               std::int64_t{-33}, std::int64_t{-129}, std::int64_t{255}, std::int64_t{256}, std::int64_t{65535},
                               std::int64_t{65536}, std::int64_t{-32769}, std::int64_t{4294967295}, std::int64_t{4294967296},
                               Int::max(), Int::min()}) {
    out.push_back(Value::integer(i));
  }
  for (const double d : {0.0, -0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, 1e15, 1e16, 123456789.125,
                         std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                         std::numeric_limits<double>::quiet_NaN()}) {
    out.push_back(Value::real(d));
  }
  for (const std::string& s : {std::string(), std::string("a"), std::string("\"\\/\b\f\n\r\t\x01\x7f"), std::string("åäö \xF0\x9F\x90\x98"),
                               std::string(1, '\0'), std::string(31, 'x'), std::string(32, 'x'), std::string(300, 'y'), std::string(70000, 'z')}) {
    out.push_back(Value::string(arena.copy(s)));
    out.push_back(Value::bytes(arena.copy(as_bytes(s))));
  }
  return out;
}

std::vector<Value> temporals(Arena& arena) {
  const auto paris = zone_id("Europe/Paris");
  REQUIRE(paris);
  const Duration durations[] = {{}, {14, 25, 18367, 8}, {0, 0, -1, 1}, {-1, -2, -3, 0}};
  std::vector<Value> out = {
      Value::date({0}),
      Value::date({-719162}),
      Value::date({19782}),
      Value::local_time({0}),
      Value::local_time({86399999999999}),
      Value::time({45296789000000, 5400}),
      Value::time({1, -64800}),
      Value::local_datetime({0, 0}),
      Value::local_datetime({-1, 999999999}),
      Value::datetime({1700000000, 5, Zone::offset(3600)}),
      Value::datetime({1700000000, 0, Zone::offset(0)}),
      Value::datetime({1729989000, 0, Zone::named(*paris)}),  // both passes of the repeated hour
      Value::datetime({1729992600, 0, Zone::named(*paris)}),
  };
  for (const Duration& d : durations) out.push_back(Value::duration(arena.make<Duration>(d)));
  return out;
}

std::vector<Value> arrays(Arena& arena) {
  std::vector<Value> out;
  const Point points[] = {{Crs::cartesian_2d, 1, 2, 0}, {Crs::wgs84_2d, 12.5, -33.25, 0}, {Crs::cartesian_3d, 1e300, -0.1, 3}, {Crs::wgs84_3d, 1, 2, 3}};
  for (const Point& p : points) out.push_back(Value::point(arena.make<Point>(p)));
  for (const Element e : {Element::i8, Element::i16, Element::i32, Element::i64, Element::f32, Element::f64}) {
    const auto data = arena.array<std::byte>(24);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 37 + 5);
    out.push_back(Value::vector(e, static_cast<std::uint32_t>(data.size() / size_of(e)), data.data()));
  }
  return out;
}

Value map_of(std::span<const Value> values, Arena& arena, std::string_view first_key) {
  const auto entries = arena.array<MapEntry>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    entries[i] = {i == 0 ? first_key : arena.copy("key " + std::to_string(i)), values[i]};
  }
  return Value::map(entries);
}

}  // namespace

std::vector<Value> samples(Arena& arena) {
  std::vector<Value> out = scalars(arena);
  for (auto more : {temporals(arena), arrays(arena)}) out.insert(out.end(), more.begin(), more.end());
  const auto all = arena.array<Value>(out.size());
  std::ranges::copy(out, all.begin());
  out.push_back(Value::list({}));
  out.push_back(Value::map({}));
  out.push_back(Value::list(all));
  out.push_back(Value::list(all.first(16)));
  out.push_back(map_of(all, arena, "key"));
  out.push_back(map_of(all.first(15), arena, ""));
  out.push_back(map_of(all.first(3), arena, "$type"));
  const auto nested = arena.array<Value>(3);
  nested[0] = map_of(all, arena, "$type");
  nested[1] = Value::list(nested.first(1));
  nested[2] = map_of(nested.first(2), arena, "inner");
  out.push_back(Value::list(nested));
  const auto many = arena.array<Value>(70000);
  std::ranges::fill(many, Value::integer(7));
  out.push_back(Value::list(many));
  return out;
}

std::string as_json(const Value& v) {
  Buffer out;
  json::Writer writer(out);
  const auto r = write(v, writer);
  return r ? std::string(as_text(out)) : "error: " + r.error().message();
}

std::string from_hex(std::string_view hex) {
  std::string out, digits;
  for (const char c : hex) {
    if (c != ' ') digits.push_back(c);
  }
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) out.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return out;
}

std::string to_hex(Bytes b) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::byte x : b) out.append({digits[std::to_integer<unsigned>(x) >> 4], digits[std::to_integer<unsigned>(x) & 15]});
  return out;
}

}  // namespace packhouse::codec::test
