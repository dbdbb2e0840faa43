#include "codec/packos/schema/schema.hpp"

#include "codec/packos/codec.hpp"
#include "codec/packos/schema/text_rules.hpp"
#include "tests/codec/packos/packos_helpers.hpp"

using namespace packos_test;
using namespace packhouse::packos;

namespace {

Schema schema(std::string_view json) {
  auto built = Schema::from_json(json);
  REQUIRE_MESSAGE(built, built.error().message());
  return *built;
}

/// {"name": …, "age": …, "tags": [...]}
Value person(Arena& a, std::string_view name, std::int64_t age) {
  auto out = a.array<MapEntry>(2);
  out[0] = {"name", Value::string(name)};
  out[1] = {"age", Value::integer(age)};
  return Value::map(out);
}

constexpr std::string_view person_json = R"({"type": "mapUnordered", "fieldNames": ["name", "age"],
  "schema": [{"type": "string", "pattern": "^[A-Z]"}, {"type": "int32", "min": 18, "max": 99}]})";

}  // namespace

TEST_CASE("a refusal names the way to the element, what was found and what was expected") {
  Arena arena;
  const Schema people = schema(R"([{"type": "int8"}, {"type": "tuple", "variableLength": true, "schema": [{"type": "repeat", "schema": [)" +
                               std::string(person_json) + R"(]}]}])");
  const Value good[] = {person(arena, "Ann", 31), person(arena, "Bob", 18)};
  const Value bad_age[] = {person(arena, "Ann", 31), person(arena, "Bob", 17)};
  const auto encode_people = [&](std::span<const Value> persons, Buffer& out) {
    const Value list = Value::list(persons);
    const Value tuple = Value::list({&list, 1});
    const Value chain[] = {Value::integer(1), tuple};
    return people.encode(Value::list(chain), out);
  };
  Buffer out;
  REQUIRE(encode_people(good, out));
  CHECK(people.validate(out));
  CHECK(encode_people(bad_age, out).error().message() == "[1][0][1].age: 17 not in [18 , 99] (SchemaInt32 ErrOutOfRange)");

  Buffer packed;  // the same without a schema for the age
  FrameWriter w(packed);
  w.begin_frame(1);
  w.begin_map(2);
  w.string("age"), w.fixed(std::int32_t{100}), w.string("name"), w.string("Ann");
  REQUIRE(w.end());
  REQUIRE(w.end_frame());
  CHECK(schema(person_json).validate(packed).error().message() == ".age: 100 not in [18 , 99] (SchemaInt32 ErrOutOfRange)");
}

