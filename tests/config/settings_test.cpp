#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <unistd.h>

#include "config/settings.hpp"

using namespace packhouse;
using namespace packhouse::config;

namespace {

/// A file that is gone after the test.
class File {
 public:
  explicit File(const std::string& text)
      : path_((std::filesystem::temp_directory_path() / ("packhouse_settings_" + std::to_string(getpid()) + ".toml")).string()) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("the defaults are safe and pass their own check") {
  const Settings s;
  CHECK(s.bolt == "127.0.0.1:7687");
  CHECK(s.http == "127.0.0.1:7474");
  CHECK_FALSE(s.allow_unauthenticated);
  CHECK(s.durability == "sync");
  CHECK_FALSE(s.test_procedures);
  CHECK(check(s).has_value());
  CHECK(s.warnings.empty());
}

TEST_CASE("every setting has a unique name, a description, and takes its own printed value back") {
  const Settings defaults;
  const std::string all = print(defaults);
  std::set<std::string_view> names;
  for (const Setting& row : settings_table()) {
    const std::string name(row.name);
    CAPTURE(name);
    CHECK(names.insert(row.name).second);
    CHECK_FALSE(row.description.empty());
    const std::string head = "\n" + name + " = ";
    const auto at = ("\n" + all).find(head);
    REQUIRE(at != std::string::npos);
    std::string value = all.substr(at + head.size() - 1);
    value.resize(value.find("  # default; "));
    if (value.front() == '"') value = value.substr(1, value.size() - 2);
    Settings s;
    CHECK(set(s, name, value, "test").has_value());
    CHECK(s.sources.at(name) == "test");
    CHECK(print(s).find(name + " = ") != std::string::npos);
    CHECK(print(s).find("# test; ") != std::string::npos);
  }
}

TEST_CASE("good and bad values") {
  struct Case {
    const char* name;
    const char* value;
    const char* expected;  // words of the error, or nothing
  };
  const Case cases[] = {
      {"data", "/tmp/x", nullptr},
      {"data", "", "at least one character"},
      {"bolt", "0.0.0.0:0", nullptr},
      {"bolt", "[::1]:7687", nullptr},
      {"bolt", "localhost", "an address like 127.0.0.1:7687"},
      {"bolt", "localhost:", "an address like"},
      {"bolt", "localhost:65536", "an address like"},
      {"bolt", "localhost:-1", "an address like"},
      {"bolt", ":7687", "an address like"},
      {"bolt", "off", "an address like"},
      {"bolt", "", "an address like"},
      {"http", "off", nullptr},
      {"http", "none", "or off"},
      {"advertised_address", "", nullptr},
      {"advertised_address", "db.example:7687", nullptr},
      {"advertised_address", "db.example", "an address like"},
      {"allow_unauthenticated", "true", nullptr},
      {"allow_unauthenticated", "yes", "true or false"},
      {"threads", "0", nullptr},
      {"threads", "1024", nullptr},
      {"threads", "1025", "from 0 to 1024"},
      {"threads", "-1", "from 0 to 1024"},
      {"threads", "4x", "a whole number"},
      {"threads", "", "a whole number"},
      {"threads", " 4", "a whole number"},
      {"threads", "1.5", "a whole number"},
      {"threads", "99999999999999999999", "a whole number"},
      {"durability", "interval", nullptr},
      {"durability", "never", "sync or interval"},
      {"sync_interval_ms", "0", "from 1 to 60000"},
      {"transaction_timeout_ms", "9223372036854775807", nullptr},
      {"transaction_timeout_ms", "-5", "a whole number from 0"},
      {"message_mb", "2048", "from 1 to 2047"},
      {"max_connections", "0", "from 1 to 1000000"},
      {"max_connections_per_user", "0", nullptr},
      {"idle_timeout_s", "-1", "from 0 to 31536000"},
      {"tls", "optional", nullptr},
      {"tls", "DISABLED", nullptr},
      {"tls", "Optional", "off, optional or required"},
      {"tls_certificate", "", nullptr},
      {"websocket_origins", "https://a.example,http://b.example", nullptr},
      {"log_level", "debug", nullptr},
      {"log_level", "loud", "trace, debug, info, warn, error or off"},
      {"colour", "red", "there is no setting 'colour'"},
      {"", "x", "there is no setting ''"},
  };
  for (const Case& c : cases) {
    const std::string name = c.name, value = c.value;
    CAPTURE(name);
    CAPTURE(value);
    Settings s;
    const auto done = set(s, name, value, "command line");
    if (!c.expected) {
      CHECK(done.has_value());
      continue;
    }
    REQUIRE_FALSE(done.has_value());
    const std::string message = done.error().message();
    CAPTURE(message);
    CHECK(done.error().status() == Status::argument_error);
    CHECK(message.find("command line") == 0);
    CHECK(message.find(c.expected) != std::string::npos);
    CHECK(s.sources.empty());
  }
}

TEST_CASE("the level of TLS has Neo4j's names, too, and needs its files") {
  for (const auto& [given, meant] : {std::pair{"DISABLED", "off"}, {"OPTIONAL", "optional"}, {"REQUIRED", "required"}, {"required", "required"}}) {
    Settings s;
    REQUIRE(set(s, "tls", given, "command line").has_value());
    CHECK(s.tls == meant);
    CHECK(check(s).has_value() == (s.tls == "off"));
    s.tls_certificate = "server.pem";
    CHECK(check(s).has_value() == (s.tls == "off"));
    s.tls_key = "server.key";
    CHECK(check(s).has_value());
  }
}

TEST_CASE("loopback is an address, not the beginning of a name") {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "::0001", "0::1"})
    CHECK(is_loopback(host));
  for (const char* host : {"127.example.com", "127.0.0.1.example.com", "0.0.0.0", "10.0.0.1", "::", "::2", "fe80::1",
                           "", "localhost.example.com"}) {
    CHECK_FALSE(is_loopback(host));
  }
}

