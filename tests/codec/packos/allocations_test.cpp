// What a record costs of the heap once everything has grown to its usual size: nothing.
#include "tests/support/count_allocations.hpp"

#include "codec/packos/codec.hpp"
#include "codec/packos/pool.hpp"
#include "codec/packos/put_value.hpp"
#include "codec/packos/record.hpp"
#include "codec/packos/schema/schema.hpp"
#include "codec/packos/sequence.hpp"
#include "tests/codec/packos/packos_helpers.hpp"

using namespace packos_test;
using namespace packhouse::packos;

namespace {

/// Allocations of a hundred calls, after some that may allocate.
template <class F>
std::uint64_t steady(F&& f) {
  for (int i = 0; i < 10; ++i) f();
  const auto before = packhouse::tests::allocations();
  for (int i = 0; i < 100; ++i) f();
  return packhouse::tests::allocations() - before;
}

void put_person(FrameWriter& w) {
  w.begin_frame(3);
  w.fixed(std::int16_t{12345}), w.string("gopher");
  w.begin_map(2);
  w.string("meta");
  w.begin_map(2);
  w.string("age"), w.fixed(std::int32_t{30}), w.string("role"), w.string("admin");
  REQUIRE(w.end_map());
  w.string("name"), w.string("gopher");
  REQUIRE(w.end_map());
  REQUIRE(w.end_frame());
}

}  // namespace

TEST_CASE("the counter counts") {
  CHECK(steady([] { std::vector<std::byte>(1000).swap(*std::make_unique<std::vector<std::byte>>()); }) >= 200);
  CHECK(steady([] {
          Buffer b;
          b.reserve(100);
        }) == 100);
}

TEST_CASE("a record needs no allocation in steady state") {
  const LabelId labels[] = {LabelId{1}, LabelId{2}};
  std::vector<Property> properties;
  for (std::uint32_t i = 0; i < 10; ++i)
    properties.push_back({KeyId{i}, i % 2 ? Value::integer(i) : Value::string("text")});
  Buffer out;
  CHECK(steady([&] {
          out.clear();
          REQUIRE(encode_node(out, labels, properties));
        }) == 0);
  CHECK(steady([&] {
          out.clear();
          REQUIRE(encode_relationship(out, TypeId{1}, NodeId{1}, NodeId{2}, properties));
        }) == 0);
  std::vector<Property> many;
  for (std::uint32_t i = 0; i < 500; ++i) many.push_back({KeyId{i}, Value::integer(i)});
  CHECK(steady([&] {
          out.clear();
          REQUIRE(encode_node(out, labels, many));
        }) == 0);
  out.clear();
  REQUIRE(encode_node(out, labels, properties));
  Arena arena;
  CHECK(steady([&] { REQUIRE(RecordView::open(out)->property(KeyId{7}, arena)->as_integer() == 7); }) == 0);
}

TEST_CASE("frames need none: written, read, looked into, validated, decoded") {
  CHECK(steady([] {
          PooledFrame frame;
          put_person(*frame);
        }) == 0);
  PooledFrame frame;
  put_person(*frame);
  const Bytes bytes = frame.bytes();
  Arena arena;
  CHECK(steady([&] { REQUIRE(Access::open(bytes)->get<std::int16_t>(0).value() == 12345); }) == 0);
  CHECK(steady([&] {
          arena.reset();
          REQUIRE(decode(bytes, arena)->as_list().size() == 3);
        }) == 0);
  const Value path[] = {Value::integer(2), Value::string("meta"), Value::string("role")};
  CHECK(steady([&] { REQUIRE(get(bytes, path, arena)->as_string() == "admin"); }) == 0);
  CHECK(steady([&] {
          auto fields = Sequence::open(bytes);
          while (fields->left() > 0) REQUIRE(fields->next());
        }) == 0);
  const Schema schema = Schema::from_json(R"([{"type": "int16", "min": 1}, {"type": "string", "pattern": "^[a-z]+$"},
      {"type": "mapUnordered", "fieldNames": ["name", "meta"], "schema": [{"type": "string"}, {"type": "map", "schema": [
        {"type": "string", "exact": "age"}, {"type": "int32"}, {"type": "string", "exact": "role"}, {"type": "bytes", "width": 5}]}]}])")
                            .value();
  CHECK(steady([&] { REQUIRE(schema.validate(bytes)); }) == 0);
  CHECK(steady([&] {
          arena.reset();
          REQUIRE(schema.decode(bytes, arena));
        }) == 0);
  const Value decoded = decode(bytes, arena).value();
  Buffer out;
  CHECK(steady([&] {
          out.clear();
          REQUIRE(encode(decoded, out));
        }) == 0);
}
