#include "server/commands.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>

#include "packstream/print.hpp"
#include "server/log.hpp"
#include "server/server.hpp"

namespace packhouse::server {
namespace {

int complain(const Error& error, int code) {
  std::fprintf(stderr, "packhouse: %s\n", error.message().c_str());
  return code;
}

/// Every connection is a file; shells allow 1,024 unless asked for more.
void allow_many_files(std::int64_t connections) {
  constexpr std::int64_t others = 256;
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const auto wanted = std::min(static_cast<::rlim_t>(connections + others), limit.rlim_max);
  if (wanted <= limit.rlim_cur) return;
  limit.rlim_cur = wanted;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Result<config::Settings> read_settings(const Sources& sources) {
  config::Settings settings;
  std::string file = sources.file;
  constexpr std::string_view variable = "PACKHOUSE_CONFIG=";
  for (const std::string& e : sources.environment) {
    if (file.empty() && e.starts_with(variable)) file = e.substr(variable.size());
  }
  PACKHOUSE_CHECK(config::load_file(settings, file.empty() ? "packhouse.toml" : file, !file.empty()));
  PACKHOUSE_CHECK(config::load_environment(settings, sources.environment));
  for (const auto& [name, value] : sources.command_line) PACKHOUSE_CHECK(config::set(settings, name, value, "command line"));
  PACKHOUSE_CHECK(config::check(settings));
  return settings;
}

int run_serve(const Sources& sources) {
  const auto settings = read_settings(sources);
  if (!settings) return complain(settings.error(), 2);
  start_logging(settings->log_level);
  for (const std::string& warning : settings->warnings) log::warn(warning);
  allow_many_files(settings->max_connections);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit is an error of the write, like a full disk
  try {
    auto server = Server::make(*settings);
    if (!server) return complain(server.error(), 1);
    (*server)->run([&] {
      std::printf("ready bolt://%s\n", (*server)->bolt_address().c_str());
      std::fflush(stdout);
    });
  } catch (const std::exception& e) {  // memory or threads ran out while starting or stopping
    return complain(Error(Status::internal, e.what()), 1);
  }
  stop_logging();
  return 0;
}

int run_config(const Sources& sources) {
  const auto settings = read_settings(sources);
  if (!settings) return complain(settings.error(), 2);
  for (const std::string& warning : settings->warnings) std::fprintf(stderr, "packhouse: %s\n", warning.c_str());
  std::fputs(config::print(*settings).c_str(), stdout);
  return 0;
}

int run_dump(const std::string& file) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    if (!opened) return complain(Error(Status::argument_error, "cannot read " + file), 1);
  }
  std::istream& in = file == "-" ? std::cin : opened;
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::cout << packstream::print(as_bytes(bytes)) << "\n";
  return 0;
}

}  // namespace packhouse::server
