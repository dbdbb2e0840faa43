#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "tdtp/row_source.hpp"

namespace packhouse::tdtp {

/// How two tables are compared.
struct DiffOptions {
  bool ignore_case = false;
  std::vector<std::string> keys;               ///< names of the key columns; none: those of the old table
  std::size_t memory = std::size_t{64} << 20;  ///< of StreamDiff
  std::function<bool()> going_on = {};         ///< of StreamDiff: asked now and then while it compares; false stops it
};

/// The numbers of the key columns, if the tables can be compared: of one name, with the same columns. Messages: `diff
/// error: …`.
Result<std::vector<std::size_t>> diff_keys(const Header& old_header, const Schema& old_schema, const Header& new_header,
                                           const Schema& new_schema, const std::vector<std::string>& keys = {});

/// The error for a key that comes twice in the `which` ("old", "new") table, in rows counted from 0.
Error repeated_key(std::string_view key, std::string_view which, std::uint64_t first, std::uint64_t second);

/// Compares rows by some columns.
class RowComparer {
 public:
  RowComparer(std::vector<std::size_t> keys, bool ignore_case) : keys_(std::move(keys)), ignore_case_(ignore_case) {}

  /// A text that two rows share only if their keys are equal: cells with their lengths. A single cell stands for
  /// itself, as a view of the row; anything else is written to `memory`.
  std::string_view key(Rows::Row row, std::string& memory) const;
  /// The key as people write it: cells between |.
  std::string shown_key(Rows::Row row) const;
  /// Where the cells differ, up to the end of the shorter row.
  std::vector<std::size_t> changed(Rows::Row a, Rows::Row b) const;

 private:
  std::vector<std::size_t> keys_;
  bool ignore_case_;
};

}  // namespace packhouse::tdtp
