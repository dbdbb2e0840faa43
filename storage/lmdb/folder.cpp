#include "storage/lmdb/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace packhouse::storage::lmdb {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view lock_name = "LOCK";
constexpr std::string_view marker_name = "UNSYNCED";

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// Different after every start of the machine; empty where the system doesn't tell.
std::string boot_id() { return first_line("/proc/sys/kernel/random/boot_id"); }

/// A folder without a store must be empty, so that we never write between somebody else's files.
Result<void> refuse_foreign(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder / "data.mdb", error)) return ok;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name == lock_name || name == "lock.mdb" || name == marker_name || name == "lost+found") continue;
    return fail(Status::storage_failed, "the folder " + folder.string() + " holds no Packhouse store, but other files ('" + name +
                                            "'); give an empty folder or that of a store");
  }
  if (error) return tl::make_unexpected(system_error("read the folder " + folder.string(), error.value()));
  return ok;
}

Result<void> write_all(int file, std::string_view content, const fs::path& path) {
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size())) {
    return tl::make_unexpected(system_error("write " + path.string(), errno));
  }
  return ok;
}

void sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

Error system_error(std::string_view doing, int number) {
  return Error(Status::storage_failed, "could not " + std::string(doing) + ": " + std::generic_category().message(number));
}

Result<Folder> Folder::claim(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return tl::make_unexpected(system_error("create the folder " + path.string(), error.value()));
  PACKHOUSE_CHECK(refuse_foreign(path));

  const fs::path name = path / lock_name;
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return tl::make_unexpected(system_error("open " + name.string(), errno));
  Folder folder(path, file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return tl::make_unexpected(system_error("lock " + name.string(), errno));
    return fail(Status::storage_failed, "another server (process " + first_line(name) + ") already uses the store in " + path.string());
  }
  PACKHOUSE_CHECK(write_all(file, std::to_string(::getpid()) + "\n", name));
  return folder;
}

Folder::~Folder() {
  if (lock_ >= 0) ::close(lock_);  // gives the lock back
}

Folder::Marker Folder::marker() const {
  std::error_code error;
  const fs::path name = path_ / marker_name;
  if (!fs::exists(name, error)) return Marker::none;
  const std::string now = boot_id();
  return !now.empty() && first_line(name) == now ? Marker::this_boot : Marker::earlier_boot;
}

Result<void> Folder::set_marker() {
  const fs::path name = path_ / marker_name;
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return tl::make_unexpected(system_error("create " + name.string(), errno));
  auto written = write_all(file, boot_id() + "\n", name);
  if (written && ::fsync(file) != 0) written = tl::make_unexpected(system_error("sync " + name.string(), errno));
  ::close(file);
  if (written) sync_folder(path_);
  return written;
}

void Folder::clear_marker() {
  std::error_code error;
  fs::remove(path_ / marker_name, error);  // if it stays, the next start checks once more than it needs
}

}  // namespace packhouse::storage::lmdb
