#include "codec/datapacker/schema/schema.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "codec/datapacker/packer.hpp"
#include "codec/datapacker/schema/uri.hpp"
#include "codec/json/reader.hpp"
#include "tests/codec/datapacker/vectors.hpp"

namespace packhouse::datapacker::test {
namespace {

Value from_json(std::string_view json, Arena& arena) {
  const auto read = codec::json::read_value(as_bytes(json), arena, {.typed = false});
  REQUIRE_MESSAGE(read.has_value(), json);
  return *read;
}

/// "" if the value is valid, otherwise what is wrong with it or with the schema.
std::string verdict(std::string_view schema, std::string_view json) {
  Arena arena;
  const auto compiled = JsonSchema::compile(from_json(schema, arena));
  if (!compiled) return compiled.error().message();
  const auto done = (*compiled)->validate(from_json(json, arena));
  return done ? "" : done.error().message();
}

TEST_CASE("the original's cases for schemas") {
  Arena arena;
  int seen = 0;
  for (const Value& c : load_cases(arena)) {
    const std::string op = text(c, "op");
    if (op != "schema_new" && op != "schema_pack") continue;
    const bool quirk = text(c, "scope") == "quirk";
    INFO(text(c, "id"));
    ++seen;
    const auto compiled = JsonSchema::cached(member(c, "schema"));
    const std::string failure = expected_error(member(c, "expect"));
    if (op == "schema_new" || !compiled) {
      CHECK(compiled.has_value() == failure.empty());
      continue;
    }
    const Value v = plain(member(c, "value"), arena).value();
    const auto valid = (*compiled)->validate(v);
    if (quirk) {  // newer keywords and uuid are enforced; NaN is a number
      CHECK(valid.has_value() == v.is(Kind::real));
      continue;
    }
    CHECK(valid.has_value() == failure.empty());
    if (!valid) CHECK(valid.error().message().starts_with("Validation errors: "));
    Buffer out;
    REQUIRE(Packer::make("msgpack")->pack(v, out));
    if (failure.empty()) CHECK(equals_expected(out, member(c, "expect")));
  }
  CHECK(seen == 70);
}

TEST_CASE("messages say what is wrong, and where") {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {R"({"properties":{"id":{"type":"integer"}},"required":["id","name"]})", R"({"id":"oops"})",
       R"(Validation errors: "oops" is not of type "integer" (at /id), "name" is a required property)"},
      {R"({"items":{"type":["string","null"]}})", R"(["a",null,1])",
       R"(Validation errors: 1 is not of types "string", "null" (at /2))"},
      {R"({"additionalProperties":false})", R"({"b":1,"c":2})",
       "Validation errors: Additional properties are not allowed ('b', 'c' were unexpected)"},
      {R"({"properties":{"a/b~c":false}})", R"({"a/b~c":1})",
       "Validation errors: False schema does not allow 1 (at /a~1b~0c)"},
      {R"({"minimum":9007199254740993})", "9007199254740992.0",
       "Validation errors: 9007199254740992.0 is less than the minimum of 9007199254740993"},
      {R"({"maxLength":1})", "\"\U0001F600\"", ""},
      {R"({"enum":[{"b":[1],"a":2}]})", R"({"a":2.0,"b":[1.0]})", ""},
      {R"({"enum":[1]})", "true", "Validation errors: true is not one of [1]"},
      {R"({"const":0})", "-0.0", ""},
      {R"({"uniqueItems":true})", R"([{"a":1,"b":2},{"b":2,"a":1.0}])",
       R"(Validation errors: [{"a":1,"b":2},{"b":2,"a":1.0}] has non-unique elements)"},
      {R"({"pattern":"^\\u00e9\\/$"})", "\"\u00e9/\"", ""},
      {R"({"multipleOf":0.0001})", "0.0075", ""},
      {R"({"multipleOf":0.01})", "4.021", "Validation errors: 4.021 is not a multiple of 0.01"},
      {R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",2])",
       "Validation errors: False schema does not allow 2 (at /1)"},
      {R"({"contains":{"const":1},"minContains":2})", "[1,2,1]", ""},
      {R"({"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/a","minimum":5,"$defs":{"a":{"type":"integer"}}})",
       "3", "Validation errors: 3 is less than the minimum of 5"},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/a","minimum":5,"definitions":{"a":{"type":"integer"}}})",
       "3", ""},
      {R"({"$schema":"http://json-schema.org/draft-04/schema#","minimum":5,"exclusiveMinimum":true})", "5",
       "Validation errors: 5 is less than or equal to the minimum of 5"},
      {R"({"$schema":"https://json-schema.org/draft/2019-09/schema","$id":"http://x.example/a/b","$ref":"c#d",)"
       R"("$defs":{"c":{"$id":"c","$defs":{"e":{"$anchor":"d","type":"null"}}}}})",
       "1", R"(Validation errors: 1 is not of type "null")"},
  };
  for (const auto& [schema, json, expected] : cases) {
    CAPTURE(schema);
    CAPTURE(json);
    CHECK(verdict(schema, json) == expected);
  }
}

