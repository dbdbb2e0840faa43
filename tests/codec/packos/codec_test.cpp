#include "codec/packos/codec.hpp"

#include "codec/packos/access.hpp"
#include "tests/codec/packos/vectors.hpp"
#include "value/builder.hpp"

using namespace packos_test;
using namespace packhouse::packos;

namespace {

/// {"b": [1, [], {}, null], "a": 2.5, "c": {"x": bytes}, "d": [0.0 … 19.0], "e": [0 … 99]}
Value sample(Arena& a) {
  auto mixed = a.array<Value>(4), reals = a.array<Value>(20), ints = a.array<Value>(100);
  mixed[0] = Value::integer(1), mixed[1] = Value::list({}), mixed[2] = Value::map({}), mixed[3] = Value();
  for (std::size_t i = 0; i < 20; ++i) reals[i] = Value::real(static_cast<double>(i));
  for (std::size_t i = 0; i < 100; ++i) ints[i] = Value::integer(static_cast<std::int64_t>(i));
  auto inner = a.array<MapEntry>(1);
  inner[0] = {"x", Value::bytes(as_bytes("raw"))};
  auto outer = a.array<MapEntry>(5);
  outer[0] = {"b", Value::list(mixed)};
  outer[1] = {"a", Value::real(2.5)};
  outer[2] = {"c", Value::map(inner)};
  outer[3] = {"d", Value::list(reals)};
  outer[4] = {"e", Value::list(ints)};
  return Value::map(outer);
}

}  // namespace

TEST_CASE("a tree and its events give the same bytes, keys sorted or as given") {
  Arena arena;
  const Value v = sample(arena);
  for (const bool sorted : {true, false}) {
    Buffer tree, events;
    REQUIRE(encode(v, tree, {.sorted = sorted}));
    Writer writer(events, {.sorted = sorted});
    REQUIRE(write(v, writer));
    CHECK(hex(tree) == hex(events));
    const Value back = decode(tree, arena).value();
    REQUIRE(back.as_map().size() == 5);
    CHECK(back.as_map()[0].key == (sorted ? "a" : "b"));
    for (const auto& [key, item] : v.as_map()) CHECK(same(*find(back.as_map(), key), item));
    ValueBuilder builder(arena);
    REQUIRE(read(tree, builder));
    CHECK(same(builder.take(), back));
  }
}

TEST_CASE("strict mode writes what the Go module reads, or says what it can't") {
  Arena arena;
  Buffer out;
  REQUIRE(encode(Value::list({}), out, {.strict = true}));
  CHECK(hex(out) == "24000000");
  out.clear();
  REQUIRE(encode(Value::bytes(as_bytes("\xFF")), out, {.strict = true}));
  CHECK(hex(out) == "26000800FF");
  CHECK(decode(out, arena)->is(Kind::bytes));
  out.clear();
  const auto refused = encode(Value::date({1}), out, {.strict = true});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() == "plain PackOS has no form for DATE");
}

TEST_CASE("what can't be packed is refused") {
  Buffer out;
  CHECK(encode(Value::node(NodeId{1}), out).error().status() == Status::type_error);
  std::vector<Value> levels(1001);
  for (std::size_t i = 1; i < levels.size(); ++i) levels[i] = Value::list({&levels[i - 1], 1});
  out.clear();
  CHECK(encode(levels[1000], out));
  out.clear();
  const Value deeper = Value::list({&levels[1000], 1});
  CHECK(encode(deeper, out).error().message() == "the value has more than 1000 levels of nesting");
  out.clear();
  Writer writer(out);
  CHECK_FALSE(write(deeper, writer, 2000));
  writer.reset();
  CHECK(writer.structure_begin(0x42, 1).error().status() == Status::type_error);
}

TEST_CASE("the last of duplicate keys wins, at the place of the first") {
  Arena arena;
  Buffer out;
  FrameWriter w(out);
  w.begin_frame(1);
  w.begin_map(3);
  w.string("k"), w.integer(1), w.string("a"), w.integer(2), w.string("k"), w.integer(3);
  REQUIRE(w.end());
  REQUIRE(w.end_frame());
  const Value v = decode(out, arena).value();
  REQUIRE(v.as_map().size() == 2);
  CHECK(v.as_map()[0].key == "k");
  CHECK(v.as_map()[0].value.as_integer() == 3);
  const Value path[] = {Value::string("k")};
  CHECK(get(out, path, arena)->as_integer() == 3);
}

