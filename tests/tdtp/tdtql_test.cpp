#include <doctest/doctest.h>

#include "tdtp/tdtql/condition.hpp"
#include "tdtp/tdtql/select.hpp"

namespace packhouse::tdtp::test {
namespace {

Packet people() {
  Packet p;
  const auto field = [&](const char* name, const char* type, bool key = false) {
    Field f;
    f.name = name;
    f.type = type;
    f.key = key;
    p.schema.fields.push_back(f);
  };
  field("ID", "INTEGER", true);
  field("Name", "TEXT");
  field("Age", "INT");
  field("Ok", "BOOLEAN");
  field("Day", "DATE");
  field("Имя", "TEXT");
  field("order", "TEXT");
  const std::initializer_list<std::array<const char*, 7>> rows{
      {"1", "Ann", "30", "true", "2020-01-01", "Аня", "b"},
      {"2", "Bob", "", "0", "", "Боб", "a"},
      {"3", "", "9", "1", "2021-06-01", "", "c"},
      {"4", "O'Neil", "1000", "false", "2020-01-01T23:00:00Z", "О", "a,b"},
      {"5", "a\nb", "-5", "", "1999-12-31", "ё", " x"}};
  for (const auto& row : rows) {
    for (const char* cell : row) p.rows.add(cell);
    p.rows.end_row();
  }
  return p;
}

std::string found(const char* where, std::int64_t limit = 0, std::int64_t offset = 0) {
  const Packet p = people();
  const auto s = tdtql::select(p, where, limit, offset);
  if (!s) return s.error().message();
  std::string out;
  for (const std::size_t i : s->rows) out += p.rows[i][0];
  return out;
}

TEST_CASE("conditions mean what they say") {
  const std::pair<const char*, const char*> cases[] = {
      {"ID = 1 OR ID = 2 AND ID = 3", "1"},
      {"(ID = 1 OR ID = 2) AND Ok = false", "2"},
      {"ID = 1 OR (ID = 2 OR (ID = 3 OR ID = 4))", "1234"},
      {"ID > 1 AND (ID < 5 AND (ID < 4))", "23"},
      {"NOT ID = 1", "2345"},
      {"NOT (ID = 1 OR ID = 2) AND ID < 5", "34"},
      {"not not ID = 1", "1"},
      {"Name NOT LIKE '%n%'", "2345"},
      {"ID NOT BETWEEN 2 AND 4", "15"},
      {"ID not in (1, 2)", "345"},
      {"Id bEtWeEn 2 aNd 3", "23"},
      {"Ok = TRUE", "13"},
      {"Ok = 0", "24"},
      {"Ok != 1", "245"},
      {"Age > 1e1", "14"},
      {"Age = 1e3", "4"},
      {"Age >= -5", "1345"},
      {"Name = 'O''Neil'", "4"},
      {"\"Name\" = \"Ann\"", "1"},
      {"[order] = 'a' OR `order` = 'c'", "23"},
      {"order IN ('a,b', ' x')", "expected field name"},
      {"[order] IN ('a,b', ' x')", "45"},
      {"Имя = 'Аня'", "1"},
      {"имя = 'Аня'", "1"},
      {"Имя LIKE '_'", "45"},
      {"Day = '2020-01-01'", "14"},
      {"Day > '1999-12-31'", "134"},
      {"Day < '2020-01-01'", "5"},
      {"Day IS NULL", "2"},
      {"Age IS NOT NULL", "1345"},
      {"Name IS NULL", "3"},
      {"Name = ''", "3"},
      {"Name LIKE 'a%b'", ""},
      {"Name LIKE 'a\nb'", "5"},
      {"Name LIKE '%%n%'", "1"},
  };
  for (const auto& [where, wanted] : cases) {
    CAPTURE(std::string(where));
    const std::string got = found(where);
    if (std::string_view(wanted).starts_with("expected")) {
      CHECK(got.find(wanted) != std::string::npos);
    } else {
      CHECK(got == wanted);
    }
  }
}

TEST_CASE("NULL is never less, equal or like, and always different") {
  for (const char* where : {"Age < 0 AND ID = 2", "Age > 0 AND ID = 2", "Age >= 0 AND ID = 2", "Age = 0 AND ID = 2",
                            "Age BETWEEN -9 AND 9 AND ID = 2", "Age LIKE '%' AND ID = 2", "Age IN (0, 1) AND ID = 2",
                            "Day > '0001-01-01' AND ID = 2", "Age = '' AND ID = 2"}) {
    CAPTURE(std::string(where));
    CHECK(found(where).empty());
  }
  for (const char* where :
       {"Age != 0 AND ID = 2", "Age NOT IN (1) AND ID = 2", "Age NOT LIKE '%' AND ID = 2", "NOT Age = 1 AND ID = 2"}) {
    CAPTURE(std::string(where));
    CHECK(found(where) == "2");
  }
}

TEST_CASE("sorting and pages") {
  CHECK(found("ID > 0 ORDER BY Age") == "25314");
  CHECK(found("ID > 0 ORDER BY Age DESC, ID") == "41352");
  CHECK(found("ID > 0 ORDER BY Ok, ID DESC") == "54231");
  CHECK(found("ID > 0 LIMIT 2") == "12");
  CHECK(found("ID > 0 LIMIT 2 OFFSET 1") == "23");
  CHECK(found("ID > 0 LIMIT 0").empty());
  CHECK(found("ID > 0 LIMIT 2", 3) == "123");
  CHECK(found("ID > 0 LIMIT 2 OFFSET 1", 0, 3) == "45");
  CHECK(found("ID > 0", 2, 9).empty());
  const Packet p = people();
  const auto s = tdtql::select(p, "ID > 1", 2, 1);
  REQUIRE(s);
  CHECK(s->context.total == 5);
  CHECK(s->context.matched == 4);
  CHECK(s->context.more);
  CHECK(s->context.next_offset == 3);
}

TEST_CASE("errors name what was found and where") {
  const std::tuple<const char*, const char*, std::uint32_t> cases[] = {
      {"", "expected field name, got 0", 0},
      {"ID", "expected operator, got 0", 2},
      {"ID = ", "expected value", 5},
      {"ID IN (1", "expected , or ) in IN list, got 0", 8},
      {"(ID = 1", "expected )", 7},
      {"ID = 1 ID", "unexpected \"ID\" at position 8", 7},
      {"ID IS 5", "expected NULL after IS", 6},
      {"ID NOT 5", "expected IN after NOT", 7},
      {"ID > 0 LIMIT x", "expected number after LIMIT", 13},
      {"ID > 0 ORDER Name", "expected BY after ORDER", 13},
      {"Имя = 'ж' )", "unexpected", 10},
  };
  for (const auto& [where, message, offset] : cases) {
    CAPTURE(std::string(where));
    const auto q = tdtql::parse(where);
    REQUIRE(!q);
    CHECK(q.error().message().find(message) != std::string::npos);
    REQUIRE(q.error().position());
    CHECK(q.error().position()->offset == offset);
  }
  CHECK(found("Missing = 1") == "filter error: field 'Missing' not found in schema");
  CHECK(found("ID = 1 ORDER BY Missing") == "filter error: field 'Missing' not found in schema");
  CHECK(found("ID > x") == "filter error: filter error: strconv.ParseInt: parsing \"x\": invalid syntax");
}

TEST_CASE("operators by sign and by word") {
  using enum tdtql::Operator;
  CHECK(tdtql::operator_of("=") == equal);
  CHECK(tdtql::operator_of("GTE") == greater_equal);
  CHECK(tdtql::operator_of("Not Like") == not_like);
  CHECK(tdtql::operator_of("is_not_null") == is_not_null);
  CHECK(!tdtql::operator_of(""));
  CHECK(!tdtql::operator_of("~"));
}

}  // namespace
}  // namespace packhouse::tdtp::test
