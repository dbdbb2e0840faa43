#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "tdtp/export.hpp"
#include "tdtp/limits.hpp"
#include "tdtp/processors/processor.hpp"
#include "tdtp/table_reader.hpp"

// From file to file in memory that depends on a piece of a file, not on the file. A path that is read may mean a set of
// parts (files_of). An error leaves no output.
namespace packhouse::tdtp {

/// What went in and came out.
struct StreamReport {
  std::uint64_t rows_read = 0, rows_written = 0;
  std::vector<std::string> files;
};

/// What is done to rows on their way.
struct StreamSteps {
  std::string where;             ///< empty: all rows; ORDER BY, LIMIT and OFFSET count
  const Chain* chain = nullptr;  ///< applied to the rows that are let through
};

/// Copies a table through the steps. The header is kept, but for what it says of parts and numbers of rows.
Result<StreamReport> copy_file(const std::string& in, const std::string& out, const StreamSteps& steps,
                               const Limits& limits = {}, const Progress& progress = {});

/// Cuts a table into parts, as export_all does. `open` is called twice, because every part names their number: it has
/// to give the same rows.
Result<StreamReport> export_rows(const std::function<Result<std::unique_ptr<RowSource>>()>& open,
                                 const std::string& base, const ExportOptions& options);
/// The same for a file. Progress is of both times.
Result<StreamReport> export_file(const std::string& in, const std::string& base, const ExportOptions& options,
                                 const Limits& limits = {}, const Progress& progress = {});

/// Reads a file and hands its rows on, piece by piece; once at least.
Result<void> read_pieces(const std::string& in, const Limits& limits, const Progress& progress,
                         const std::function<Result<void>(const Header&, const Schema&, Rows&)>& each);

}  // namespace packhouse::tdtp
