#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tdtp/diff_rows.hpp"
#include "tdtp/sort.hpp"

namespace packhouse::tdtp {

/// What diff() finds, for tables of any size: both are sorted by key, in temporary files if they have to be
/// (ExternalSorter), and compared side by side. Not to be shared between threads.
class StreamDiff {
 public:
  enum class Change : std::uint8_t { removed, added, modified };
  struct Entry {
    Change change = Change::removed;
    std::string key;                              ///< as people write it
    std::vector<std::string_view> before, after;  ///< cells; none where there is no row
    std::vector<std::size_t> columns;             ///< where they differ
  };
  struct Counts {
    std::uint64_t total_old = 0, total_new = 0, added = 0, removed = 0, modified = 0, unchanged = 0;
  };

  /// Reads both to their ends. Errors as diff().
  static Result<std::unique_ptr<StreamDiff>> open(RowSource& old_table, RowSource& new_table,
                                                  const DiffOptions& options);

  /// The next difference, good until the next call: removed rows in the order of the old table, then added, then
  /// modified ones in that of the new table. False at the end.
  Result<bool> next(Entry& entry);
  const Counts& counts() const { return counts_; }
  /// The numbers of the key columns.
  const std::vector<std::size_t>& keys() const { return keys_; }

 private:
  StreamDiff(std::vector<std::size_t> keys, const DiffOptions& options);
  Result<void> merge(ExternalSorter& old_rows, ExternalSorter& new_rows, const std::function<bool()>& going_on);
  Result<void> keep(Change change, std::uint64_t at, std::string_view before, std::string_view after);

  std::vector<std::size_t> keys_;
  RowComparer comparer_;
  ExternalSorter found_;
  Counts counts_;
  std::string record_;
};

}  // namespace packhouse::tdtp
