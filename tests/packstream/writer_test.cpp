#include <doctest/doctest.h>

#include <functional>
#include <limits>

#include "packstream/encode.hpp"
#include "tests/packstream/support.hpp"
#include "value/temporal/zones.hpp"
#include "value/write.hpp"

namespace packhouse::packstream::test {
namespace {

std::string written(const std::function<Result<void>(Writer&)>& use, const Dialect& dialect = {}) {
  Buffer out;
  Writer writer(out, dialect);
  const auto r = use(writer);
  return r ? to_hex(out) : "error: " + r.error().message();
}

TEST_CASE("a list or map of unknown size has the same bytes as one of known size") {
  for (const std::uint32_t n : {0U, 1U, 15U, 16U, 255U, 256U, 65535U, 65536U}) {
    CAPTURE(n);
    const auto list = [n](std::uint32_t size) {
      return [n, size](Writer& w) -> Result<void> {
        PACKHOUSE_CHECK(w.list_begin(size));
        for (std::uint32_t i = 0; i < n; ++i) PACKHOUSE_CHECK(w.integer(i));
        return w.list_end();
      };
    };
    CHECK(written(list(unknown_size)) == written(list(n)));
    const auto map = [n](std::uint32_t size) {
      return [n, size](Writer& w) -> Result<void> {
        PACKHOUSE_CHECK(w.map_begin(size));
        for (std::uint32_t i = 0; i < n; ++i) {
          PACKHOUSE_CHECK(w.key("k" + std::to_string(i)));
          PACKHOUSE_CHECK(w.integer(i));
        }
        return w.map_end();
      };
    };
    CHECK(written(map(unknown_size)) == written(map(n)));
  }
}

TEST_CASE("containers of known and unknown size inside each other are counted apart") {
  const auto nested = [](std::uint32_t outer, std::uint32_t inner, std::uint32_t map) {
    return [=](Writer& w) -> Result<void> {
      PACKHOUSE_CHECK(w.list_begin(outer));
      for (int i = 0; i < 20; ++i) {
        PACKHOUSE_CHECK(w.map_begin(map));
        for (int k = 0; k < 17; ++k) {
          PACKHOUSE_CHECK(w.key(std::string(static_cast<std::size_t>(k), 'k')));
          PACKHOUSE_CHECK(w.list_begin(inner));
          for (int m = 0; m < k; ++m) {
            PACKHOUSE_CHECK(w.structure_begin(0x7A, 1));
            PACKHOUSE_CHECK(w.null());
            PACKHOUSE_CHECK(w.structure_end());
          }
          PACKHOUSE_CHECK(w.list_end());
        }
        PACKHOUSE_CHECK(w.map_end());
        PACKHOUSE_CHECK(w.point({}));
      }
      return w.list_end();
    };
  };
  // Inner lists have 0 to 16 items, so that both sizes of their header occur.
  const auto inner_unknown = written(nested(unknown_size, unknown_size, unknown_size));
  CHECK(written(nested(40, unknown_size, unknown_size)) == inner_unknown);
  CHECK(written(nested(40, unknown_size, 17)) == inner_unknown);
  CHECK(written(nested(unknown_size, unknown_size, 17)) == inner_unknown);
  CHECK(inner_unknown.starts_with("d428d811"));
}

TEST_CASE("typed integers have the bytes of single ones") {
  std::vector<std::int64_t> values;
  for (int bit = 0; bit < 64; ++bit) {
    const auto power = static_cast<std::int64_t>(std::uint64_t{1} << bit);
    values.push_back(power);
    if (bit < 63) values.insert(values.end(), {power - 1, -power, -power - 1});
  }
  for (std::int64_t v = -140; v < 140; ++v) values.push_back(v);
  while (values.size() < 5000) values.push_back(static_cast<std::int64_t>(values.size()) * 77777777777);
  Buffer all, single;
  Writer(all).write_integers(values);
  Writer one(single);
  one.write_list_header(values.size());
  for (const std::int64_t v : values) one.write_integer(v);
  CHECK(to_hex(all) == to_hex(single));

  std::vector<std::int64_t> back(values.size());
  Cursor cursor(all);
  Token t;
  REQUIRE(cursor.next(t));
  CHECK(t.size == values.size());
  CHECK(cursor.integers(back) == values.size());
  CHECK(back == values);
  CHECK(cursor.at_end());
}

TEST_CASE("instants are written as the dialect wants them") {
  const auto paris = zone_id("Europe/Paris");
  REQUIRE(paris);
  const DateTime offset{4500, 42, Zone::offset(3600)}, named{4500, 42, Zone::named(*paris)};
  const auto with = [](const DateTime& t) { return [t](Writer& w) { return w.datetime(t); }; };
  CHECK(written(with(offset)) == "b349c911942ac90e10");
  CHECK(written(with(named)) == "b369c911942a8c4575726f70652f5061726973");
  CHECK(written(with(offset), Dialect::bolt(4, 4)) == "b346c91fa42ac90e10");
  CHECK(written(with(named), Dialect::bolt(4, 4)) == "b366c91fa42a8c4575726f70652f5061726973");
  CHECK(written(with(offset), Dialect::bolt(4, 4, true)) == "b349c911942ac90e10");
}

TEST_CASE("a vector is a structure from 6.0 on, before that a list of numbers") {
  const std::int16_t i16[] = {1, -2, 300};
  const float f32[] = {1.5F, -1};
  const auto ints = [&](Writer& w) { return w.vector(Element::i16, 3, std::as_bytes(std::span(i16))); };
  const auto reals = [&](Writer& w) { return w.vector(Element::f32, 2, std::as_bytes(std::span(f32))); };
  CHECK(written(ints) == "b256cc01c9cc060001fffe012c");
  CHECK(written(reals) == "b256cc01c6cc083fc00000bf800000");
  CHECK(written(ints, Dialect::bolt(5, 8)) == "9301fec9012c");
  CHECK(written(reals, Dialect::bolt(5, 8)) == "92c13ff8000000000000c1bff0000000000000");
  CHECK(written([&](Writer& w) { return w.vector(Element::i16, 2, std::as_bytes(std::span(i16))); }) ==
        "error: a vector of 2 elements came with 6 bytes, expected 4");
}

TEST_CASE("the bytes of BOLT.md section 10") {
  CHECK(written([](Writer& w) { return w.date({19782}); }) == "b144c94d46");
  CHECK(written([](Writer& w) { return w.time({45296789000000, 5400}); }) == "b254cb000029327b048f40c91518");
  CHECK(written([](Writer& w) { return w.local_time({45296000000001}); }) == "b174cb000029324bfd6001");
  CHECK(written([](Writer& w) { return w.duration({14, 25, 18367, 8}); }) == "b4450e19c947bf08");
  CHECK(written([](Writer& w) { return w.duration({0, 0, -1, 1}); }) == "b4450000ff01");
  CHECK(written([](Writer& w) { return w.point({Crs::cartesian_3d, 1, 2, 3}); }) ==
        "b459c923c5c13ff0000000000000c14000000000000000c14008000000000000");
}

TEST_CASE("what PackStream can't carry is an error") {
  CHECK(written([](Writer& w) { return w.structure_begin(0x4E, 16); }) ==
        "error: a PackStream structure has at most 15 fields, not 16");
  CHECK(written([](Writer& w) { return w.structure_begin(0x4E, unknown_size); }).starts_with("error"));
  CHECK(written([](Writer& w) { return w.list_begin(0x8000'0000); }) ==
        "error: PackStream can't carry a size of 2147483648, at most 2147483647");
  CHECK(written([](Writer& w) { return w.uuid(std::vector<std::byte>(16)); }).starts_with("error"));
  CHECK(written([](Writer& w) { return w.uuid(std::vector<std::byte>(16)); }, Dialect::bolt(6, 1)) ==
        "e000000000000000000000000000000000");
  CHECK(written([](Writer& w) { return encode_value(Value::node(NodeId{1}), w); }) ==
        "error: a graph entity can't be written without its graph");
  Value deep;
  Arena arena;
  for (int i = 0; i < 1001; ++i) {
    const auto one = arena.array<Value>(1);
    one[0] = deep;
    deep = Value::list(one);
  }
  CHECK(written([&](Writer& w) { return encode_value(deep, w); }) == "error: the value is nested too deeply");
  CHECK_FALSE(written([&](Writer& w) { return encode_value(deep.as_list()[0], w); }).starts_with("error"));
}

TEST_CASE("encode_value and the sink agree on mixed lists") {
  Arena arena;
  const auto items = arena.array<Value>(300);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto n = static_cast<std::int64_t>(i);
    items[i] = i % 37 == 0 ? Value::string("text") : Value::integer(n * n * (i % 2 ? 1 : -100000));
  }
  const Value list = Value::list(items);
  CHECK(written([&](Writer& w) { return encode_value(list, w); }) == written([&](Writer& w) { return write(list, w); }));
}

}  // namespace
}  // namespace packhouse::packstream::test
