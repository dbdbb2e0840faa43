#include "base/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <system_error>
#include <utility>

namespace packhouse {

namespace fs = std::filesystem;

FreshFile make_fresh_file(const fs::path& folder, unsigned mode) {
  std::random_device random;
  FreshFile out;
  for (int attempt = 0; attempt < 100; ++attempt) {
    char name[40];
    std::snprintf(name, sizeof name, ".packhouse-%08x%08x.part", random(), random());
    out.path = folder / name;
    out.file = ::open(out.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    out.why = out.file < 0 ? errno : 0;
    if (out.why != EEXIST) break;
  }
  return out;
}

int sync_path(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int why = file < 0 || ::fsync(file) != 0 ? errno : 0;
  if (file >= 0) (void)::close(file);  // nothing was written through it
  return why;
}

tl::unexpected<Error> OutputFile::failed(std::string_view what, int why) const {
  const fs::path& place = place_.empty() ? temporary_ : place_;
  return fail(Status::external_resource_failed, "Cannot write to '" + place.filename().string() + "': " + std::string(what) +
                                                    ": " + std::generic_category().message(why));
}

Result<OutputFile> OutputFile::create(fs::path place) {
  const fs::path folder = place.parent_path();
  FreshFile fresh = make_fresh_file(folder.empty() ? "." : folder, 0666);
  const int why = fresh.why;
  OutputFile out(std::move(place), std::move(fresh));
  if (why != 0) return out.failed("a file can't be created in its folder", why);
  return out;
}

Result<OutputFile> OutputFile::create_in(const fs::path& folder) {
  FreshFile fresh = make_fresh_file(folder, 0666);
  const int why = fresh.why;
  OutputFile out({}, std::move(fresh));
  if (why != 0) return out.failed("it can't be created in " + folder.string(), why);
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
    if (n < 0) return failed("writing", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return ok;
}

Result<void> OutputFile::finish() {
  if (::fsync(file_) != 0) return failed("writing to the disk", errno);
  if (::rename(temporary_.c_str(), place_.c_str()) != 0) return failed("giving it its name", errno);
  (void)::close(std::exchange(file_, -1));  // all of it is on the disk
  const fs::path folder = place_.parent_path();
  if (const int why = sync_path(folder.empty() ? "." : folder); why != 0) return failed("writing its folder to the disk", why);
  return ok;
}

Result<void> OutputFile::finish_as(fs::path place) {
  place_ = std::move(place);
  return finish();
}

}  // namespace packhouse
