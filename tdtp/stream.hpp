#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "tdtp/diff.hpp"
#include "tdtp/export.hpp"
#include "tdtp/limits.hpp"
#include "tdtp/processors/processor.hpp"

// From file to file in memory that depends on a piece of a file, not on the file. An error leaves no output.
namespace packhouse::tdtp {

/// Called after every piece with the bytes read so far and the size of the file. False stops the work.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t size)>;

/// What went in and came out.
struct StreamReport {
  std::uint64_t rows_read = 0, rows_written = 0;
  std::vector<std::string> files;
};

/// What is done to rows on their way. LIMIT and OFFSET of the condition count; ORDER BY, which needs all rows, is
/// refused.
struct StreamSteps {
  std::string where;             ///< empty: all rows
  const Chain* chain = nullptr;  ///< applied to the rows that are let through
};

/// Copies a file through the steps. The header is kept, but for RecordsInPart.
Result<StreamReport> copy_file(const std::string& in, const std::string& out, const StreamSteps& steps,
                               const Limits& limits = {}, const Progress& progress = {});

/// Cuts a file into parts, as export_all does with a table. Reads it twice: every part names their number.
Result<StreamReport> export_file(const std::string& in, const std::string& base, const ExportOptions& options,
                                 const Limits& limits = {}, const Progress& progress = {});

/// Reads a file and hands its rows on, piece by piece.
Result<void> read_pieces(const std::string& in, const Limits& limits, const Progress& progress,
                         const std::function<Result<void>(const Header&, const Schema&, Rows&)>& each);

}  // namespace packhouse::tdtp
