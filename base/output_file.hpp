#pragma once
#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace packhouse {

/// A file that is there whole or not at all: written under a temporary name beside its place, and renamed by finish().
/// Without that nothing is left of it. Errors are Status::external_resource_failed.
class OutputFile {
 public:
  static Result<OutputFile> create(std::filesystem::path place);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  Result<void> write(Bytes bytes);
  /// On the disk, and under its name; an older file of that name is gone. Nothing may be written afterwards.
  Result<void> finish();

 private:
  OutputFile(std::filesystem::path place, std::filesystem::path temporary, int file)
      : place_(std::move(place)), temporary_(std::move(temporary)), file_(file) {}
  tl::unexpected<Error> failed(std::string_view what) const;

  std::filesystem::path place_, temporary_;
  int file_;
};

}  // namespace packhouse
