#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "tdtp/rows.hpp"

namespace packhouse::tdtp {

/// One row as a text that can be written to a file and taken apart again.
void pack_row(Rows::Row row, std::string& out);
/// Appends the cells of a packed row, views of it.
void unpack_row(std::string_view packed, std::vector<std::string_view>& cells);
/// One cell of it; empty behind the last.
std::string_view packed_cell(std::string_view packed, std::size_t column);

/// Sorts any number of records in bounded memory: what does not fit goes to a temporary file (in TMPDIR, else /tmp) as
/// sorted runs, which are merged. Records that are equal stay in the order they came in. Not to be shared between
/// threads.
class ExternalSorter {
 public:
  using Before = std::function<bool(std::string_view, std::string_view)>;
  struct Options {
    std::size_t memory = std::size_t{64} << 20;  ///< bytes of records held, roughly
    std::optional<std::uint64_t> first = {};     ///< only so many records are wanted: the others are forgotten
  };

  ExternalSorter(Before before, const Options& options);
  ~ExternalSorter();
  ExternalSorter(ExternalSorter&&) noexcept;
  ExternalSorter& operator=(ExternalSorter&&) = delete;

  /// Errors: Status::storage_failed, the temporary file can't be written.
  Result<void> add(std::string_view record);
  /// All have been added.
  Result<void> finish();
  /// The next record in order, good until the next call; nothing at the end.
  Result<std::optional<std::string_view>> next();
  /// Whether a temporary file was needed.
  bool spilled() const { return !runs_.empty(); }

 private:
  class TemporaryFile;
  class Run;

  std::string_view record(std::size_t offset) const;
  void sort();
  void keep_first();
  Result<void> make_room();
  Result<void> spill();
  bool later(std::size_t a, std::size_t b) const;

  Before before_;
  Options options_;
  std::string held_;                  // records, each behind its length
  std::vector<std::size_t> offsets_;  // where they begin in held_
  std::unique_ptr<TemporaryFile> file_;
  std::vector<std::unique_ptr<Run>> runs_;
  std::vector<std::size_t> heap_;  // runs that have a record, the next one on top
  std::optional<std::size_t> given_;
  std::uint64_t at_ = 0;
};

}  // namespace packhouse::tdtp
