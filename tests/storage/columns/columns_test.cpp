// Columns: what each operation does, and what each refuses.
#include "support.hpp"
#include "value/compare.hpp"

namespace packhouse::storage {

TEST_CASE("columns: every operation, on both engines and over a restart") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    TestStore store(kind);
    {
      const auto tx = begin(*store);
      CHECK(must(columns_of(tx).create("prices", "i32")));
      Column c = must(columns_of(tx).open_to_write("prices"));
      CHECK(shown(c) == "[]");
      must(c.append(Value::integer(1)));
      must(c.extend(integers({2, 3, 4})));
      must(c.set(-1, Value::integer(40)));
      must(c.insert(0, integers({-1, 0})));
      must(c.insert(-1, integers({5})));
      must(c.insert(7, integers({50})));
      CHECK(shown(c) == "[-1, 0, 1, 2, 3, 5, 40, 50]");
      must(c.set_many(2, integers({10, 20})));
      must(c.erase(-3, 2));
      CHECK(shown(c) == "[-1, 0, 10, 20, 3, 50]");
      must(commit(*tx));
    }
    store.reopen();
    const auto tx = begin(*store, AccessMode::read);
    Column c = must(columns_of(tx).open("prices"));
    CHECK(shown(c) == "[-1, 0, 10, 20, 3, 50]");
    Arena arena;
    CHECK(must(c.get(-1, arena)).as_integer() == 50);
    CHECK(must(c.get(2, arena)).as_integer() == 10);
    const std::int64_t wanted[] = {5, -6, 3, 3};
    std::array<Value, 4> found;
    must(c.get_many(wanted, arena, found));
    CHECK(print(Value::list(found)) == "[50, -1, 20, 20]");
    CHECK(print(Value::list(must(c.slice(must(c.range(1, -2)), arena)))) == "[0, 10, 20]");
    CHECK(must(c.slice(must(c.range(4, 2)), arena)).empty());
    Buffer packed;
    must(c.packed(must(c.range(4, std::nullopt)), packed));
    CHECK(as_text(packed) == std::string_view("\x03\0\0\0\x32\0\0\0", 8));
    const ColumnInfo info = must(c.info());
    CHECK(info.length == 6);
    CHECK(info.bytes == 24);
    CHECK(info.dtype.text() == "i32");
  }
}

TEST_CASE("columns: every dtype gives back what was put in") {
  Arena arena;
  const auto vector = [&](std::initializer_list<float> numbers) {
    return Value::vector(Element::f32, static_cast<std::uint32_t>(numbers.size()),
                         arena.copy(std::as_bytes(std::span(numbers.begin(), numbers.size()))).data());
  };
  const Value list[] = {Value::integer(1), Value::string("x"), Value::bytes(as_bytes("\x01"))};
  const MapEntry map[] = {{"a", Value::list(list)}, {"b", Value()}};
  const Value inner[] = {Value::integer(1), Value::integer(2)};
  const Value square[] = {Value::list(inner), Value::list(inner)};
  const std::pair<std::string_view, std::vector<Value>> cases[] = {
      {"i8", integers({-128, 127})},
      {"i16", integers({-32768, 32767})},
      {"i32", integers({-2147483648, 0})},
      {"i64", integers({std::numeric_limits<std::int64_t>::min(), 1})},
      {"u8", integers({0, 255})},
      {"u16", integers({65535})},
      {"u32", integers({4294967295})},
      {"u64", integers({std::numeric_limits<std::int64_t>::max()})},
      {"f16", {Value::real(0.5)}},
      {"f32", {Value::real(-1.5), Value::real(0.0)}},
      {"f64", {Value::real(1e300), Value::real(-0.1)}},
      {"bool", {Value::boolean(true), Value::boolean(false)}},
      {"str", {Value::string(""), Value::string("käse"), Value::string("")}},
      {"str:utf16le", {Value::string("käse"), Value::string("x")}},
      {"str:16:utf8", {Value::string("sixteen"), Value::string("")}},
      {"str:latin1", {Value::string("käse")}},
      {"bytes", {Value::bytes(as_bytes("ab")), Value::bytes({})}},
      {"bytes:3", {Value::bytes(as_bytes("abc"))}},
      {"msgpack", {Value::map(map), Value(), Value::list(list)}},
      {"msgpack:64", {Value::map(map), Value::integer(7)}},
      {"cbor", {Value::map(map), Value::real(1.5)}},
      {"cbor:64", {Value::list(list)}},
      {"vec:f32", {vector({1, 2}), vector({3}), Value::real(1)}},
      {"vec:f32:3", {vector({1, 2, 3}), vector({0, -1, 0.5})}},
      {"vec:u8:2:2", {Value::list(square)}},
  };
  TestStore store;
  for (const auto& [dtype, values] : cases) {
    CAPTURE(dtype);
    const auto tx = begin(*store);
    must(columns_of(tx).create("c", dtype));
    Column c = must(columns_of(tx).open_to_write("c"));
    must(c.extend(values));
    for (const Value& v : values) must(c.append(v));
    std::vector<Value> expected(values);
    expected.insert(expected.end(), values.begin(), values.end());
    const auto got = must(c.slice(must(c.range(0, std::nullopt)), arena));
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(print(got[i]) == print(expected[i]));
      CHECK(print(must(c.get(static_cast<std::int64_t>(i), arena))) == print(expected[i]));
    }
    must(c.set(0, values.back()));
    must(c.insert(1, values));
    must(c.erase(1, values.size()));
    CHECK(must(c.length()) == expected.size());
    CHECK(print(must(c.get(0, arena))) == print(values.back()));
  }
}

