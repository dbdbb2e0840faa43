#include "objects/storages/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <vector>

#include "base/input_file.hpp"
#include "objects/keys.hpp"

namespace packhouse::objects {
namespace {

namespace fs = std::filesystem;
using storage::Cells;

tl::unexpected<Error> failed(std::string_view what, const fs::path& path, int code) {
  return fail(Status::storage_failed, std::string(what) + " " + path.string() + ": " + std::generic_category().message(code));
}

/// What an OutputFile could not do.
tl::unexpected<Error> failed(const Error& e) { return fail(Status::storage_failed, e.message()); }

class FileSource final : public ByteSource {
 public:
  FileSource(fs::path path, InputFile file) : path_(std::move(path)), file_(std::move(file)), block_(std::size_t{1} << 16) {}
  Result<std::optional<Bytes>> next() override {
    const std::size_t n = std::fread(block_.data(), 1, block_.size(), file_.get());
    if (n > 0) return Bytes(block_).first(n);
    if (std::ferror(file_.get()) != 0) return failed("can't read", path_, EIO);
    return std::nullopt;
  }

 private:
  fs::path path_;
  InputFile file_;
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
  auto file = OutputFile::create_in(folder_ / "temp");
  if (!file) return failed(file.error());
  for (;;) {
    PACKHOUSE_TRY(const auto piece, data.next());
    if (!piece) break;
    if (const auto written = file->write(*piece); !written) return failed(written.error());
  }
  return keep(cells, *file, digest(), facts);
}

/// The file takes its place even when there is one already: that one may be damaged, and is to look touched.
Result<std::string> FolderStorage::keep(Cells& cells, OutputFile& file, const StreamDigest& digest, const ContentFacts& facts) const {
  const std::string name = digest.hash.hex() + std::string(facts.extension);
  const std::string config = '"' + name + '"';
  PACKHOUSE_CHECK(name_in(config));
  const std::string key = key_of(name);
  PACKHOUSE_CHECK(cells.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const std::uint64_t before, references(cells, key));
  if (const auto kept = file.finish_as(folder_ / name); !kept) return failed(kept.error());
  PACKHOUSE_CHECK(set_references(cells, key, before + 1));
  return config;
}

Result<std::unique_ptr<ByteSource>> FolderStorage::get(Cells&, const ContentRecord& content) const {
  PACKHOUSE_TRY(const std::string name, name_in(content.storage_config));
  const fs::path path = folder_ / name;
  InputFile file = open_to_read(path);
  if (!file) return failed("can't open", path, errno);
  return std::make_unique<FileSource>(path, std::move(file));
}

Result<void> FolderStorage::drop(Cells& cells, const ContentRecord& content) const {
  PACKHOUSE_TRY(const std::string name, name_in(content.storage_config));
  const std::string key = key_of(name);
  PACKHOUSE_CHECK(cells.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const std::uint64_t before, references(cells, key));
  std::error_code ignored;  // it may be lost already: whoever deletes a damaged object must be able to
  if (before <= 1) fs::last_write_time(folder_ / name, fs::file_time_type::clock::now(), ignored);  // its age begins now
  return set_references(cells, key, before > 0 ? before - 1 : 0);
}

namespace {

using Age = fs::file_time_type::duration;

/// Whether nobody has touched it for so long. False too when it is gone, or no file.
bool untouched(const fs::path& file, Age age) {
  std::error_code gone;  // somebody else may remove it meanwhile
  const auto touched = fs::last_write_time(file, gone);
  return !gone && fs::is_regular_file(file, gone) && fs::file_time_type::clock::now() - touched >= age;
}

void remove_file(const fs::path& file, Collected& out) {
  std::error_code gone;
  const std::uint64_t size = fs::file_size(file, gone);
  if (!gone && fs::remove(file, gone)) ++out.pieces, out.bytes += size;
}

/// Calls `f` with each of its files that is old enough.
template <class F>
Result<void> each_untouched(const fs::path& folder, Age age, F&& f) {
  std::error_code problem;
  if (!fs::is_directory(folder, problem)) return ok;
  for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
    if (untouched(it->path(), age)) PACKHOUSE_CHECK(f(it->path()));
  }
  if (problem) return failed("can't read", folder, problem.value());
  return ok;
}

}  // namespace

Result<Collected> FolderStorage::collect(Cells& cells, std::int64_t seconds) const {
  // A file is no older than some hundred years; more seconds than that would not fit into the clock's nanoseconds.
  constexpr std::int64_t longest = 3'000'000'000;
  const Age age = std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, longest));
  Collected out;
  const auto unfinished = [&](const fs::path& file) -> Result<void> {
    remove_file(file, out);
    return ok;
  };
  const auto unowned = [&](const fs::path& file) -> Result<void> {
    const std::string name = file.filename().string(), key = key_of(name);
    if (!name_in('"' + name + '"')) return ok;  // not ours
    PACKHOUSE_TRY(const std::uint64_t owners, references(cells, key));
    if (owners > 0) return ok;
    // Whoever saves this content holds the lock from before the file has its place until the commit; and if somebody has
    // saved it since our snapshot, the lock tells. So nobody owns it, and nobody will while it is removed.
    PACKHOUSE_CHECK(cells.lock_cell(as_bytes(key)));
    if (untouched(file, age)) remove_file(file, out);
    return ok;
  };
  PACKHOUSE_CHECK(each_untouched(folder_ / "temp", age, unfinished));
  PACKHOUSE_CHECK(each_untouched(folder_, age, unowned));
  return out;
}

}  // namespace packhouse::objects
