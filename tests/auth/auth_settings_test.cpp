#include <doctest/doctest.h>

#include "config/settings.hpp"

using namespace packhouse;
using namespace packhouse::config;

TEST_CASE("NEO4J_AUTH, as Neo4j's image has it") {
  struct Row {
    const char* value;
    bool good, auth;
    const char* password;
    bool change;
  };
  const Row rows[] = {
      {"none", true, false, "", false},
      {"", true, false, "", false},
      {"neo4j/secret-word", true, true, "secret-word", false},
      {"neo4j/secret-word/true", true, true, "secret-word", true},
      {"neo4j/with/slashes", true, true, "with/slashes", false},
      {"neo4j//true", true, true, "/true", false},
      {"neo4j/", false, false, "", false},
      {"neo4j", false, false, "", false},
      {"ada/secret-word", false, false, "", false},
  };
  for (const Row& row : rows) {
    const std::string variable = std::string("NEO4J_AUTH=") + row.value;
    CAPTURE(variable);
    Settings s;
    const auto loaded = load_environment(s, {"PATH=/bin", variable});
    CHECK(loaded.has_value() == row.good);
    if (!row.good) continue;
    CHECK(s.auth == row.auth);
    CHECK(s.initial_password == row.password);
    CHECK(s.initial_password_change == row.change);
  }
}

TEST_CASE("a variable of our own wins over NEO4J_AUTH, wherever it stands") {
  for (const bool first : {true, false}) {
    Settings s;
    const std::string ours = "PACKHOUSE_INITIAL_PASSWORD=ours", theirs = "NEO4J_AUTH=neo4j/theirs";
    REQUIRE(load_environment(s, {first ? ours : theirs, first ? theirs : ours}).has_value());
    CHECK(s.auth);
    CHECK(s.initial_password == "ours");
  }
}

TEST_CASE("a public address needs authentication, or to be told that it has none") {
  const auto passes = [](const std::vector<std::string>& environment) {
    Settings s;
    s.bolt = "0.0.0.0:7687";
    REQUIRE(load_environment(s, environment).has_value());
    return check(s).has_value();
  };
  CHECK_FALSE(passes({}));
  CHECK(passes({"NEO4J_AUTH=neo4j/secret-word"}));
  CHECK(passes({"NEO4J_AUTH=none"}));
  CHECK(passes({"PACKHOUSE_AUTH=true"}));
  CHECK_FALSE(passes({"PACKHOUSE_AUTH=false"}));
}

TEST_CASE("the password is never printed") {
  Settings s;
  REQUIRE(set(s, "initial_password", "secret-word", "test").has_value());
  CHECK(print(s).find("secret-word") == std::string::npos);
  CHECK(print(s).find("initial_password = \"(hidden)\"") != std::string::npos);
}
