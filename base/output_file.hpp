#pragma once
#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace packhouse {

/// A file of a random name (`.packhouse-….part`) that was made just now and belongs to its maker alone.
struct FreshFile {
  std::filesystem::path path;
  int file = -1;  ///< open for writing, or -1
  int why = 0;    ///< errno, when there is none
};

/// Makes one in `folder`, with permissions `mode` less the umask. Names that are taken, by a process that crashed for
/// example, are passed over.
FreshFile make_fresh_file(const std::filesystem::path& folder, unsigned mode);

/// Waits until the disk has a file, or the names in a folder. 0 or an errno.
int sync_path(const std::filesystem::path& path);

/// A file that is there whole or not at all: written under a temporary name, and renamed by finish(). Without that
/// nothing is left of it. Errors are Status::external_resource_failed.
class OutputFile {
 public:
  /// Written beside its place.
  static Result<OutputFile> create(std::filesystem::path place);
  /// Written in `folder`, on the file system of its place, which is told to finish_as().
  static Result<OutputFile> create_in(const std::filesystem::path& folder);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  Result<void> write(Bytes bytes);
  /// On the disk, and under its name; an older file of that name is gone. Nothing may be written afterwards.
  Result<void> finish();
  Result<void> finish_as(std::filesystem::path place);

 private:
  OutputFile(std::filesystem::path place, FreshFile fresh)
      : place_(std::move(place)), temporary_(std::move(fresh.path)), file_(fresh.file) {}
  tl::unexpected<Error> failed(std::string_view what, int why) const;

  std::filesystem::path place_, temporary_;
  int file_;
};

}  // namespace packhouse
