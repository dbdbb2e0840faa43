#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace packhouse {

/// The one folder in which statements may name files to read and to write. Names are paths inside it or file: URLs, of which the folder is
/// the root: `cars.csv`, `file:///cars.csv` and `/cars.csv` are the same file. Nothing outside is reachable, by `..`, links or
/// otherwise. Immutable.
class ImportFolder {
 public:
  explicit ImportFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// A regular file that is there. Errors (Status::external_resource_failed): no such file, outside the folder, another
  /// kind of URL.
  Result<std::filesystem::path> existing(std::string_view name) const;
  /// Where a file of this name is to be: in a subfolder that is there. The same errors, and one when there is something
  /// of that name already, unless it is a file and may be overwritten.
  Result<std::filesystem::path> to_write(std::string_view name, bool overwrite) const;

  /// Where a name leads, whether anything is there or not.
  Result<std::filesystem::path> place(std::string_view name) const;
  /// Whether a path lies in the folder when all links are followed.
  bool contains(const std::filesystem::path& path) const;

 private:
  Result<std::filesystem::path> inside(std::string_view name, std::string_view action) const;

  std::filesystem::path folder_;
};

}  // namespace packhouse
