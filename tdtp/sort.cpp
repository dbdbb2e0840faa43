#include "tdtp/sort.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "tdtp/file.hpp"

namespace packhouse::tdtp {

namespace {

using Length = std::uint32_t;

void append_length(std::size_t n, std::string& out) {
  const auto length = static_cast<Length>(n);
  out.append(reinterpret_cast<const char*>(&length), sizeof length);
}

std::size_t length_at(const char* p) {
  Length n = 0;
  std::memcpy(&n, p, sizeof n);
  return n;
}

tl::unexpected<Error> file_failed(const std::string& what) {
  return fail(Status::storage_failed, "temporary file for sorting: " + what + ": " + system_error(errno));
}

}  // namespace

void pack_row(Rows::Row row, std::string& out) {
  for (const std::string_view cell : row) {
    append_length(cell.size(), out);
    out += cell;
  }
}

void unpack_row(std::string_view packed, std::vector<std::string_view>& cells) {
  while (!packed.empty()) {
    const std::size_t n = length_at(packed.data());
    cells.push_back(packed.substr(sizeof(Length), n));
    packed.remove_prefix(sizeof(Length) + n);
  }
}

std::string_view packed_cell(std::string_view packed, std::size_t column) {
  while (!packed.empty()) {
    const std::size_t n = length_at(packed.data());
    if (column-- == 0) return packed.substr(sizeof(Length), n);
    packed.remove_prefix(sizeof(Length) + n);
  }
  return {};
}

/// A file that only this process can see, and only as long as it is open.
class ExternalSorter::TemporaryFile {
 public:
  static Result<std::unique_ptr<TemporaryFile>> create() {
    std::error_code problem;
    std::string path = (std::filesystem::temp_directory_path(problem) / "packhouse-sort-XXXXXX").string();
    if (problem) return fail(Status::storage_failed, "temporary file for sorting: " + problem.message());
    const int fd = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd < 0) return file_failed("create " + path);
    ::unlink(path.c_str());
    return std::unique_ptr<TemporaryFile>(new TemporaryFile(fd));
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { ::close(fd_); }

  std::uint64_t size() const { return size_; }
  Result<void> append(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return file_failed("write");
      bytes.remove_prefix(static_cast<std::size_t>(n));
      size_ += static_cast<std::uint64_t>(n);
    }
    return ok;
  }
  /// Exactly `n` bytes, which were written before.
  Result<void> read(char* to, std::size_t n, std::uint64_t at) const {
    while (n > 0) {
      const ssize_t got = ::pread(fd_, to, n, static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return file_failed("read");
      to += got;
      n -= static_cast<std::size_t>(got);
      at += static_cast<std::uint64_t>(got);
    }
    return ok;
  }

 private:
  explicit TemporaryFile(int fd) : fd_(fd) {}
  int fd_;
  std::uint64_t size_ = 0;
};

/// A sorted part of the temporary file, read record by record.
class ExternalSorter::Run {
 public:
  Run(std::uint64_t begin, std::uint64_t end) : at_(begin), end_(end) {}

  void set_buffer(std::size_t bytes) { piece_ = bytes; }
  std::string_view record() const { return record_; }
  /// False at the end.
  Result<bool> next(const TemporaryFile& file) {
    if (left() < sizeof(Length)) PACKHOUSE_CHECK(fill(file, sizeof(Length)));
    if (left() == 0) return false;
    const std::size_t n = sizeof(Length) + length_at(buffer_.data() + used_);
    if (left() < n) PACKHOUSE_CHECK(fill(file, n));
    record_ = std::string_view(buffer_).substr(used_ + sizeof(Length), n - sizeof(Length));
    used_ += n;
    return true;
  }

 private:
  std::size_t left() const { return buffer_.size() - used_; }
  Result<void> fill(const TemporaryFile& file, std::size_t wanted) {
    buffer_.erase(0, std::exchange(used_, 0));
    const std::size_t have = buffer_.size();
    const std::uint64_t more = std::min<std::uint64_t>(std::max(piece_, wanted) - have, end_ - at_);
    buffer_.resize(have + more);
    PACKHOUSE_CHECK(file.read(buffer_.data() + have, more, at_));
    at_ += more;
    return ok;
  }