TEST_CASE("a value is checked without having been packed") {
  Arena arena;
  const Schema s = schema(person_json);
  CHECK(s.check(person(arena, "Ann", 31)));
  CHECK(s.check(person(arena, "ann", 31)).error().message() == ".name: 'ann'!='^[A-Z]' (SchemaString ErrEncode)");
  CHECK(s.check(person(arena, "Ann", 3'000'000'000)).error().message() == ".age: 3000000000 does not fit into 4 bytes (SchemaInt32 ErrEncode)");
  CHECK(s.check(Value::integer(1)).error().message() == "the value: Type Mismatch (SchemaMapUnordered ErrEncode)");
  CHECK(schema(R"({"type": "string", "width": 3})").check(Value::string("long")).error().message() ==
        "the value: 4 != 3 (SchemaString ErrConstraintViolated)");
}

TEST_CASE("malformed and self-contradicting schemas are refused with the place and the reason") {
  struct { std::string_view json, message; } cases[] = {
      {"5", "PackOS schema: expected a schema object, found INTEGER"},
      {"{}", "PackOS schema: 'type' is missing or not a string"},
      {R"([{"type": "int128"}])", "PackOS schema at [0]: unknown schema type: int128"},
      {R"({"type": "int32", "min": "a"})", "PackOS schema: 'min' is STRING, expected an integer"},
      {R"({"type": "int32", "min": 2, "max": 1})", "PackOS schema: min 2 is greater than max 1"},
      {R"({"type": "int32", "minimum": 2})", "PackOS schema: unknown member 'minimum'"},
      {R"({"type": "tuple", "schema": [{"type": "string", "pattern": "("}]})",
       "PackOS schema at .schema[0]: the pattern '(' does not compile: missing ): ("},
      {R"({"type": "map", "schema": [{"type": "string"}]})", "PackOS schema: 1 schemas are no pairs of key and value"},
      {R"({"type": "mapRepeat", "schema": []})", "PackOS schema: mapRepeat has 0 schemas, expected one for keys and one for values"},
      {R"({"type": "repeat"})", "PackOS schema: repeat has no schema"},
      {R"({"type": "mapUnordered", "fieldNames": ["a"]})", "PackOS schema: 1 field names for 0 schemas"},
      {R"({"type": "enum", "fieldNames": ["a", "a"]})", "PackOS schema: the field name 'a' is given twice"},
      {R"({"type": "date", "dateFrom": "2020-01-01T00:00:00Z"})", "PackOS schema: dateFrom and dateTo go together"},
      {R"({"type": "date", "dateFrom": "2020-13-01T00:00:00Z", "dateTo": "2021-01-01T00:00:00Z"})",
       "PackOS schema: dateFrom '2020-13-01T00:00:00Z' is not of the form 2025-01-31T00:00:00Z"},
      {R"({"type": "chain", "fieldNames": ["a"], "schema": []})", "PackOS schema: 1 field names for 0 schemas"},
  };
  for (const auto& c : cases) {
    const auto built = Schema::from_json(c.json);
    REQUIRE_FALSE(built);
    CHECK(built.error().message() == c.message);
    CHECK(built.error().status() == Status::argument_error);
  }
  CHECK_FALSE(Schema::from_json("{\"type\": "));
  std::string deep;
  for (int i = 0; i < 150; ++i) deep += R"({"type": "tuple", "schema": [)";
  for (int i = 0; i < 150; ++i) deep += "]}";
  CHECK_FALSE(Schema::from_json(deep));
}

TEST_CASE("older member names are read, today's are written (P8)") {
  Arena arena;
  const Value described = schema(R"({"type": "optionalMap", "fieldNames": ["a"], "schema": [{"type": "int32", "rangeMin": 1, "rangeMax": 5}]})").to_value(arena);
  CHECK(find(described.as_map(), "type")->as_string() == "mapUnordered");
  CHECK(find(described.as_map(), "nullable")->is_true());
  const auto child = find(described.as_map(), "schema")->as_list()[0].as_map();
  CHECK(find(child, "min")->as_integer() == 1);
  CHECK(find(child, "max")->as_integer() == 5);
  const auto unbounded = schema(R"({"type": "int32", "rangeMin": 0, "rangeMax": 0})");
  CHECK_FALSE(unbounded.chain()[0].min);
}

TEST_CASE("schemas reach through wide frames and packed forms") {
  Arena arena;
  const Schema s = schema(R"({"type": "tuple", "variableLength": true, "schema": [{"type": "repeat", "schema": [{"type": "string"}]}]})");
  const std::string text(3000, 'x');
  const std::vector<Value> items(10, Value::string(text));
  const Value list = Value::list(items);
  Buffer out;
  REQUIRE(s.encode(Value::list({&list, 1}), out));
  CHECK(FrameView::open(out)->wide());
  CHECK(s.validate(out));
  CHECK(same(s.decode(out, arena).value(), Value::list({&list, 1})));

  Buffer raw;
  REQUIRE(encode(Value::bytes(as_bytes("abc")), raw));
  CHECK(schema(R"({"type": "bytes", "width": 3})").validate(raw));
  CHECK_FALSE(schema(R"({"type": "string"})").validate(raw));
  raw.clear();
  REQUIRE(encode(Value::list({}), raw));
  CHECK(schema(R"({"type": "tuple"})").decode(raw, arena)->is_null() == false);
}

TEST_CASE("numbers print as the original prints them") {
  struct { double v; std::string_view text; } cases[] = {{0, "0"}, {-300, "-300"}, {100'000, "100000"}, {1'000'000, "1e+06"},
                                                         {123'456'789, "1.23456789e+08"}, {1e21, "1e+21"}, {0.0001, "0.0001"},
                                                         {0.00001, "1e-05"}, {2.5, "2.5"}, {1e-300, "1e-300"}};
  for (const auto& c : cases) CHECK(number_text(c.v) == c.text);
}

TEST_CASE("truncated frames never validate by accident") {
  Arena arena;
  const Schema s = schema(person_json);
  Buffer out;
  REQUIRE(s.encode(person(arena, "Ann", 31), out));
  for (std::size_t n = 0; n < out.size(); ++n) {
    const std::vector<std::byte> cut(out.view().begin(), out.view().begin() + static_cast<std::ptrdiff_t>(n));
    CHECK_FALSE(s.validate(cut));
    CHECK_FALSE(s.decode(cut, arena));
  }
}

TEST_CASE("a schema as the rule of a record: field by field, or as a whole") {
  const Schema s = schema(R"({"type": "tuple", "fieldNames": ["age", "tags", "nick"], "schema": [{"type": "int32", "min": 18},
    {"type": "tuple", "variableLength": true, "schema": [{"type": "repeat", "schema": [{"type": "string", "suffix": "!"}]}]},
    {"type": "string", "width": 3}]})");
  REQUIRE(s.describes_record());
  const Value good[] = {Value::string("a!"), Value::string("b!")}, bad[] = {Value::string("a!"), Value::string("b")};
  const Value good_tags = Value::list(good), bad_tags = Value::list(bad);
  const auto tags = [](const Value& list) { return Value::list({&list, 1}); };
  struct { std::vector<MapEntry> record; std::string_view field, what; } cases[] = {
      {{{"age", Value::integer(20)}, {"nick", Value::string("abc")}, {"zzz", Value()}}, "", ""},
      {{{"age", Value::integer(20)}, {"nick", Value::string("abc")}, {"tags", tags(good_tags)}}, "", ""},
      {{{"nick", Value::string("abc")}}, "age", "is missing (SchemaInt32 ErrConstraintViolated)"},
      {{{"age", Value::string("x")}}, "age", "found STRING, expected int32 (SchemaInt32 ErrConstraintViolated)"},
      {{{"age", Value::integer(5'000'000'000)}}, "age", "5000000000 does not fit into 4 bytes (SchemaInt32 ErrEncode)"},
      {{{"age", Value::integer(20)}}, "nick", "is missing (SchemaString ErrConstraintViolated)"},
      {{{"age", Value::integer(20)}, {"nick", Value::string("abcd")}}, "nick", "4 != 3 (SchemaString ErrConstraintViolated)"},
      {{{"age", Value::integer(20)}, {"nick", Value::string("abc")}, {"tags", tags(bad_tags)}}, "tags",
       "at [0][1]: 'b'!='*!' (SchemaString ErrEncode)"},
  };
  for (const auto& c : cases) {
    const auto fault = s.fault(c.record);
    CHECK(fault.has_value() == !c.what.empty());
    if (fault) CHECK(fault->field == c.field);
    if (fault) CHECK(fault->what == c.what);
  }
  const Schema any_number = schema(R"({"type": "mapRepeat", "max": 2, "schema": [{"type": "string", "prefix": "x"}, {"type": "int8"}]})");
  REQUIRE(any_number.describes_record());
  CHECK_FALSE(any_number.fault(std::vector<MapEntry>{{"x1", Value::integer(1)}, {"x2", Value::integer(2)}}));
  CHECK(any_number.fault(std::vector<MapEntry>{{"x1", Value::integer(300)}})->field == "x1");
  CHECK(any_number.fault(std::vector<MapEntry>{{"y", Value::integer(3)}})->field == "y");
  CHECK(any_number.fault(std::vector<MapEntry>{{"x1", Value()}, {"x2", Value()}, {"x3", Value()}})->what == "3 not in [0 , 2] (SchemaMapRepeat ErrConstraintViolated)");
  for (const std::string_view json : {R"({"type": "any"})", R"({"type": "tuple"})", R"([{"type": "map"}, {"type": "map"}])", "[]"}) {
    CHECK(schema(json).describes_record().error().status() == Status::argument_error);
  }
}

TEST_CASE("types of one's own, and what other programs attach to a schema") {
  SchemaTypes types;
  REQUIRE(types.add("percent", schema(R"({"type": "int16", "min": 0, "max": 100})")));
  CHECK_FALSE(types.add("percent", schema(R"({"type": "int8"})")));
  CHECK_FALSE(types.add("int8", schema(R"({"type": "int16"})")));
  CHECK_FALSE(types.add("two", schema(R"([{"type": "int8"}, {"type": "int8"}])")));
  const auto s = Schema::from_json(R"({"type": "tuple", "schema": [{"type": "percent"}]})", &types);
  REQUIRE(s);
  const Value high = Value::integer(101);
  CHECK(s->check(Value::list({&high, 1})).error().message() == "[0]: 101 not in [0 , 100] (SchemaInt16 ErrOutOfRange)");
  CHECK_FALSE(Schema::from_json(R"({"type": "percent", "min": 1})", &types));
  CHECK_FALSE(Schema::from_json(R"({"type": "percent"})"));

  Arena arena;
  const Value described = schema(R"({"type": "bool", "extra": {"title": "Agreed", "order": [1, 2.5]}})").to_value(arena);
  const Value* extra = find(described.as_map(), "extra");
  REQUIRE(extra);
  CHECK(find(extra->as_map(), "title")->as_string() == "Agreed");
  CHECK(find(extra->as_map(), "order")->as_list().size() == 2);
}

TEST_CASE("schemas that nothing can meet are told from the others") {
  struct { std::string_view json, message; } cases[] = {
      {R"({"type": "string", "width": 3, "exact": "four"})", "PackOS schema: width 3 and exact 'four' exclude each other"},
      {R"([{"type": "int8"}, {"type": "tuple", "schema": [{"type": "string", "width": 1, "prefix": "ab"}]}])",
       "PackOS schema at [1].schema[0]: width 1 and prefix 'ab' exclude each other"},
      {R"({"type": "string", "decodeDefault": "x", "suffix": "y"})", "PackOS schema: decodeDefault 'x' does not meet its own schema"},
      {R"({"type": "int16", "min": 40000})", "PackOS schema: min 40000 is beyond 32767, the greatest int16"},
      {R"({"type": "int32", "max": -3000000000})", "PackOS schema: max -3000000000 is below -2147483648, the least int32"},
      {R"({"type": "enum"})", "PackOS schema: enum has no names, so that nothing can meet it"},
      {R"({"type": "map", "schema": [{"type": "int8"}, {"type": "any"}]})", "PackOS schema: the keys of a map are text, schema 0 is int8"},
      {R"({"type": "map", "schema": [{"type": "string", "exact": "a"}, {"type": "any"}, {"type": "string", "exact": "a"}, {"type": "any"}]})",
       "PackOS schema: the key 'a' is asked for twice"},
      {R"({"type": "tuple", "schema": [{"type": "repeat", "schema": [{"type": "any"}]}, {"type": "bool"}]})",
       "PackOS schema: schema 0 is a repeat without max, which leaves no field for schema 1"},
  };
  for (const auto& c : cases) {
    const auto verdict = schema(c.json).satisfiable();
    REQUIRE_FALSE(verdict);
    CHECK(verdict.error().message() == c.message);
  }
  CHECK(schema(person_json).satisfiable());
  CHECK(schema(R"([{"type": "string", "width": 4, "prefix": "ab"}, {"type": "tuple", "schema": [{"type": "repeat", "max": 2, "schema": [{"type": "any"}]},
    {"type": "enum", "fieldNames": ["a"]}]}])").satisfiable());
  CHECK_FALSE(Schema::from_json(R"({"type": "chain", "fieldNames": ["a", "a"], "schema": [{"type": "any"}, {"type": "any"}]})"));
}

TEST_CASE("e-mail addresses and URIs are those of the original's standard library") {
  for (const std::string_view good : {"a@b", " a@b\t", "Name <a@b>", "\"q\\\"u\" <a@b>", "a, b@c <d@e>", "a@ b", "a@b (one) (two)", "a@[::1]",
                                      "Team: a@b;", "x (y) z <a@b>", "<a@b>", "\"a b\"@c"}) {
    CAPTURE(good);
    CHECK(is_email(good));
  }
  for (const std::string_view bad : {"", "a", "a@", "@b", "a @b", "(c) a@b", "a@b, c@d", "Team: a@b, c@d;", "Team:;", "\"\"@b", "a@[1.2.3]", "a@[1.2.3.4",
                                     "<a@b", "a@b>", "a@b (", "\"a@b", "a..b@c", "a@.b", "a\x01@b", "a@b\n"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_email(bad));
  }
  for (const std::string_view good : {"x", "a:80", "a:", ":80", "http://[fe80::1%25en0]:1/", "a?%zz", "x/a b", "a/%41?#", "u:p@h/x", "a<b>", "HTTP://x", "http://h%C3%A9"}) {
    CAPTURE(good);
    CHECK(is_uri(good));
  }
  for (const std::string_view bad : {"", "/p", "//a.b", "a b", "a:x", "a:8:x", "h%41", "h%4", "a/%4", "u\xC3\xA9@h", "a#b", "[::1", "[::1]x", "a\x7F", "a?\n", "u p@h"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_uri(bad));
  }
}
