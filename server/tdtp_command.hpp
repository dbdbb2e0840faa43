#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace packhouse::server {

/// `packhouse tdtp …`: what the command line said.
struct TdtpOptions {
  std::string in, second, out, where, pattern, mask_char = "*";
  std::vector<std::string> fields, keys;
  std::int64_t level = 3, part_bytes = 3'800'000, visible = 0;
  bool info = false, ignore_case = false, compress = false, no_checksum = false;
};

/// Adds `tdtp` with its subcommands read, filter, mask, diff and export. `options` is filled by parsing.
CLI::App& add_tdtp(CLI::App& app, TdtpOptions& options);

/// Runs the subcommand that was chosen; 0, or 1 with a message on standard error.
int run_tdtp(const CLI::App& tdtp, const TdtpOptions& options);

}  // namespace packhouse::server
