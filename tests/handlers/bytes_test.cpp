#include <doctest/doctest.h>

#include <string>

#include "tests/handlers/conversation.hpp"

// The examples of BOLT.md sections 3 and 10 as results of queries, byte by byte.

using namespace packhouse;
using tests::Conversation;
using tests::has;
using tests::House;
using protocol::Tag;

namespace {

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ') out += c;
  }
  return out;
}

/// All that PULL answers.
std::string rows(Conversation& c, std::string_view query) {
  const auto ran = c.run(query);
  REQUIRE_MESSAGE(ran.starts_with("SUCCESS"), ran);
  c.post(Tag::pull, "{n: -1}");
  while (c.step() || c.connection().busy()) {
  }
  return without_blanks(c.take_hex());
}

std::string hex_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr const char* digits = "0123456789ABCDEF";
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

/// `example` with its short element ids "e:1" and "r:10" replaced by those of the store.
std::string with_element_ids(Conversation& c, const std::string& example) {
  std::string out = without_blanks(example);
  struct Id {
    const char* query;
    std::string shown;
  };
  const Id ids[] = {{"MATCH (n) WHERE id(n) = 1 RETURN elementId(n)", "e:1"}, {"MATCH (n) WHERE id(n) = 2 RETURN elementId(n)", "e:2"},
                    {"MATCH (n) WHERE id(n) = 3 RETURN elementId(n)", "e:3"},
                    {"MATCH ()-[r]->() WHERE id(r) = 10 RETURN elementId(r)", "r:10"},
                    {"MATCH ()-[r]->() WHERE id(r) = 11 RETURN elementId(r)", "r:11"}};
  for (const Id& id : ids) {
    c.run(id.query);
    const auto answer = c.pull();
    const auto begin = answer.find('\'') + 1;
    const std::string real = answer.substr(begin, answer.find('\'', begin) - begin);
    REQUIRE(real.size() > 15);
    const std::string from = "8" + std::to_string(id.shown.size()) + hex_of(id.shown);
    const std::string to = "D0" + hex_of(std::string(1, static_cast<char>(real.size()))) + hex_of(real);
    for (auto at = out.find(from); at != std::string::npos; at = out.find(from, at + to.size())) out.replace(at, from.size(), to);
  }
  return out;
}

/// Nodes 1, 2, 3 with (1)-[10:T]->(2)<-[11:T]-(3).
struct Graph {
  House house;
  Graph() {
    Conversation c(house);
    for (const char* query : {"UNWIND range(0, 3) AS i CREATE ()", "MATCH (n) WHERE id(n) = 0 UNWIND range(0, 9) AS i CREATE (n)-[:OTHER]->(n)",
                              "MATCH (a), (b) WHERE id(a) = 1 AND id(b) = 2 CREATE (a)-[:T]->(b)",
                              "MATCH (a), (b) WHERE id(a) = 3 AND id(b) = 2 CREATE (a)-[:T]->(b)"}) {
      c.run(query);
      const auto done = c.send(Tag::discard, "{n: -1}");
      REQUIRE_MESSAGE(done.starts_with("SUCCESS"), done);
    }
  }
};

constexpr const char* walk = "MATCH p = (a)-[:T]->(b)<-[:T]-(c) WHERE id(a) = 1 RETURN p";

}  // namespace

TEST_CASE("values in bytes") {
  House house;
  Conversation c(house);
  const std::pair<const char*, const char*> cases[] = {
      {"RETURN 1.1", "91 C1 3F F1 99 99 99 99 99 9A"},
      {"RETURN \"å\"", "91 82 C3 A5"},
      {"RETURN [1, 2.0, \"three\"]", "91 93 01 C1 40 00 00 00 00 00 00 00 85 74 68 72 65 65"},
      {"RETURN {one: \"eins\"}", "91 A1 83 6F 6E 65 84 65 69 6E 73"},
      {"RETURN {a: 1, b: [true, null]}", "91 A2 81 61 01 81 62 92 C3 C0"},
      {"RETURN datetime(\"2024-06-01T12:00:00.5+02:00\")", "91 B3 49 CA 66 5A F1 20 CA 1D CD 65 00 C9 1C 20"},
      {"RETURN point({longitude: 1, latitude: 2})", "91 B3 58 C9 10 E6 C1 3F F0 00 00 00 00 00 00 C1 40 00 00 00 00 00 00 00"},
      {"RETURN point({longitude: 1, latitude: 2, height: 3})",
       "91 B4 59 C9 13 73 C1 3F F0 00 00 00 00 00 00 C1 40 00 00 00 00 00 00 00 C1 40 08 00 00 00 00 00 00"},
      {"RETURN date(\"2024-02-29\")", "91 B1 44 C9 4D 46"},
      {"RETURN duration(\"P1Y2M25DT5H6M7.000000008S\")", "91 B4 45 0E 19 C9 47 BF 08"},
  };
  for (const auto& [query, bytes] : cases) {
    CAPTURE(std::string(query));
    const auto all = rows(c, query);
    CAPTURE(all);
    CHECK(has(all, "B171" + without_blanks(bytes) + "0000"));
  }
}

TEST_CASE("paths in bytes before 5.0") {
  Graph graph;
  Conversation c(graph.house, {4, 4});
  CHECK(has(rows(c, "MATCH p = (a)-[:T]->(b) WHERE id(a) = 1 RETURN p"),
            without_blanks("B1 71 91 B3 50 92 B3 4E 01 90 A0 B3 4E 02 90 A0 91 B3 72 0A 81 54 A0 92 01 01 00 00")));
  CHECK(has(rows(c, "MATCH (a) WHERE id(a) = 3 SET a:L, a.p = 1 RETURN a"), without_blanks("91 B3 4E 03 91 81 4C A1 81 70 01")));
}

TEST_CASE("paths in bytes from 5.0 on") {
  Graph graph;
  Conversation c(graph.house, {5, 4});
  const auto expected = with_element_ids(
      c,
      "91 B3 50 93 B4 4E 01 90 A0 83 65 3A 31 B4 4E 02 90 A0 83 65 3A 32 B4 4E 03 90 A0 83 65 3A 33 92 B4 72 0A 81 54 A0 84 72 3A 31 30 "
      "B4 72 0B 81 54 A0 84 72 3A 31 31 94 01 01 FE 02");
  const auto all = rows(c, walk);
  CAPTURE(all);
  CHECK(has(all, expected));
  CHECK(has(rows(c, "MATCH p = (a) WHERE id(a) = 1 RETURN p"), with_element_ids(c, "91 B3 50 91 B4 4E 01 90 A0 83 65 3A 31 90 90")));
  CHECK(has(rows(c, "MATCH ()-[r]->() WHERE id(r) = 11 RETURN r"),
            with_element_ids(c, "91 B8 52 0B 03 02 81 54 A0 84 72 3A 31 31 83 65 3A 33 83 65 3A 32")));
}
