#include <doctest/doctest.h>

#include "tdtp/diff.hpp"
#include "tdtp/processors/masker.hpp"
#include "tdtp/processors/processor.hpp"

namespace packhouse::tdtp::test {
namespace {

/// A table with one column V (and a key ID), one row a value.
Packet values(std::initializer_list<const char*> cells) {
  Packet p;
  p.header.table_name = "T";
  for (const char* name : {"ID", "V"}) {
    Field f;
    f.name = name;
    f.type = "TEXT";
    f.key = p.schema.fields.empty();
    p.schema.fields.push_back(f);
  }
  int id = 0;
  for (const char* cell : cells) {
    p.rows.add(p.rows.keep(std::to_string(++id)));
    p.rows.add(cell);
    p.rows.end_row();
  }
  return p;
}

/// The value after a processor, or its error.
std::string processed(const char* value, const char* type, const char* config) {
  Packet p = values({value});
  const auto r = apply_processor(p, type, config);
  return r ? std::string(p.rows[0][1]) : r.error().message();
}

TEST_CASE("masks work on characters") {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"partial", "Привет", "П***т"},
      {"partial", "é", "***"},
      {"partial", "ann@example.com", "a***@example.com"},
      {"partial", "a@b", "a***b"},
      {"middle", "12-34-56", "12-XX-56"},
      {"middle", "12345678", "123XX678"},
      {"middle", "12345", "12X45"},
      {"middle", "1234567", "123X567"},
      {"middle", "+1 (555) 123-4567", "+1 (555) XXX-4567"},
      {"middle", "яяя", "XXX"},
      {"stars", "дом 1/2", "*** */*"},
      {"first2_last2", "Привет мир", "Пр**** *ир"},
      {"first2_last2", "aбвг", "****"},
      {"first2_last2", "", ""},
  };
  for (const auto& [pattern, value, wanted] : cases) {
    CAPTURE(std::string(value));
    CHECK(processed(value, "field_masker", (R"({"fields":{"V":")" + std::string(pattern) + "\"}}").c_str()) == wanted);
  }
  CHECK(processed("Привет", "field_masker", R"({"fields":["V"],"visible_chars":2,"mask_char":"█"})") == "████ет");
  CHECK(processed("abc", "field_masker", R"({"fields":["V"]})") == "***");
  CHECK(processed("abc", "field_masker", R"({"fields":["V"],"visible_chars":3})") == "abc");
  CHECK(processed("abc", "field_masker", R"({"fields":["V"],"visible_chars":-1})").find("'visible_chars'") !=
        std::string::npos);
  CHECK(processed("abc", "field_masker", R"({"fields":["W"]})") == "process error: unknown field 'W'");
}

TEST_CASE("addresses") {
  for (const char* good : {"a@b.co", "A.B+c_%-@d-e.org", "x@1.2.ab"}) CHECK(is_email(good));
  for (const char* bad :
       {"", "@b.co", "a@", "a@b", "a@.co", "a@b.c", "a@b.c1", "a@b.co.", "a b@c.de", "a@b@c.de", "я@x.ru"}) {
    CAPTURE(std::string(bad));
    CHECK(!is_email(bad));
  }
}

TEST_CASE("normalizing and validating in the document's form") {
  CHECK(processed("  Hello \t World ", "field_normalizer", R"({"field":"V","rules":["trim","whitespace","upper"]})") ==
        "HELLO WORLD");
  CHECK(processed("1.2.24", "field_normalizer", R"({"field":"V","rules":["date"]})") == "2024-02-01");
  CHECK(processed("x", "field_normalizer", R"({"field":"V","rules":["nonsense"]})")
            .find("invalid normalize rule 'nonsense' for field 'V'") != std::string::npos);
  CHECK(processed("x", "field_normalizer", R"({"field":"W","rules":["trim"]})") == "process error: unknown field 'W'");
  CHECK(processed("abc", "field_validator", R"({"field":"V","rules":["required","length:2-3","regex:^a"]})") == "abc");
  CHECK(processed("xbcd", "field_validator", R"({"field":"V","rules":["length:2-3","regex:^a"]})") ==
        "process error: validation failed with 2 errors:\n- row 1, field 'V': length 4 is out of range [2, 3]\n"
        "- row 1, field 'V': value 'xbcd' does not match pattern '^a'");
  CHECK(processed("x", "field_validator", R"({"rules":{"W":"required"}})") == "process error: unknown field 'W'");
}

TEST_CASE("chains") {
  Packet p = values({" a ", ""});
  const auto chain = Chain::parse(
      R"([{"type":"field_normalizer","params":{"field":"V","rules":["trim"]}},{"type":"field_validator","params":{"rules":{"V":"required"}}}])");
  REQUIRE(chain);
  const auto r = chain->process(p);
  REQUIRE(!r);
  CHECK(r.error().message() ==
        "chain process error: processor 1 (field_validator) failed: validation failed with 1 errors:\n- row 2, field "
        "'V': field is required but empty");
  CHECK(Chain::parse("[5]").error().message() ==
        "invalid chain JSON: json: cannot unmarshal number into Go value of type processors.Config");
  CHECK(Chain::parse(R"([{"Type":"x"},{"params":5}])").error().message() ==
        "invalid chain JSON: json: cannot unmarshal number into Go struct field Config.params of type "
        "map[string]interface {}");
  CHECK(Chain::parse(R"([{"Type":"x"}])").error().message() ==
        "chain build error: failed to create processor 0: unknown processor type: x");
}

TEST_CASE("compress and decompress") {
  Packet p = values({"a|b", "", "x\ny"});
  REQUIRE(compress_packet(p, 100));
  CHECK(p.rows.size() == 1);
  REQUIRE(decompress_packet(p));
  REQUIRE(p.rows.size() == 3);
  CHECK(p.rows[2][1] == "x\ny");
}

TEST_CASE("keys that only look alike are different") {
  Packet a = values({}), b = values({});
  for (Packet* p : {&a, &b}) {
    for (Field& f : p->schema.fields) f.key = true;
  }
  a.rows.add("a|b"), a.rows.add("c"), a.rows.end_row();
  b.rows.add("a"), b.rows.add("b|c"), b.rows.end_row();
  const auto d = diff(a, b);
  REQUIRE(d);
  CHECK(d->added.size() == 1);
  CHECK(d->removed.size() == 1);
  CHECK(d->modified.empty());
}

}  // namespace
}  // namespace packhouse::tdtp::test