  std::uint64_t at_, end_;
  std::size_t piece_ = 0, used_ = 0;
  std::string buffer_;
  std::string_view record_;
};

ExternalSorter::ExternalSorter(Before before, const Options& options) : before_(std::move(before)), options_(options) {}
ExternalSorter::~ExternalSorter() = default;
ExternalSorter::ExternalSorter(ExternalSorter&&) noexcept = default;

std::string_view ExternalSorter::record(std::size_t offset) const {
  return std::string_view(held_).substr(offset + sizeof(Length), length_at(held_.data() + offset));
}

Result<void> ExternalSorter::add(std::string_view r) {
  const std::size_t more = sizeof(Length) + r.size() + sizeof(std::size_t);
  if (!offsets_.empty() && held_.size() + offsets_.size() * sizeof(std::size_t) + more > options_.memory)
    PACKHOUSE_CHECK(make_room());
  offsets_.push_back(held_.size());
  append_length(r.size(), held_);
  held_ += r;
  return ok;
}

void ExternalSorter::sort() {
  std::stable_sort(offsets_.begin(), offsets_.end(),
                   [this](std::size_t a, std::size_t b) { return before_(record(a), record(b)); });
}

void ExternalSorter::keep_first() {
  if (!options_.first || offsets_.size() <= *options_.first) return;
  offsets_.resize(*options_.first);
  std::string kept;
  for (std::size_t& offset : offsets_) {
    const std::size_t n = sizeof(Length) + record(offset).size();
    const std::size_t to = kept.size();
    kept.append(held_, offset, n);
    offset = to;
  }
  held_ = std::move(kept);
}

Result<void> ExternalSorter::make_room() {
  sort();
  keep_first();
  if (held_.size() + offsets_.size() * sizeof(std::size_t) <= options_.memory / 2) return ok;
  return spill();
}

Result<void> ExternalSorter::spill() {
  if (!file_) {
    PACKHOUSE_TRY(file_, TemporaryFile::create());
  }
  const std::uint64_t begin = file_->size();
  constexpr std::size_t piece = std::size_t{256} << 10;
  std::string out;
  for (const std::size_t offset : offsets_) {
    out.append(held_, offset, sizeof(Length) + record(offset).size());
    if (out.size() < piece) continue;
    PACKHOUSE_CHECK(file_->append(out));
    out.clear();
  }
  PACKHOUSE_CHECK(file_->append(out));
  runs_.push_back(std::make_unique<Run>(begin, file_->size()));
  held_.clear();
  offsets_.clear();
  return ok;
}

bool ExternalSorter::later(std::size_t a, std::size_t b) const {
  const std::string_view x = runs_[a]->record(), y = runs_[b]->record();
  if (before_(y, x)) return true;
  return b < a && !before_(x, y);
}

Result<void> ExternalSorter::finish() {
  sort();
  keep_first();
  if (runs_.empty()) return ok;
  PACKHOUSE_CHECK(spill());
  held_.shrink_to_fit();
  offsets_.shrink_to_fit();
  constexpr std::size_t least = std::size_t{16} << 10, most = std::size_t{1} << 20;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    runs_[i]->set_buffer(std::clamp(options_.memory / runs_.size(), least, most));
    PACKHOUSE_TRY(const bool any, runs_[i]->next(*file_));
    if (any) heap_.push_back(i);
  }
  std::ranges::make_heap(heap_, [this](std::size_t a, std::size_t b) { return later(a, b); });
  return ok;
}

Result<std::optional<std::string_view>> ExternalSorter::next() {
  const auto is_later = [this](std::size_t a, std::size_t b) { return later(a, b); };
  if (options_.first && at_ >= *options_.first) return std::nullopt;
  if (runs_.empty()) {
    if (at_ == offsets_.size()) return std::nullopt;
    return record(offsets_[at_++]);
  }
  if (given_) {
    PACKHOUSE_TRY(const bool more, runs_[*given_]->next(*file_));
    if (more) {
      heap_.push_back(*given_);
      std::ranges::push_heap(heap_, is_later);
    }
    given_.reset();
  }
  if (heap_.empty()) return std::nullopt;
  std::ranges::pop_heap(heap_, is_later);
  given_ = heap_.back();
  heap_.pop_back();
  ++at_;
  return runs_[*given_]->record();
}

}  // namespace packhouse::tdtp
