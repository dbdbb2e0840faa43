#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace packhouse::config {

/// Everything that can be set. Defaults stand here; names, units and texts are in settings.cpp's table, from which
/// the file, the environment, the command line and `packhouse config` all work.
struct Settings {
  std::string data = "./data";
  std::string import_folder;       ///< empty: data + "/import"
  std::string object_folder;       ///< empty: data + "/objects"
  std::string bolt = "127.0.0.1:7687";
  std::string http = "127.0.0.1:7474";
  std::string advertised_address;  ///< empty: what bolt listens on
  bool allow_unauthenticated = false;
  bool auth = false;               ///< clients must log in; users are kept in data/system
  std::string initial_password;    ///< of the first user, neo4j; empty: one is made up and printed
  bool initial_password_change = false;
  std::int64_t auth_minimum_password_length = 8;
  std::int64_t auth_max_failed_attempts = 3;
  std::int64_t auth_lock_time_s = 5;
  std::string tls = "off";         ///< off, optional or required
  std::string tls_certificate, tls_key;  ///< PEM files
  std::string websocket_origins;   ///< empty: pages of this machine, or all when auth is on; "*": all
  std::int64_t threads = 0;        ///< 0: one a core, at least two
  std::string durability = "sync"; ///< sync or interval
  std::int64_t sync_interval_ms = 100;
  std::int64_t transaction_timeout_ms = 0;
  std::int64_t query_memory_mb = 1024;
  std::int64_t node_cache_mb = 64;
  std::int64_t message_mb = 256;
  std::int64_t max_connections = 20'000;
  std::int64_t max_connections_per_user = 0;
  std::int64_t idle_timeout_s = 0;
  std::int64_t login_timeout_s = 30;
  std::int64_t keep_alive_s = 60;
  std::int64_t stop_grace_s = 5;
  std::int64_t max_snapshot_age_s = 3600;
  std::string log_level = "info";
  bool test_procedures = false;

  /// Where each value comes from, by setting name: "default", "file …", "environment", "command line".
  std::map<std::string, std::string, std::less<>> sources;

  /// What was read but not understood; the server logs it, `packhouse config` prints it.
  std::vector<std::string> warnings;
};

/// One row of the table of settings.
struct Setting {
  std::string_view name;         ///< as in packhouse.toml and, with dashes, on the command line
  std::string_view description;  ///< with unit and meaning of special values
};
const std::vector<Setting>& settings_table();

/// "PACKHOUSE_BOLT" for "bolt".
std::string environment_name(std::string_view setting);

/// Sets one setting from text. Errors (argument_error) name the setting, the value and what was expected.
Result<void> set(Settings& settings, std::string_view name, std::string_view value, std::string_view source);

/// Reads a TOML file of settings: all keys must be known. `must_exist`: a missing file is an error, else it is skipped.
Result<void> load_file(Settings& settings, const std::string& path, bool must_exist);

/// Takes PACKHOUSE_… variables, and before them NEO4J_AUTH as Neo4j's image has it: "none", "neo4j/PASSWORD" or
/// "neo4j/PASSWORD/true" (the password must be changed). A PACKHOUSE_… variable that names no setting is a warning, not
/// an error: Kubernetes gives every container of a cluster with a service "packhouse" PACKHOUSE_PORT and its like.
Result<void> load_environment(Settings& settings, const std::vector<std::string>& environment);

/// Checks that belong to more than one setting, e.g. that a public address has authentication.
Result<void> check(const Settings& settings);

/// One line a setting: `name = value  # source; description`.
std::string print(const Settings& settings);

/// "host:port" taken apart; port 0 to 65535. IPv6 addresses stand in brackets.
struct Address {
  std::string host;
  std::uint16_t port = 0;
};
Result<Address> parse_address(std::string_view text);

/// True for 127.0.0.0/8, ::1 however it is written, and localhost.
bool is_loopback(std::string_view host);

}  // namespace packhouse::config