TEST_CASE("a settings file") {
  const File file("# mine\nbolt = \"127.0.0.1:1\"\nthreads = 3\nallow_unauthenticated = true\n");
  Settings s;
  REQUIRE(load_file(s, file.path(), true).has_value());
  CHECK(s.bolt == "127.0.0.1:1");
  CHECK(s.threads == 3);
  CHECK(s.allow_unauthenticated);
  CHECK(s.http == "127.0.0.1:7474");
  CHECK(s.sources.at("threads") == "file " + file.path() + ", line 3");
}

TEST_CASE("errors of a settings file name the file and the line") {
  const std::pair<const char*, const char*> cases[] = {
      {"bolt = \"127.0.0.1:1\"\nthreads = \"many\"\n", "line 2: setting threads: 'many'"},
      {"bolt = \"127.0.0.1:1\"\n\ncolour = 1\n", "line 3: there is no setting 'colour'"},
      {"threads = [1]\n", "line 1: threads must be a text, a whole number, true or false"},
      {"threads = 1.5\n", "line 1: threads must be"},
      {"[section]\nthreads = 1\n", "section must be"},
      {"threads = \n", "line 1"},
      {"threads 4\n", "line 1"},
      {"threads = 1\nthreads = 2\n", "line 2"},
  };
  for (const auto& [text, words] : cases) {
    const std::string shown = text;
    CAPTURE(shown);
    const File file(text);
    Settings s;
    const auto done = load_file(s, file.path(), true);
    REQUIRE_FALSE(done.has_value());
    const std::string message = done.error().message();
    CAPTURE(message);
    CHECK(message.find(file.path()) != std::string::npos);
    CHECK(message.find(words) != std::string::npos);
  }
}

