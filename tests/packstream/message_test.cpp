#include <doctest/doctest.h>

#include "packstream/message.hpp"
#include "tests/packstream/support.hpp"

namespace packhouse::packstream::test {
namespace {

TEST_CASE("a message gives its fields one after the other, each as the caller wants it") {
  const auto in = from_hex("B4 10 83 616263 A1 81 61 93 01 02 03 2A A1 81 62 C0");
  auto m = MessageReader::open(in);
  REQUIRE(m);
  CHECK(m->tag() == 0x10);
  CHECK(m->fields() == 4);
  CHECK(m->expect_fields(4));
  CHECK(m->string() == "abc");
  const auto raw = m->raw();
  REQUIRE(raw);
  CHECK(to_hex(raw->bytes) == "a1816193010203");
  CHECK(m->fields_left() == 2);
  CHECK_FALSE(m->finish());
  CHECK(m->integer() == 42);
  Arena arena;
  const auto map = m->map(arena);
  REQUIRE(map);
  CHECK(map->as_map()[0].key == "b");
  CHECK(m->finish());
  const auto more = m->value(arena);
  REQUIRE_FALSE(more);
  CHECK(more.error().status() == Status::request_invalid_format);
}

TEST_CASE("a field can go straight into a sink") {
  const auto in = from_hex("B2 71 93 01 C0 81 61 07");
  auto m = MessageReader::open(in);
  REQUIRE(m);
  Recorder log;
  REQUIRE(m->into(log));
  CHECK(log.log() == "list 3\nint 1\nnull \ntext a\n] \n");
  CHECK(m->integer() == 7);
  CHECK(m->finish());
}

TEST_CASE("what is wrong with a message has the status Neo4j gives it") {
  struct Case {
    const char* hex;
    Status status;
  };
  const auto whole = [](MessageReader& m) -> Result<void> {  // reads it as a RUN
    Arena arena;
    PACKHOUSE_CHECK(m.expect_fields(3));
    PACKHOUSE_TRY([[maybe_unused]] const auto query, m.string());
    PACKHOUSE_TRY([[maybe_unused]] const auto parameters, m.map(arena));
    PACKHOUSE_TRY([[maybe_unused]] const auto extra, m.map(arena));
    return m.finish();
  };
  const Case cases[] = {
      {"", Status::request_invalid},
      {"01", Status::request_invalid},
      {"B2 10 81 61 A0", Status::request_invalid_format},
      {"B3 10 01 A0 A0", Status::request_invalid},
      {"B3 10 81 61 90 A0", Status::request_invalid},
      {"B3 10 81 FF A0 A0", Status::request_invalid},
      {"B3 10 81 61 A0 A0 00", Status::request_invalid},
      {"B3 10 81 61 A1 81 61 B3 4E 01 90 A0 A0", Status::request_invalid},
      {"B3 10 83 61", Status::request_invalid},
  };
  for (const Case& c : cases) {
    CAPTURE(c.hex);
    const auto in = from_hex(c.hex);
    auto m = MessageReader::open(in);
    const auto r = m ? whole(*m) : Result<void>(tl::make_unexpected(m.error()));
    REQUIRE_FALSE(r);
    CHECK(r.error().status() == c.status);
  }
  const auto good = from_hex("B3 10 81 61 A0 A0");
  auto m = MessageReader::open(good);
  REQUIRE(m);
  CHECK(whole(*m));
}

}  // namespace
}  // namespace packhouse::packstream::test