TEST_CASE("columns: created once, dropped whole, listed by name") {
  TestStore store;
  const auto cells = [](Transaction& tx) {
    const auto cursor = must(tx.cells().scan_cells(as_bytes("\x01"), as_bytes("\x02")));
    std::size_t n = 0;
    for (kv::Entry e; must(cursor->next(e)); ++n) {
    }
    return n;
  };
  auto tx = begin(*store);
  CHECK(must(columns_of(tx).create("b", "f64")));
  CHECK(must(columns_of(tx).create("a", "string:8:UTF-8")));
  CHECK_FALSE(must(columns_of(tx).create("a", "f64", true)));
  CHECK(message(columns_of(tx).create("a", "f64")) == "column `a`: exists already");
  must(must(columns_of(tx).open_to_write("b")).append(Value::real(1)));
  const auto list = must(columns_of(tx).list());
  REQUIRE(list.size() == 2);
  CHECK(list[0].name == "a");
  CHECK(list[0].dtype.text() == "str:8:utf8");
  CHECK(list[1].length == 1);
  must(commit(*tx));
  tx = begin(*store);
  CHECK(must(columns_of(tx).drop("b")));
  CHECK(must(columns_of(tx).drop("a")));
  CHECK(cells(*tx) == 0);
  CHECK_FALSE(must(columns_of(tx).drop("a", true)));
  CHECK(message(columns_of(tx).drop("a")) == "column `a`: there is no such column");
  CHECK(message(columns_of(tx).open("a")) == "column `a`: there is no such column");
  must(columns_of(tx).create("b", "i8"));  // a new one of the same name has nothing of the old
  Column fresh = must(columns_of(tx).open_to_write("b"));
  CHECK(shown(fresh) == "[]");
  must(columns_of(tx).drop("b"));
  CHECK(message(fresh.append(Value::integer(1))) == "column `b`: there is no such column any more");
  must(columns_of(tx).create("b", "i8"));
  CHECK(message(fresh.append(Value::integer(1))) == "column `b` has been replaced by another");
  must(commit(*tx));
}

