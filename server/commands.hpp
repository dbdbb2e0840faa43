#pragma once
#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"

namespace packhouse::server {

/// Where settings come from, weakest first: file, environment, command line.
struct Sources {
  std::string file;  ///< given by --config; empty: $PACKHOUSE_CONFIG, else ./packhouse.toml if it exists
  std::vector<std::string> environment;                            ///< "NAME=value"
  std::vector<std::pair<std::string, std::string>> command_line;   ///< setting, value
};
Result<config::Settings> read_settings(const Sources& sources);

// The subcommands; each returns the exit code: 0 fine, 1 it went wrong, 2 wrong settings.
int run_serve(const Sources& sources);
int run_config(const Sources& sources);
int run_dump(const std::string& file);

}  // namespace packhouse::server
