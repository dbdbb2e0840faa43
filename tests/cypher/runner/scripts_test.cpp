#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/cypher/runner/script.hpp"

using namespace packhouse;

TEST_CASE("every Cypher script gives what it says") {
  std::size_t files = 0, steps = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(PACKHOUSE_SOURCE_DIR "/tests/cypher")) {
    if (entry.path().extension() != ".test") continue;
    const std::string name = std::filesystem::relative(entry.path(), PACKHOUSE_SOURCE_DIR).string();
    CAPTURE(name);
    std::ifstream in(entry.path());
    const auto script = tests::read_script(in);
    REQUIRE_MESSAGE(script.has_value(), (script ? std::string() : script.error().message()));
    ++files;
    steps += script->size();
    for (const auto& failure : tests::run_script(*script, name)) FAIL_CHECK(failure);
  }
  CHECK(files > 5);
  CHECK(steps > 50);
}
