#include "base/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace packhouse {

tl::unexpected<Error> OutputFile::failed(std::string_view what) const {
  return fail(Status::external_resource_failed, "Cannot write to '" + place_.filename().string() +
                                                    "': " + std::string(what) + ": " + std::strerror(errno));
}

Result<OutputFile> OutputFile::create(std::filesystem::path place) {
  static std::atomic<unsigned> count{0};
  auto temporary =
      place.parent_path() / (".packhouse-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".part");
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  OutputFile out(std::move(place), std::move(temporary), file);
  if (file < 0) return out.failed("a file can't be created in its folder");
  return out;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : place_(std::move(other.place_)), temporary_(std::move(other.temporary_)), file_(std::exchange(other.file_, -1)) {}

OutputFile::~OutputFile() {
  if (file_ < 0) return;
  (void)::close(file_);  // what it holds is thrown away
  (void)::unlink(temporary_.c_str());
}

Result<void> OutputFile::write(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("writing");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return ok;
}

Result<void> OutputFile::finish() {
  if (::fsync(file_) != 0) return failed("writing to the disk");
  if (::rename(temporary_.c_str(), place_.c_str()) != 0) return failed("giving it its name");
  (void)::close(std::exchange(file_, -1));  // all of it is on the disk
  return ok;
}

}  // namespace packhouse