TEST_CASE("schemas that are wrong are refused as such") {
  for (const char* schema : {R"({"type":"foo"})",
                             R"({"type":[]})",
                             R"({"type":1})",
                             R"({"minimum":"x"})",
                             R"({"pattern":"("})",
                             R"x({"pattern":"(?=a)"})x",
                             R"({"multipleOf":0})",
                             R"({"minLength":-1})",
                             R"({"minLength":1.5})",
                             R"({"required":"a"})",
                             R"({"required":[1]})",
                             R"({"properties":[]})",
                             R"({"properties":{"a":1}})",
                             R"({"allOf":[]})",
                             R"({"allOf":{}})",
                             R"({"not":1})",
                             R"({"enum":1})",
                             R"({"uniqueItems":1})",
                             R"({"format":1})",
                             R"({"$ref":1})",
                             R"({"$ref":"#/definitions/x"})",
                             R"({"$ref":"#x"})",
                             R"({"$ref":"http://example.com/schema"})",
                             R"({"$ref":"file:///etc/passwd"})",
                             R"({"$schema":"urn:other"})",
                             R"({"$schema":1})",
                             R"({"unevaluatedProperties":1})",
                             R"({"$dynamicRef":"#"})",
                             R"({"definitions":{"a":{"type":"foo"}}})",
                             R"({"dependencies":{"a":1}})",
                             "1",
                             "[]",
                             "\"{}\"",
                             R"({"$schema":"http://json-schema.org/draft-04/schema#","not":true})"}) {
    CAPTURE(schema);
    CHECK(verdict(schema, "null").starts_with("Schema compilation failed: "));
  }
}

TEST_CASE("what no other keyword has looked at") {
  const struct {
    std::string_view schema, value, said;  // "" is valid
  } cases[] = {
      {R"({"properties":{"a":true},"unevaluatedProperties":false})", R"({"a":1})", ""},
      {R"({"properties":{"a":true},"unevaluatedProperties":false})", R"({"a":1,"b":2,"c":3})",
       "Validation errors: Unevaluated properties are not allowed ('b', 'c' unexpected)"},
      {R"({"patternProperties":{"^x":true},"unevaluatedProperties":{"type":"string"}})", R"({"xa":1,"b":"s"})", ""},
      {R"({"patternProperties":{"^x":true},"unevaluatedProperties":{"type":"string"}})", R"({"xa":1,"b":2})",
       "Validation errors: 2 is not of type \"string\" (at /b)"},
      {R"({"additionalProperties":true,"unevaluatedProperties":false})", R"({"a":1})", ""},
      {R"({"allOf":[{"properties":{"a":true}},{"$ref":"#/$defs/b"}],"$defs":{"b":{"properties":{"b":true}}},"unevaluatedProperties":false})",
       R"({"a":1,"b":2})", ""},
      {R"({"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false})", R"({"b":2})",
       "Validation errors: Unevaluated properties are not allowed ('b' unexpected)"},
      // Of anyOf only the branches that the value meets.
      {R"({"anyOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"b":true},"required":["b"]}],"unevaluatedProperties":false})",
       R"({"a":"s"})", ""},
      {R"({"anyOf":[{"properties":{"a":{"const":2}},"required":["a"]},{"properties":{"b":true},"required":["b"]}],"unevaluatedProperties":false})",
       R"({"a":1,"b":2})", "Validation errors: Unevaluated properties are not allowed ('a' unexpected)"},
      {R"({"if":{"properties":{"k":{"const":1}},"required":["k"]},"then":{"properties":{"x":true}},"else":{"properties":{"y":true,"k":true}},"unevaluatedProperties":false})",
       R"({"k":1,"x":1})", ""},
      {R"({"if":{"properties":{"k":{"const":1}},"required":["k"]},"then":{"properties":{"x":true}},"else":{"properties":{"y":true,"k":true}},"unevaluatedProperties":false})",
       R"({"k":2,"x":1})", "Validation errors: Unevaluated properties are not allowed ('x' unexpected)"},
      {R"({"dependentSchemas":{"a":{"properties":{"b":true}}},"properties":{"a":true},"unevaluatedProperties":false})",
       R"({"a":1,"b":1})", ""},
      {R"({"dependentSchemas":{"a":{"properties":{"b":true}}},"unevaluatedProperties":false})", R"({"b":1})",
       "Validation errors: Unevaluated properties are not allowed ('b' unexpected)"},
      // `not` says nothing about what is evaluated; a schema inside that allows the rest does.
      {R"({"not":{"not":{"properties":{"a":true}}},"unevaluatedProperties":false})", R"({"a":1})",
       "Validation errors: Unevaluated properties are not allowed ('a' unexpected)"},
      {R"({"allOf":[{"unevaluatedProperties":true}],"unevaluatedProperties":false})", R"({"a":1})", ""},
      {R"({"allOf":[{"properties":{"a":true},"unevaluatedProperties":false}],"properties":{"b":true}})", R"({"a":1,"b":1})",
       "Validation errors: Unevaluated properties are not allowed ('b' unexpected)"},
      // A schema that refers to itself.
      {R"({"properties":{"next":{"$ref":"#"},"v":true},"unevaluatedProperties":false})", R"({"next":{"v":1,"next":{}}})", ""},
      {R"({"properties":{"next":{"$ref":"#"},"v":true},"unevaluatedProperties":false})", R"({"next":{"w":1}})",
       "Validation errors: Unevaluated properties are not allowed ('w' unexpected) (at /next)"},
      {R"({"prefixItems":[true,true],"unevaluatedItems":false})", "[1,2]", ""},
      {R"({"prefixItems":[true,true],"unevaluatedItems":false})", "[1,2,3]",
       "Validation errors: Unevaluated items are not allowed (3 unexpected)"},
      {R"({"contains":{"type":"string"},"unevaluatedItems":{"type":"integer"}})", R"(["s",1,"t"])", ""},
      {R"({"contains":{"type":"string"},"unevaluatedItems":{"type":"integer"}})", R"(["s",1.5])",
       "Validation errors: 1.5 is not of type \"integer\" (at /1)"},
      {R"({"allOf":[{"items":true}],"unevaluatedItems":false})", "[1]", ""},
      {R"({"$schema":"https://json-schema.org/draft/2019-09/schema","items":[true],"additionalItems":{"type":"integer"},"unevaluatedItems":false})",
       "[1,2]", ""},
      {R"({"$schema":"https://json-schema.org/draft/2019-09/schema","contains":{"type":"string"},"unevaluatedItems":false})",
       R"(["s"])", "Validation errors: Unevaluated items are not allowed (\"s\" unexpected)"},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","unevaluatedProperties":false})", R"({"a":1})", ""},
      {R"({"unevaluatedProperties":false,"unevaluatedItems":false})", "3", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.schema);
    CAPTURE(c.value);
    CHECK(verdict(std::string(c.schema), std::string(c.value)) == c.said);
  }
}