TEST_CASE("a file that isn't there is an error only when it was asked for") {
  Settings s;
  CHECK(load_file(s, "/nowhere/packhouse.toml", false).has_value());
  const auto done = load_file(s, "/nowhere/packhouse.toml", true);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().message() == "there is no settings file /nowhere/packhouse.toml");
  CHECK_FALSE(load_file(s, std::filesystem::temp_directory_path().string(), true).has_value());
}

TEST_CASE("the environment") {
  CHECK(environment_name("max_snapshot_age_s") == "PACKHOUSE_MAX_SNAPSHOT_AGE_S");
  Settings s;
  REQUIRE(load_environment(s, {"PATH=/bin", "PACKHOUSE_THREADS=7", "PACKHOUSE_HTTP=off", "PACKHOUSE_CONFIG=/x",
                               "PACKHOUSE_PORT=tcp://10.0.0.1:7687", "NOT_PACKHOUSE_THREADS=1", "PACKHOUSE_DATA=a=b"})
              .has_value());
  CHECK(s.threads == 7);
  CHECK(s.http == "off");
  CHECK(s.data == "a=b");
  CHECK(s.sources.at("threads") == "environment");
  REQUIRE(s.warnings.size() == 1);
  CHECK(s.warnings[0].find("PACKHOUSE_PORT") != std::string::npos);
  const auto bad = load_environment(s, {"PACKHOUSE_THREADS=some"});
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().message().find("environment: ") == 0);
}

TEST_CASE("what is read later wins") {
  const File file("threads = 1\nlog_level = \"warn\"\nmessage_mb = 5\n");
  Settings s;
  REQUIRE(load_file(s, file.path(), true).has_value());
  REQUIRE(load_environment(s, {"PACKHOUSE_THREADS=2", "PACKHOUSE_LOG_LEVEL=error"}).has_value());
  REQUIRE(set(s, "threads", "3", "command line").has_value());
  CHECK(s.threads == 3);
  CHECK(s.log_level == "error");
  CHECK(s.message_mb == 5);
  CHECK(s.sources.at("threads") == "command line");
  CHECK(s.sources.at("log_level") == "environment");
  CHECK(s.sources.at("message_mb").find("file ") == 0);
}

TEST_CASE("a public address needs authentication, or to be allowed explicitly") {
  const std::pair<const char*, bool> hosts[] = {
      {"127.0.0.1:1", true}, {"127.9.9.9:1", true}, {"localhost:1", true},    {"[::1]:1", true},
      {"0.0.0.0:1", false},  {"[::]:1", false},     {"192.168.0.1:1", false}, {"db.example:1", false},
  };
  for (const auto& [address, safe] : hosts) {
    for (const char* setting : {"bolt", "http"}) {
      const std::string name = setting, where = address;
      CAPTURE(name);
      CAPTURE(where);
      Settings s;
      REQUIRE(set(s, name, where, "test").has_value());
      const auto checked = check(s);
      CHECK(checked.has_value() == safe);
      if (!checked) {
        CHECK(checked.error().message().find("setting " + name) == 0);
        CHECK(checked.error().message().find("allow_unauthenticated") != std::string::npos);
      }
      s.allow_unauthenticated = true;
      CHECK(check(s).has_value());
    }
  }
}

TEST_CASE("addresses taken apart") {
  const auto parts = [](std::string_view text) {
    const auto a = parse_address(text);
    return a ? a->host + " " + std::to_string(a->port) : std::string("refused");
  };
  CHECK(parts("localhost:7687") == "localhost 7687");
  CHECK(parts("[::1]:0") == "::1 0");
  CHECK(parts("10.0.0.1:65535") == "10.0.0.1 65535");
  for (const char* bad : {"", ":", "x", "x:", "x:y", ":1", "x:65536", "x:-1", "[]:1", "x:1 "}) {
    const std::string text = bad;
    CAPTURE(text);
    CHECK(parts(text) == "refused");
  }
}
