#include "tdtp/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/ascii.hpp"
#include "base/output_file.hpp"

namespace packhouse::tdtp {

std::string system_error(int number) {
  char text[128] = "";
  std::string s = ::strerror_r(number, text, sizeof text);
  if (!s.empty()) s[0] = ascii_lower(s[0]);
  return s;
}

Result<OutFile> OutFile::create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return fail(Status::argument_error, "open " + path + ": " + system_error(errno));
  return OutFile(path, fd);
}

OutFile::OutFile(OutFile&& o) noexcept
    : path_(std::move(o.path_)), buffer_(std::move(o.buffer_)), fd_(std::exchange(o.fd_, -1)) {}

OutFile::~OutFile() {
  if (fd_ < 0) return;
  // Never a device or a pipe that somebody named as the target.
  struct stat info {};
  if (::fstat(fd_, &info) == 0 && S_ISREG(info.st_mode)) ::unlink(path_.c_str());
  ::close(fd_);
}

Result<void> OutFile::flush() {
  for (std::size_t done = 0; done < buffer_.size();) {
    const ssize_t n = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Status::storage_failed, "write " + path_ + ": " + system_error(errno));
    done += static_cast<std::size_t>(n);
  }
  buffer_.clear();
  return ok;
}

Result<void> OutFile::close() {
  PACKHOUSE_CHECK(flush());
  if (::close(std::exchange(fd_, -1)) != 0) {
    const int why = errno;
    ::unlink(path_.c_str());
    return fail(Status::storage_failed, "close " + path_ + ": " + system_error(why));
  }
  return ok;
}

namespace {

std::filesystem::path folder_of(const std::string& path) {
  auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder;
}

}  // namespace

FileSet::~FileSet() {
  for (const auto& [written, path, wanted] : files_) {
    if (written != path) ::unlink(written.c_str());
  }
}

Result<std::string> FileSet::add(const std::string& wanted) {
  std::error_code problem;
  const auto followed = std::filesystem::canonical(wanted, problem);
  // A link stays, what it leads to is replaced.
  const std::string path = problem || !follow_links_ ? wanted : followed.string();
  const auto refuse = [&](int why) {
    return fail(Status::argument_error, "open " + wanted + ": " + system_error(why));
  };
  struct stat info {};
  const int found = follow_links_ ? ::stat(path.c_str(), &info) : ::lstat(path.c_str(), &info);
  const bool there = found == 0 && !S_ISLNK(info.st_mode);
  if (there && S_ISDIR(info.st_mode)) return refuse(EISDIR);
  if (there && !S_ISREG(info.st_mode) && !follow_links_) return refuse(EINVAL);
  if (there && !S_ISREG(info.st_mode)) {
    files_.push_back({path, path, wanted});
    return path;
  }
  const FreshFile fresh = make_fresh_file(folder_of(path), 0644);
  if (fresh.file < 0) return refuse(fresh.why);
  files_.push_back({fresh.path.string(), path, wanted});
  const bool allowed = !there || ::fchmod(fresh.file, info.st_mode & 0777U) == 0;
  const int why = errno;
  ::close(fresh.file);
  if (!allowed) return refuse(why);
  return files_.back().written;
}

Result<void> FileSet::publish() {
  const auto give_up = [&](std::size_t done, int why) {
    for (std::size_t i = 0; i < done; ++i) {
      if (files_[i].written != files_[i].path) ::unlink(files_[i].path.c_str());
    }
    return fail(Status::storage_failed, "rename " + files_[std::min(done, files_.size() - 1)].path + ": " + system_error(why));
  };
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const auto& [written, path, wanted] = files_[i];
    if (written == path) continue;
    int why = sync_path(written);
    if (why == 0 && ::rename(written.c_str(), path.c_str()) != 0) why = errno;
    if (why != 0) return give_up(i, why);
  }
  // All lie in one folder.
  if (!files_.empty() && files_[0].written != files_[0].path) {
    if (const int why = sync_path(folder_of(files_[0].path)); why != 0) return give_up(files_.size(), why);
  }
  files_.clear();
  return ok;
}

std::vector<std::string> FileSet::paths() const {
  std::vector<std::string> out;
  for (const auto& file : files_) out.push_back(file.wanted);
  return out;
}

}  // namespace packhouse::tdtp