TEST_CASE("no schema runs away: endless recursion, and branching without bound") {
  CHECK(verdict(R"({"$ref":"#"})", "1").find("recurses too deeply") != std::string::npos);
  CHECK(verdict(R"({"not":{"$ref":"#"}})", "1").find("recurses too deeply") != std::string::npos);
  std::string doubling = R"({"$ref":"#/definitions/a0","definitions":{)";
  for (int i = 0; i < 60; ++i) {
    const std::string next = R"({"$ref":"#/definitions/a)" + std::to_string(i + 1) + R"("})";
    doubling += "\"a" + std::to_string(i) + R"(":{"oneOf":[)" + next + "," + next + "]},";
  }
  doubling += R"("a60":{"type":"integer"}}})";
  CHECK(verdict(doubling, "1").find("too many steps") != std::string::npos);
  std::string nested, closing;
  for (int i = 0; i < 700; ++i) nested += R"({"not":)", closing += "}";
  CHECK(
      verdict(nested + "{}" + closing, "1").starts_with("Schema compilation failed: subschemas are nested too deeply"));
  std::string list;
  for (int i = 0; i < 300; ++i) list = "[" + list + "]";
  CHECK(verdict(R"({"items":{"$ref":"#"}})", list).empty());
  CHECK(
      verdict(R"({"pattern":"^(a+)+$"})", "\"" + std::string(100'000, 'a') + "b\"").starts_with("Validation errors: "));
}

TEST_CASE("looks at a large value count as steps") {
  std::string schema = R"({"allOf":[)";
  for (int i = 0; i < 1000; ++i) schema += (i == 0 ? "" : ",") + std::string(R"({"not":{"enum":["x","y"]}})");
  const std::string text = '"' + std::string(1 << 20, 'x') + '"';
  CHECK(verdict(schema + "]}", text).find("too many steps") != std::string::npos);
}

TEST_CASE("patterns that unevaluatedProperties looks for again count as steps") {
  std::string schema = R"({"patternProperties":{)";
  for (int i = 0; i < 200; ++i) schema += (i == 0 ? "\"y" : ",\"y") + std::to_string(i) + R"(":true)";
  const std::string text = "{\"" + std::string(std::size_t{1} << 20, 'x') + "\":1}";
  CHECK(verdict(schema + "}}", text).empty());
  CHECK(verdict(schema + R"(},"unevaluatedProperties":false})", text).find("too many steps") != std::string::npos);
}

TEST_CASE("enum and const: numbers by value, maps in any order, NaN like nothing") {
  const auto met = [](const Value& v, const char* schema) {
    Arena arena;
    return JsonSchema::compile(from_json(schema, arena)).value()->validate(v).has_value();
  };
  Arena arena;
  const char* const schema = R"({"enum":[1, -0.0, "1", null, [1, {"a":1,"b":2}], 18446744073709551615.0]})";
  for (const char* json : {"1.0", "0", "\"1\"", "null", R"([1.0,{"b":2,"a":1.0}])", "18446744073709551615.0"})
    CHECK_MESSAGE(met(from_json(json, arena), schema), json);
  for (const char* json : {"2", "true", "\"0\"", "[]", R"([1,{"a":1}])", "9223372036854775807"})
    CHECK_FALSE_MESSAGE(met(from_json(json, arena), schema), json);
  CHECK_FALSE(met(Value::real(std::nan("")), schema));
  CHECK_FALSE(met(Value::date({1}), schema));
  const Value dates[] = {Value::date({1}), Value::date({2})};
  CHECK(met(Value::list(dates), R"({"uniqueItems":true})"));
}

TEST_CASE("patterns are bounded in size and in number, and the same one counts once") {
  CHECK(verdict(R"({"pattern":"\\pL{1,100}"})", "1").find("pattern too large") != std::string::npos);
  const auto schema = [](int n, const char* more) {
    std::string s = std::string("{") + more + R"("patternProperties":{)";
    for (int i = 0; i < n; ++i) s += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":true)";
    return s + "}}";
  };
  CHECK(verdict(schema(1000, R"("additionalProperties":false,"pattern":"7",)"), "{}").empty());
  CHECK(verdict(schema(1001, ""), "{}") == "Schema compilation failed: more than 1000 patterns");
}

TEST_CASE("the cache gives the same schema for equal ones") {
  Arena arena;
  const auto a = JsonSchema::cached(from_json(R"({"type":"integer","minimum":12345})", arena));
  const auto b = JsonSchema::cached(from_json(R"({"minimum":12345,"type":"integer"})", arena));
  CHECK(a.value() == b.value());
  const auto c = JsonSchema::cached(from_json(R"({"minimum":12346,"type":"integer"})", arena));
  CHECK(a.value() != c.value());
  for (int i = 0; i < 300; ++i)
    REQUIRE(JsonSchema::cached(from_json(R"({"minimum":)" + std::to_string(i) + "}", arena)));
  const auto later = JsonSchema::cached(from_json(R"({"type":"integer","minimum":12345})", arena));
  CHECK(a.value() != later.value());  // it had to go, but lives on where it is used
  CHECK((*a)->validate(Value::integer(20000)).has_value());
}

TEST_CASE("references are resolved as RFC 3986 says") {
  const std::tuple<const char*, const char*, const char*> cases[] = {{"http://a/b/c/d?q", "g", "http://a/b/c/g"},
                                                                     {"http://a/b/c/d?q", "./g", "http://a/b/c/g"},
                                                                     {"http://a/b/c/d?q", "g/", "http://a/b/c/g/"},
                                                                     {"http://a/b/c/d?q", "/g", "http://a/g"},
                                                                     {"http://a/b/c/d?q", "//g", "http://g"},
                                                                     {"http://a/b/c/d?q", "?y", "http://a/b/c/d?y"},
                                                                     {"http://a/b/c/d?q", "#s", "http://a/b/c/d?q#s"},
                                                                     {"http://a/b/c/d?q", "../g", "http://a/b/g"},
                                                                     {"http://a/b/c/d?q", "../../../g", "http://a/g"},
                                                                     {"http://a/b/c/d?q", "mailto:x", "mailto:x"},
                                                                     {"http://a", "b", "http://a/b"},
                                                                     {"", "a#b", "a#b"},
                                                                     {"urn:x:y", "#z", "urn:x:y#z"}};
  for (const auto& [base, reference, expected] : cases) {
    CAPTURE(reference);
    CHECK(schema::resolve(base, reference) == expected);
  }
}

}  // namespace
}  // namespace packhouse::datapacker::test
