#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "tdtp/export.hpp"
#include "tdtp/table_reader.hpp"

namespace packhouse::server {

/// `packhouse tdtp …`: what the command line said.
struct TdtpOptions {
  std::string in, second, out, where, pattern, label, data = "./data", mask_char = "*";
  std::vector<std::string> fields, keys;
  std::int64_t level = 3, part_bytes = 3'800'000, visible = 0, batch = 0, memory_mb = 4096;
  bool info = false, ignore_case = false, compress = false, no_checksum = false,
       progress = false;
};

/// Percent on standard error, if somebody is looking or asks for it.
class Meter {
 public:
  explicit Meter(const TdtpOptions& options);
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter();
  bool operator()(std::uint64_t done, std::uint64_t size);

 private:
  bool watched_;
  int shown_ = -1;
};

/// Adds `tdtp` with its subcommands read, filter, mask, diff, export and import. `options` is filled by parsing.
CLI::App& add_tdtp(CLI::App& app, TdtpOptions& options);

/// Runs the subcommand that was chosen; 0, or 1 with a message on standard error.
int run_tdtp(const CLI::App& tdtp, const TdtpOptions& options);

/// What the command line says of parts and compression.
tdtp::ExportOptions export_options(const TdtpOptions& options);

/// A table on its way in, of one file or of parts.
Result<std::unique_ptr<tdtp::TableReader>> open_table(const std::string& path, const tdtp::Progress& progress,
                                                      bool strict = false);

/// `packhouse tdtp export --label`: nodes of a store that no server has open, as a table.
Result<void> run_tdtp_label_export(const TdtpOptions& options);

/// `packhouse tdtp import`: rows into the nodes of a store that no server has open.
Result<void> run_tdtp_import(const TdtpOptions& options);

}  // namespace packhouse::server