TEST_CASE("columns: what is refused names column, index and length, and changes nothing") {
  TestStore store;
  const auto tx = begin(*store);
  Columns columns = columns_of(tx);
  CHECK(message(columns.create("", "i8")) == "the name of a column can't be empty");
  CHECK(message(columns.create(std::string(401, 'x'), "i8")) == "the name of a column has at most 400 bytes, got 401");
  CHECK(message(columns.create("\xff", "i8")) == "the name of a column is not UTF-8");
  CHECK(message(columns.create("x", "i7")).starts_with("column `x`: Invalid dtype: "));
  CHECK(message(columns.create("x", "bytes:0")) == "column `x`: bytes:0 holds nothing");
  CHECK(message(columns.create("x", "bytes:20000000")) ==
        "column `x`: elements of bytes:20000000 have 20000000 bytes, a column takes at most 16776192");
  must(columns.create(std::string(400, 'x'), "i8"));
  must(columns.create("n", "i8"));
  must(columns.create("s", "str"));
  Column n = must(columns.open_to_write("n")), s = must(columns.open_to_write("s"));
  must(n.extend(integers({1, 2, 3})));
  must(s.append(Value::string("a")));
  Arena arena;
  const std::string of_3 = " is out of range, it has 3 elements";
  CHECK(message(n.get(3, arena)) == "column `n`: index 3" + of_3);
  CHECK(message(n.get(-4, arena)) == "column `n`: index -4" + of_3);
  CHECK(message(n.range(4, 5)) == "column `n`: index 4" + of_3);
  CHECK(message(n.range(0, -5)) == "column `n`: index -5" + of_3);
  CHECK(message(n.set(3, Value::integer(1))) == "column `n`: index 3" + of_3);
  CHECK(message(n.insert(4, integers({1}))) == "column `n`: index 4" + of_3);
  CHECK(message(n.set_many(2, integers({1, 2}))) ==
        "column `n`: 2 elements from index 2 on are not there, it has 3 elements");
  CHECK(message(n.erase(-1, 2)) == "column `n`: 2 elements from index -1 on are not there, it has 3 elements");
  CHECK(message(s.get(1, arena)) == "column `s`: index 1 is out of range, it has 1 element");
  CHECK(message(n.extend(integers({4, 300}))).starts_with("column `n`: element 1: "));
  CHECK(message(n.set_many(0, integers({4, 300}))).starts_with("column `n`: element 1: "));
  CHECK(message(s.append(Value::integer(1))).starts_with("column `s`: element 0: "));
  const std::string long_text(17'000'000, 'x');
  CHECK(message(s.append(Value::string(long_text))) ==
        "column `s`: element 0 has 17000000 packed bytes, at most 16776192 are allowed");
  CHECK(message(s.extend_packed(as_bytes("x"))).find("has no fixed size") != std::string::npos);
  Buffer out;
  CHECK(message(s.packed({0, 1}, out)).find("has no fixed size") != std::string::npos);
  CHECK(shown(n) == "[1, 2, 3]");
  CHECK(shown(s) == "['a']");
  Column reading = must(columns.open("n"));
  CHECK(reading.append(Value::integer(1)).error().status() == Status::access_mode);
}

TEST_CASE("columns: packed bytes and arrays go in as they are, checked") {
  TestStore store;
  const auto tx = begin(*store);
  Columns columns = columns_of(tx);
  for (const auto* dtype : {"u16", "bool", "vec:u8:2", "str:2:ascii"}) must(columns.create(dtype, dtype));
  Column numbers = must(columns.open_to_write("u16")), flags = must(columns.open_to_write("bool"));
  Column vectors = must(columns.open_to_write("vec:u8:2")), texts = must(columns.open_to_write("str:2:ascii"));
  must(numbers.extend_packed(as_bytes(std::string_view("\1\0\2\0", 4))));
  must(numbers.set_packed(1, as_bytes(std::string_view("\7\0", 2))));
  CHECK(shown(numbers) == "[1, 7]");
  CHECK(message(numbers.extend_packed(as_bytes("abc"))) ==
        "column `u16`: 3 packed bytes are not whole elements of 2 bytes");
  must(flags.extend_packed(as_bytes(std::string_view("\1\0", 2))));
  CHECK_FALSE(flags.extend_packed(as_bytes("\2")));
  must(vectors.extend_packed(as_bytes("\5ab\5cd")));
  CHECK(message(vectors.extend_packed(as_bytes("\5ab\6cd"))) == "column `vec:u8:2`: element 1 is no packed vec:u8:2");
  must(texts.extend_packed(as_bytes("abcd")));
  CHECK_FALSE(texts.extend_packed(as_bytes("ab\xff\xff")));
  CHECK(shown(texts) == "['ab', 'cd']");
  const std::int32_t rows[] = {1, 2, 70000};
  must(numbers.extend_rows(
      {.element = datapacker::Scalar::i32, .shape = {2}, .data = std::as_bytes(std::span(rows).first(2))}));
  CHECK_FALSE(
      numbers.extend_rows({.element = datapacker::Scalar::i32, .shape = {3}, .data = std::as_bytes(std::span(rows))}));
  CHECK(shown(numbers) == "[1, 7, 1, 2]");
}

}  // namespace packhouse::storage
