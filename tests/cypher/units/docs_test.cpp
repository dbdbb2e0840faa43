#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "tests/cypher/units/reference.hpp"

TEST_CASE("docs/CYPHER.md lists the functions and procedures there are") {
  std::ifstream in(PACKHOUSE_SOURCE_DIR "/docs/CYPHER.md");
  std::stringstream text;
  text << in.rdbuf();
  REQUIRE_MESSAGE(in.good(), "docs/CYPHER.md can't be read");
  const std::string current = packhouse::tests::with_reference(text.str());
  REQUIRE_MESSAGE(!current.empty(), "the marks of the generated part are missing");
  CHECK_MESSAGE(current == text.str(), "run cypher_reference docs/CYPHER.md (target cypher_reference) and commit the result");
}
