#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "server/commands.hpp"
#include "server/tdtp_command.hpp"
#include "server/version.hpp"

using namespace packhouse;

namespace {

/// Options of `serve` and `config`: one for each setting, so that none can be forgotten.
struct SettingOptions {
  std::string file;
  std::map<std::string, std::string, std::less<>> values;
};

void add_settings(CLI::App& command, SettingOptions& options) {
  command.add_option("--config", options.file, "settings file (default: ./packhouse.toml if there is one)");
  for (const config::Setting& s : config::settings_table()) {
    std::string flag = "--" + std::string(s.name);
    std::ranges::replace(flag, '_', '-');
    auto* option = command.add_option(flag, options.values[std::string(s.name)], std::string(s.description));
    option->expected(0, 1)->default_str("true");
  }
}

server::Sources sources_of(const CLI::App& command, const SettingOptions& options, char** environment) {
  server::Sources sources;
  sources.file = options.file;
  for (const auto& [name, value] : options.values) {
    std::string flag = "--" + name;
    std::ranges::replace(flag, '_', '-');
    if (command.count(flag) > 0) sources.command_line.emplace_back(name, value);
  }
  for (char** e = environment; e && *e; ++e) sources.environment.emplace_back(*e);
  return sources;
}

}  // namespace

int main(int argc, char** argv, char** environment) {
  CLI::App app("packhouse: a graph database server that Neo4j drivers connect to");
  app.set_version_flag("--version", "packhouse " + std::string(server::version));
  app.require_subcommand(1);

  SettingOptions serve_options, config_options;
  CLI::App& serve = *app.add_subcommand("serve", "serve a store over Bolt");
  add_settings(serve, serve_options);
  CLI::App& show = *app.add_subcommand("config", "print the settings in force, with their sources");
  add_settings(show, config_options);
  std::string dump_file;
  CLI::App& dump = *app.add_subcommand("dump", "print a captured PackStream stream");
  dump.add_option("file", dump_file, "file, or - for standard input")->required();
  server::TdtpOptions tdtp_options;
  CLI::App& tdtp = server::add_tdtp(app, tdtp_options);

  CLI11_PARSE(app, argc, argv);
  if (serve) return server::run_serve(sources_of(serve, serve_options, environment));
  if (show) return server::run_config(sources_of(show, config_options, environment));
  if (tdtp) return server::run_tdtp(tdtp, tdtp_options);
  return server::run_dump(dump_file);
}
