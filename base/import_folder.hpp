#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace packhouse {

/// The one folder in which statements may name files. Names are paths inside it or file: URLs, of which the folder is
/// the root: `cars.csv`, `file:///cars.csv` and `/cars.csv` are the same file. Nothing outside is reachable, by `..`, links or
/// otherwise. Immutable.
class ImportFolder {
 public:
  explicit ImportFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// A regular file that is there. Errors (Status::external_resource_failed): no such file, outside the folder, another
  /// kind of URL.
  Result<std::filesystem::path> existing(std::string_view name) const;

 private:
  Result<std::filesystem::path> inside(std::string_view name) const;

  std::filesystem::path folder_;
};

}  // namespace packhouse
