#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tdtp/row_source.hpp"
#include "tdtp/xml/reader.hpp"

namespace packhouse::tdtp {

/// Called after every piece with the bytes read so far and the size of all files. False stops the work.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t size)>;

/// The files that a path means: itself if it is there, else the parts of that name, in order:
/// Users_part_1_of_3.tdtp.xml … or, as the original calls them, Users.tdtp_part_1_of_3.xml … for Users.tdtp.xml. Parts
/// that are missing and two sets of parts are errors. The path itself if there is nothing.
Result<std::vector<std::string>> files_of(const std::string& path);

/// To be called after a table was written as `parts` files, or one: removes what the path's name meant before and would
/// still mean to files_of, or would stand beside it: the single file if there are parts now, sets of other numbers of
/// parts. Folders and devices stay, and so does everything if the table was made of `read`, which is one of these files.
Result<void> remove_former(const std::string& path, std::size_t parts, const std::string& read = {});

/// Reads a table of one file or of several parts, piece by piece. What it gives out before the end is not yet checked
/// as a whole: whoever acts on rows must be able to take it back. Parts have to be of one table and one message.
class TableReader final : public RowSource {
 public:
  struct Options {
    Limits limits = {};
    Progress progress = {};
    bool strict = false;  ///< a row that has not as many cells as there are columns is an error
  };
  /// Header and schema are known from here on.
  static Result<std::unique_ptr<TableReader>> open(std::vector<std::string> files, Options options);

  const Header& header() const override { return header_; }
  const Schema& schema() const override { return schema_; }
  Result<bool> next(Rows& rows) override;
  std::size_t parts() const { return files_.size(); }
  std::uint64_t size() const { return size_; }

 private:
  TableReader(std::vector<std::string> files, Options options)
      : files_(std::move(files)), options_(std::move(options)) {}
  Result<void> open_part();
  Result<void> check_part() const;
  Result<bool> read(Rows& rows);
  Result<void> check_widths(const Rows& rows);
  tl::unexpected<Error> refuse(const std::string& why) const;

  std::vector<std::string> files_;
  Options options_;
  Header header_;
  Schema schema_;
  std::unique_ptr<PacketReader> reader_, ended_;
  Rows first_;
  bool ahead_ = false, part_checked_ = false;
  std::size_t part_ = 0;
  std::uint64_t done_ = 0, size_ = 0, row_ = 0;
};

}  // namespace packhouse::tdtp