TEST_CASE("numeric text follows the original's rules") {
  struct { std::string_view text, hex; } good[] = {
      {"0x1p4", "2100080010"}, {"+7", "2100080007"}, {".5", "23004000000000000000E03F"}, {"1e-400", "2100080000"},
      {"inf", "23004000000000000000F07F"}};
  for (const auto& [text, expected] : good) {
    Buffer out;
    FrameWriter w(out);
    w.begin_frame(1);
    CAPTURE(std::string(text));
    REQUIRE(w.numeric_text(text));
    REQUIRE(w.end_frame());
    CHECK(hex(out) == expected);
  }
  for (const std::string_view text : {"", "-", "--1", "+-1", "0x10", " 1", "1 ", "1e400", "nan(1)", "0x", "0x-1p1", "one"}) {
    Buffer out;
    FrameWriter w(out);
    w.begin_frame(1);
    CAPTURE(std::string(text));
    CHECK_FALSE(w.numeric_text(text));
  }
}

TEST_CASE("a path reads what decoding and subscripts would, unpacking only what is there") {
  Arena arena;
  Buffer out;
  REQUIRE(encode(sample(arena), out));
  const auto at = [&](std::vector<Value> path) { return get(out, path, arena); };
  CHECK(at({Value::string("a")})->as_real() == 2.5);
  CHECK(at({Value::string("b"), Value::integer(0)})->as_integer() == 1);
  CHECK(at({Value::string("b"), Value::integer(-2)})->is(Kind::map));
  CHECK(at({Value::string("b"), Value::integer(1)})->is(Kind::list));
  CHECK(at({Value::string("b"), Value::integer(4)})->is_null());
  CHECK(at({Value::string("c"), Value::string("x")})->is(Kind::bytes));
  CHECK(at({Value::string("d"), Value::integer(-1)})->as_real() == 19);
  CHECK(at({Value::string("e"), Value::integer(42)})->as_integer() == 42);
  CHECK(at({Value::string("e"), Value::integer(100)})->is_null());
  CHECK(at({Value::string("none"), Value::string("more")})->is_null());
  CHECK(at({})->is(Kind::map));
  CHECK(at({Value::string("a"), Value::string("x")}).error().message() == "step 1 of the path, 'x', leads into FLOAT");
  CHECK(at({Value::integer(0)}).error().message() == "step 0 of the path, 0, leads into a map");
  CHECK(at({Value::real(1)}).error().status() == Status::type_error);

  Buffer many;  // several fields: a list of them
  FrameWriter w(many);
  w.begin_frame(2);
  w.integer(5), w.string("last");
  REQUIRE(w.end_frame());
  const Value last[] = {Value::integer(-1)};
  CHECK(get(many, last, arena)->as_string() == "last");
}

TEST_CASE("keys are found in maps of any size, sorted or not") {
  for (const std::size_t n : {1UL, 8UL, 9UL, 100UL, 3000UL}) {
    for (const bool sorted : {true, false}) {
      Buffer out;
      FrameWriter w(out, {.sorted = sorted});
      w.begin_frame(1);
      w.begin_map(n);
      for (std::size_t i = n; i-- > 0;) w.string("key" + std::to_string(i)), w.integer(static_cast<std::int64_t>(i));
      REQUIRE(w.end_map());
      REQUIRE(w.end_frame());
      const auto map = Access::open(out)->nested(0);
      REQUIRE(map);
      int wrong = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const auto at = map->find("key" + std::to_string(i));
        wrong += !at || map->integer(*at)->value != static_cast<std::int64_t>(i);
      }
      CHECK(wrong == 0);
      CHECK_FALSE(map->find("key"));
      CHECK_FALSE(map->find("kez"));
    }
  }
}

TEST_CASE("steady use of one writer allocates nothing more") {
  Buffer out;
  FrameWriter w(out);
  const auto once = [&] {
    out.clear();
    w.begin_frame(1);
    w.begin_map(2);
    w.string("z"), w.integer(1), w.string("a"), w.string("text");
    REQUIRE(w.end());
    REQUIRE(w.end_frame());
  };
  once();
  const auto* before = out.data();
  for (int i = 0; i < 100; ++i) once();
  CHECK(out.data() == before);
}
