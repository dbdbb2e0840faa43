#include "objects/storages/folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <vector>

#include "objects/keys.hpp"

namespace packhouse::objects {
namespace {

namespace fs = std::filesystem;
using storage::Cells;

tl::unexpected<Error> failed(std::string_view what, const fs::path& path, int code) {
  return fail(Status::storage_failed, std::string(what) + " " + path.string() + ": " + std::generic_category().message(code));
}

/// A file being written; removed again unless it was kept.
class NewFile {
 public:
  explicit NewFile(fs::path path) : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (file_ >= 0) ::close(file_);
    std::error_code ignored;  // it was renamed, or collect() will find it
    fs::remove(path_, ignored);
  }
  const fs::path& path() const { return path_; }

  Result<void> write(Bytes data) {
    if (file_ < 0) return failed("can't create", path_, errno);
    while (!data.empty()) {
      const ssize_t n = ::write(file_, data.data(), data.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed("can't write", path_, errno);
      data = data.subspan(static_cast<std::size_t>(n));
    }
    return ok;
  }
  Result<void> sync() {
    if (file_ < 0) return failed("can't create", path_, errno);
    if (::fsync(file_) != 0) return failed("can't sync", path_, errno);
    return ok;
  }

 private:
  fs::path path_;
  int file_;
};

Result<void> sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = fd >= 0 && ::fsync(fd) == 0;
  const int code = errno;
  if (fd >= 0) ::close(fd);
  if (!done) return failed("can't sync", folder, code);
  return ok;
}

struct CloseFile {
  void operator()(std::FILE* f) const { (void)std::fclose(f); }  // only read from
};

class FileSource final : public ByteSource {
 public:
  FileSource(fs::path path, std::FILE* file) : path_(std::move(path)), file_(file), block_(std::size_t{1} << 16) {}
  Result<std::optional<Bytes>> next() override {
    const std::size_t n = std::fread(block_.data(), 1, block_.size(), file_.get());
    if (n > 0) return Bytes(block_).first(n);
    if (std::ferror(file_.get()) != 0) return failed("can't read", path_, EIO);
    return std::nullopt;
  }

 private:
  fs::path path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::vector<std::byte> block_;
};

/// The file's name from a content's config, which is that name as a JSON string. It can't lead out of the folder.
Result<std::string> name_in(std::string_view config) {
  const bool quoted = config.size() > 2 && config.front() == '"' && config.back() == '"';
  const std::string name(quoted ? config.substr(1, config.size() - 2) : std::string_view());
  const bool plain = std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.'; });
  if (name.size() < 64 || !plain) return fail(Status::storage_failed, "its place is damaged");
  return name;
}

std::string key_of(std::string_view name) { return keys::key(keys::Table::file, name); }

Result<std::uint64_t> references(Cells& cells, const std::string& key) {
  PACKHOUSE_TRY(const auto cell, cells.cell(as_bytes(key)));
  std::uint64_t n = 0;
  if (cell && cell->size() == sizeof n) std::memcpy(&n, cell->data(), sizeof n);
  return n;
}

Result<void> set_references(Cells& cells, const std::string& key, std::uint64_t n) {
  if (n == 0) return cells.erase_cell(as_bytes(key));
  return cells.put_cell(as_bytes(key), std::as_bytes(std::span(&n, 1)));
}

fs::path fresh_temporary(const fs::path& folder) {
  static std::atomic<std::uint64_t> number{0};
  return folder / "temp" / (std::to_string(::getpid()) + "-" + std::to_string(number.fetch_add(1)));
}

}  // namespace

Result<std::string> FolderStorage::put(Cells& cells, Bytes data, const Digest& hash, const ContentFacts& facts) const {
  SingleSource source(data);
  return put_stream(cells, source, [&] { return StreamDigest{hash, data.size()}; }, facts);
}

Result<std::string> FolderStorage::put_stream(Cells& cells, ByteSource& data, const std::function<StreamDigest()>& digest,
                                              const ContentFacts& facts) const {
  std::error_code problem;
  fs::create_directories(folder_ / "temp", problem);
  if (problem) return failed("can't create", folder_ / "temp", problem.value());
  NewFile file(fresh_temporary(folder_));
  for (;;) {
    PACKHOUSE_TRY(const auto piece, data.next());
    if (!piece) break;
    PACKHOUSE_CHECK(file.write(*piece));
  }
  PACKHOUSE_CHECK(file.sync());
  return keep(cells, file.path(), digest(), facts);
}

Result<std::string> FolderStorage::keep(Cells& cells, const fs::path& temporary, const StreamDigest& digest,
                                        const ContentFacts& facts) const {
  const std::string name = digest.hash.hex() + std::string(facts.extension);
  const std::string config = '"' + name + '"';
  PACKHOUSE_CHECK(name_in(config));
  const std::string key = key_of(name);
  PACKHOUSE_CHECK(cells.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const std::uint64_t before, references(cells, key));
  {
    const std::lock_guard lock(mutex_);
    std::error_code problem;
    const fs::path final_path = folder_ / name;
    if (fs::is_regular_file(final_path, problem) && fs::file_size(final_path, problem) == digest.size) {
      fs::last_write_time(final_path, fs::file_time_type::clock::now(), problem);  // collect() lets it alone
    } else {
      fs::rename(temporary, final_path, problem);
      if (!problem) PACKHOUSE_CHECK(sync_folder(folder_));
    }
    if (problem) return failed("can't write", final_path, problem.value());
  }
  PACKHOUSE_CHECK(set_references(cells, key, before + 1));
  return config;
}

Result<std::unique_ptr<ByteSource>> FolderStorage::get(Cells&, const ContentRecord& content) const {
  PACKHOUSE_TRY(const std::string name, name_in(content.storage_config));
  const fs::path path = folder_ / name;
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) return failed("can't open", path, errno);
  return std::make_unique<FileSource>(path, file);
}

Result<void> FolderStorage::drop(Cells& cells, const ContentRecord& content) const {
  PACKHOUSE_TRY(const std::string name, name_in(content.storage_config));
  const std::string key = key_of(name);
  PACKHOUSE_CHECK(cells.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const std::uint64_t before, references(cells, key));
  return set_references(cells, key, before > 0 ? before - 1 : 0);
}

Result<Collected> FolderStorage::collect(Cells& cells, std::int64_t age) const {
  Collected out;
  const auto newest = fs::file_time_type::clock::now() - std::chrono::seconds(age);
  for (const fs::path& folder : {folder_, folder_ / "temp"}) {
    std::error_code problem;
    if (!fs::is_directory(folder, problem)) continue;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
      const std::string name = it->path().filename().string();
      const bool ours = folder != folder_ || name_in('"' + name + '"').has_value();
      std::error_code gone;  // somebody else may remove it meanwhile
      if (!ours || !it->is_regular_file(gone)) continue;
      if (folder == folder_) {
        PACKHOUSE_TRY(const std::uint64_t owners, references(cells, key_of(name)));
        if (owners > 0) continue;
      }
      const std::lock_guard lock(mutex_);
      if (it->last_write_time(gone) > newest || gone) continue;
      const std::uint64_t size = it->file_size(gone);
      if (!gone && fs::remove(it->path(), gone)) ++out.pieces, out.bytes += size;
    }
    if (problem) return failed("can't read", folder, problem.value());
  }
  return out;
}

}  // namespace packhouse::objects
