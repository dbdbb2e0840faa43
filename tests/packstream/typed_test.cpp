#include <doctest/doctest.h>

#include "packstream/typed_read.hpp"
#include "packstream/typed_write.hpp"
#include "tests/packstream/support.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::packstream::test {

struct Address {
  std::string street;
  std::optional<std::int32_t> number;
  static constexpr auto fields() { return std::tuple(field("street", &Address::street), field("number", &Address::number)); }
  bool operator==(const Address&) const = default;
};

struct Person {
  std::string name;
  std::vector<Address> homes;
  std::map<std::string, double> scores;
  std::vector<std::int64_t> lucky;
  Date born;
  std::optional<DateTime> seen;
  bool active = false;
  static constexpr auto fields() {
    return std::tuple(field("name", &Person::name), field("homes", &Person::homes), field("scores", &Person::scores),
                      field("lucky", &Person::lucky), field("born", &Person::born), field("seen", &Person::seen),
                      field("active", &Person::active));
  }
  bool operator==(const Person&) const = default;
};

/// A type of somebody else's.
struct Foreign {
  int x, y;
};

}  // namespace packhouse::packstream::test

namespace packhouse::packstream {
template <>
struct Description<test::Foreign> {
  static constexpr std::uint8_t structure_tag = 0x66;
  static constexpr auto fields() { return std::tuple(field("x", &test::Foreign::x), field("y", &test::Foreign::y)); }
};
}  // namespace packhouse::packstream

namespace packhouse::packstream::test {
namespace {

template <class T>
std::string error_of(std::string_view hex) {
  const auto in = from_hex(hex);
  const auto v = from_bytes<T>(in);
  return v ? std::string() : v.error().message();
}

TEST_CASE("a described struct goes out and comes back, in every dialect") {
  Person p;
  p.name = "Åsa";
  p.homes = {{"Long Street", 5}, {"Short Street", {}}};
  p.scores = {{"a", 1.5}, {"b", -2}};
  for (std::int64_t i = 0; i < 300; ++i) p.lucky.push_back(i * i * i * 1000 - 77);
  p.born = {7000};
  const auto zone = zone_id("Europe/Paris");
  REQUIRE(zone);
  p.seen = DateTime{1700000000, 5, Zone::named(*zone)};
  for (const Dialect& dialect : {Dialect::bolt(4, 4), Dialect::bolt(5, 8), Dialect::bolt(6, 0)}) {
    const auto out = to_bytes(p, dialect);
    REQUIRE(out);
    const auto back = from_bytes<Person>(*out, {.dialect = dialect});
    REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().message()));
    CHECK(*back == p);
  }
}

TEST_CASE("types of others are described from outside") {
  const auto out = to_bytes(Foreign{1, 2});
  REQUIRE(out);
  CHECK(to_hex(*out) == "b2660102");
  const auto back = from_bytes<Foreign>(*out);
  REQUIRE(back);
  CHECK(back->y == 2);
  CHECK(error_of<Foreign>("b26601c90001") == "");
  CHECK(error_of<Foreign>("b16601") == "expected structure 102 with 2 fields, found structure 102 with 1 at byte 0");
}

TEST_CASE("errors of typed reading name the field and the place") {
  CHECK(error_of<Address>("a186737472656574 01") == "field 'street': expected a string, found an integer at byte 8");
  CHECK(error_of<Address>("a0") == "expected the key 'street', found a map without it at byte 0");
  CHECK(error_of<Address>("a2867374726565748161867374726565748162") == "duplicate map key in PackStream map at byte 17");
  CHECK(error_of<Address>("9181 61") == "expected a list of 2 items, found one of 1 at byte 0");
  CHECK(error_of<std::int8_t>("c90080") == "expected an integer from -128 to 127, found 128 at byte 0");
  CHECK(error_of<std::vector<std::int64_t>>("93 01 02 81") == "PackStream value is cut short at byte 4");
  CHECK(error_of<std::vector<std::int64_t>>("93 01 02 c0") == "expected an integer, found null at byte 3");
  CHECK(error_of<std::vector<std::int64_t>>("d6 7fffffff 01") == "PackStream value is cut short at byte 5");
  CHECK(error_of<Date>("b17400") == "expected another structure, found LocalTime (tag 0x74) at byte 2");
  CHECK(error_of<bool>("c3c3") == "bytes after the end of the PackStream value at byte 1");
}

TEST_CASE("a Value inside a struct lives in the arena that is given") {
  const auto in = from_hex("92 01 93 01 02 81 61");
  Arena arena;
  const auto v = from_bytes<std::tuple<std::int64_t, Value>>(in, {.arena = &arena});
  REQUIRE(v);
  CHECK(std::get<1>(*v).as_list()[2].as_string() == "a");
  CHECK_FALSE(from_bytes<std::tuple<std::int64_t, Value>>(in));
}

TEST_CASE("unknown keys and further items are passed over, however deep") {
  const auto map = from_hex("a3 86737472656574 8161 8178 92a1816190a0 866e756d626572 05");
  CHECK(from_bytes<Address>(map) == Address{"a", 5});
  const auto list = from_hex("94 8161 05 92a1816190a0 c0");
  CHECK(from_bytes<Address>(list) == Address{"a", 5});
}

}  // namespace
}  // namespace packhouse::packstream::test
