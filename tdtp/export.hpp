#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "tdtp/limits.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp {

/// How a table is cut into files.
struct ExportOptions {
  bool compress = false;
  std::int64_t level = 3;
  bool checksum = true;                ///< with compress only
  std::size_t part_bytes = 3'800'000;  ///< of the estimate that the original makes of a part
  bool follow_links = true;            ///< false: a link in a file's place is replaced, not what it leads to

  /// From {"compress":…,"level":…,"checksum":…,"part_bytes":…}; an empty text and null mean the defaults, so do
  /// values of a wrong type. Message: `invalid options JSON: …`.
  static Result<ExportOptions> parse(std::string_view text, const Limits& limits = {});
};

/// Decides row by row where a part ends.
class PartCutter {
 public:
  explicit PartCutter(std::size_t part_bytes) : part_bytes_(part_bytes) {}
  /// Whether this row begins a new part.
  bool cut_before(Rows::Row row);

 private:
  std::size_t part_bytes_, size_ = 0;
  bool any_ = false;
};

/// Where each part of a table begins, and its end: rows [cuts[i], cuts[i + 1]). Never fewer than one part.
std::vector<std::size_t> cut_parts(const Rows& rows, std::size_t part_bytes);

/// dir/Users_part_1_of_3.tdtp.xml for dir/Users.tdtp.xml; the path itself if there is one part (decision T3).
std::string part_path(const std::string& base, std::size_t part, std::size_t total);

/// The headers of an export: table and timestamp of `from`, one message id for all parts.
class PartHeaders {
 public:
  PartHeaders(const Header& from, std::size_t total);
  /// Of part `part` (from 1) with so many rows.
  Header of(std::size_t part, std::size_t rows) const;

 private:
  Header header_;
};

/// Writes rows [from, to) as one part. Messages: `compress part N: …`, `write part N: …`.
Result<void> write_part(const std::string& path, const Header& header, const Schema& schema, const Rows& rows,
                        std::size_t from, std::size_t to, const ExportOptions& options);

/// Writes the table as reference packets, in as many files as it takes, and returns their paths. If one fails, none
/// is there. Messages: `compress part N: …`, `write part N: …`.
Result<std::vector<std::string>> export_all(const Packet& packet, const std::string& base,
                                            const ExportOptions& options);

}  // namespace packhouse::tdtp
