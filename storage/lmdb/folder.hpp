#pragma once
#include <filesystem>
#include <utility>

#include "base/error.hpp"

namespace packhouse::storage::lmdb {

/// The store's folder while a process owns it: checks that it is ours, holds the lock file, keeps the marker
/// for commits that may not be on disk. Movable; unlocks when destroyed.
class Folder {
 public:
  /// Creates the folder when missing and locks it. storage_failed: somebody else's files, a running server, no right.
  static Result<Folder> claim(const std::filesystem::path& path);

  Folder(Folder&& o) noexcept : path_(std::move(o.path_)), lock_(std::exchange(o.lock_, -1)) {}
  Folder& operator=(Folder&&) = delete;
  ~Folder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path data() const { return path_ / "data.mdb"; }

  enum class Marker : std::uint8_t { none, this_boot, earlier_boot };
  /// Whether commits were made without sync and never synced, and whether the machine went down since.
  Marker marker() const;
  Result<void> set_marker();
  void clear_marker();

 private:
  Folder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_ = -1;
};

/// "could not <doing>: No space left on device", from errno.
Error system_error(std::string_view doing, int number);

}  // namespace packhouse::storage::lmdb
