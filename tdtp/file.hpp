#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace packhouse::tdtp {

/// "no such file or directory": what errno means, as the messages of the original say it.
std::string system_error(int number);

/// A file that is being written, through a buffer. What is not closed is removed: a failure leaves no half a file.
class OutFile {
 public:
  /// Made with mode 0644 or emptied. Message: `open PATH: no such file or directory`.
  static Result<OutFile> create(const std::string& path);
  OutFile(OutFile&& o) noexcept;
  OutFile& operator=(OutFile&&) = delete;
  ~OutFile();

  /// What is to be written next goes here; call `flush_if_full` now and then.
  std::string& buffer() { return buffer_; }
  Result<void> flush_if_full() { return buffer_.size() >= full ? flush() : Result<void>{}; }
  Result<void> close();

 private:
  static constexpr std::size_t full = std::size_t{256} << 10;
  OutFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  Result<void> flush();

  std::string path_, buffer_;
  int fd_;
};

/// Files that appear all at once when they are complete, or not at all: each is written under another name in its
/// folder and renamed at the end. What is there already is replaced, devices and pipes are written as they are.
class FileSet {
 public:
  /// Without `follow_links` what is written is in the folder that was named: a link there is replaced.
  explicit FileSet(bool follow_links = true) : follow_links_(follow_links) {}
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;
  ~FileSet();

  /// The name to write under. Message: `open PATH: no such file or directory`.
  Result<std::string> add(const std::string& path);
  /// Puts all in their places.
  Result<void> publish();
  /// The names as they were asked for.
  std::vector<std::string> paths() const;

 private:
  struct File {
    std::string written, path, wanted;  // where it is written, what it is to be called, what the caller called it
  };
  const bool follow_links_;
  std::vector<File> files_;
};

}  // namespace packhouse::tdtp
