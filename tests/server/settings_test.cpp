#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "server/commands.hpp"
#include "tests/server/client.hpp"

using namespace packhouse;
using server::read_settings;
using server::Sources;

TEST_CASE("the command line is stronger than the environment, that than the file") {
  const std::string file = tests::temporary_folder() + ".toml";
  std::ofstream(file) << "threads = 1\nmessage_mb = 1\nlog_level = \"warn\"\n";
  Sources sources;
  sources.environment = {"PACKHOUSE_CONFIG=" + file, "PACKHOUSE_THREADS=2", "PACKHOUSE_MESSAGE_MB=2"};
  sources.command_line = {{"threads", "3"}};
  auto s = read_settings(sources);
  REQUIRE_MESSAGE(s.has_value(), (s ? std::string() : s.error().message()));
  CHECK(s->threads == 3);
  CHECK(s->message_mb == 2);
  CHECK(s->log_level == "warn");
  sources.file = "/nowhere.toml";  // --config is stronger than $PACKHOUSE_CONFIG
  s = read_settings(sources);
  REQUIRE_FALSE(s.has_value());
  CHECK(s.error().message() == "there is no settings file /nowhere.toml");
  std::remove(file.c_str());
}

TEST_CASE("bad settings end in an error, wherever they come from") {
  for (const auto& [name, value] : {std::pair<std::string, std::string>{"threads", "x"}, {"bolt", "0.0.0.0:1"}, {"colour", "red"}}) {
    CAPTURE(name);
    Sources sources;
    sources.command_line = {{name, value}};
    const auto s = read_settings(sources);
    REQUIRE_FALSE(s.has_value());
    CHECK(s.error().status() == Status::argument_error);
    CHECK(server::run_config(sources) == 2);
    CHECK(server::run_serve(sources) == 2);
  }
}
