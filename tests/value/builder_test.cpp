#include <doctest/doctest.h>

#include "support.hpp"
#include "value/builder.hpp"
#include "value/compare.hpp"
#include "value/write.hpp"

using namespace packhouse;
using namespace packhouse::testing;

TEST_CASE("builder: rebuilds what write() replays") {
  const Value values[] = {
      null,
      Value::integer(7),
      list({}),
      map({}),
      list({1, list({2, list({})}), 3}),
      map({{"a", 1}, {"b", map({{"c", list({1.5, "x", null})}})}, {"d", boolean(true)}}),
      list({date("2024-02-29"), localtime("12:00"), time("12:00+01:00"), localdatetime("2024-02-29T12:00"),
            datetime("2024-02-29T12:00[Europe/Paris]"), duration("P1M2DT3.5S")}),
  };
  for (const Value& v : values) {
    Arena own;
    ValueBuilder builder(own);
    REQUIRE(write(v, builder).has_value());
    CHECK(print(builder.take()) == print(v));
    CHECK(equivalent(builder.take(), v));
  }
}

TEST_CASE("builder: copies text, or keeps views of it") {
  std::string text = "abc";
  Arena own;
  ValueBuilder copying(own), viewing(own, ValueBuilder::Text::view);
  REQUIRE(copying.string(text).has_value());
  REQUIRE(viewing.string(text).has_value());
  text[0] = 'X';
  CHECK(copying.take().as_string() == "abc");
  CHECK(viewing.take().as_string() == "Xbc");
}

TEST_CASE("builder: refuses what is not a value") {
  Arena own;
  const auto fresh = [&own] { return ValueBuilder(own); };
  {
    auto b = fresh();
    CHECK_FALSE(b.structure_begin(0x4E, 3).has_value());
  }
  {
    auto b = fresh();
    CHECK_FALSE(b.key("k").has_value());
    CHECK_FALSE(b.list_end().has_value());
    CHECK_FALSE(b.map_end().has_value());
  }
  {
    auto b = fresh();
    REQUIRE(b.map_begin(1).has_value());
    CHECK_FALSE(b.integer(1).has_value());
    CHECK_FALSE(b.list_begin(0).has_value());
    REQUIRE(b.key("k").has_value());
    CHECK_FALSE(b.key("again").has_value());
    CHECK_FALSE(b.map_end().has_value());
  }
  {
    auto b = fresh();
    const std::byte three[3] = {};
    CHECK_FALSE(b.vector(Element::i16, 2, three).has_value());
    CHECK(b.vector(Element::i8, 3, three).has_value());
  }
}

TEST_CASE("builder: a key may not come twice") {
  for (const int size : {1, 5, 200}) {
    Arena own;
    ValueBuilder b(own);
    REQUIRE(b.map_begin(unknown_size).has_value());
    for (int i = 0; i <= size; ++i) {
      REQUIRE(b.key("k" + std::to_string(i % size)).has_value());
      REQUIRE(b.integer(i).has_value());
    }
    const auto end = b.map_end();
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().status() == Status::request_invalid);
    CHECK(end.error().message() == "duplicate map key `k0`");
  }
}
