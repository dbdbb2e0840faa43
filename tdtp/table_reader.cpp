#include "tdtp/table_reader.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "tdtp/export.hpp"

namespace packhouse::tdtp {

namespace {

namespace fs = std::filesystem;

/// How the parts of a set are called: before "_part_1_of_3" and behind it.
struct PartNames {
  std::string before, behind;

  std::string of(std::size_t part, std::size_t total) const {
    return before + "_part_" + std::to_string(part) + "_of_" + std::to_string(total) + behind;
  }
  /// {1, 3} for the first of three parts.
  std::optional<std::pair<std::size_t, std::size_t>> part_of(std::string_view name) const {
    const std::string head = before + "_part_";
    if (!name.starts_with(head) || !name.ends_with(behind) || name.size() <= head.size() + behind.size())
      return std::nullopt;
    const std::string_view digits = name.substr(head.size(), name.size() - head.size() - behind.size());
    const std::size_t middle = digits.find("_of_");
    if (middle == std::string_view::npos) return std::nullopt;
    const auto part = number(digits.substr(0, middle)), total = number(digits.substr(middle + 4));
    if (!part || !total || *part > *total) return std::nullopt;
    return std::pair(*part, *total);
  }
  /// 3 for the first part's name.
  std::optional<std::size_t> total(std::string_view name) const {
    const auto p = part_of(name);
    return p && p->first == 1 ? std::optional(p->second) : std::nullopt;
  }

 private:
  static std::optional<std::size_t> number(std::string_view digits) {
    std::size_t n = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (problem != std::errc() || end != digits.data() + digits.size() || n == 0 || digits.starts_with('0'))
      return std::nullopt;
    return n;
  }
};

/// Ours and the original's, if they differ.
std::vector<PartNames> part_names(const std::string& name) {
  std::vector<PartNames> out;
  const std::string ours = part_path(name, 1, 2);
  const std::size_t middle = ours.find("_part_1_of_2");
  out.push_back({ours.substr(0, middle), ours.substr(middle + std::string_view("_part_1_of_2").size())});
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos && dot > 0 && dot != out[0].before.size())
    out.push_back({name.substr(0, dot), name.substr(dot)});
  return out;
}

/// The message without the number of its part: REF-2026-0a1b2c3d for REF-2026-0a1b2c3d-P2.
std::string_view message_of(const Header& h) {
  const std::string suffix = "-P" + std::to_string(h.part_number);
  std::string_view id = h.message_id;
  if (id.ends_with(suffix)) id.remove_suffix(suffix.size());
  return id;
}

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

bool same_columns(const Schema& a, const Schema& b) {
  return std::ranges::equal(a.fields, b.fields, [](const Field& x, const Field& y) {
    return x.name == y.name && x.type == y.type && x.key == y.key;
  });
}

}  // namespace

Result<std::vector<std::string>> files_of(const std::string& path) {
  std::error_code problem;
  if (fs::exists(path, problem)) return std::vector{path};
  const fs::path folder = folder_of(path);
  std::vector<std::string> files;
  const auto names = part_names(fs::path(path).filename().string());
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
    for (const PartNames& n : names) {
      const auto total = n.total(entry->path().filename().string());
      if (!total) continue;
      if (!files.empty()) return fail(Status::argument_error, "there is more than one set of parts of " + path);
      for (std::size_t part = 1; part <= *total; ++part) {
        files.push_back((folder / n.of(part, *total)).string());
        if (!fs::exists(files.back(), problem))
          return fail(Status::argument_error, "a part is missing: " + files.back());
      }
    }
  }
  if (files.empty()) files.push_back(path);
  return files;
}

Result<void> remove_former(const std::string& path, std::size_t parts, const std::string& read) {
  std::error_code problem;
  const fs::path folder = folder_of(path);
  const auto names = part_names(fs::path(path).filename().string());
  if (!read.empty() && fs::equivalent(folder, folder_of(read), problem)) {
    const std::string name = fs::path(read).filename().string();
    const auto is_part = [&](const PartNames& n) { return n.part_of(name).has_value(); };
    if (name == fs::path(path).filename() || std::ranges::any_of(names, is_part)) return ok;
  }
  std::vector<fs::path> former;
  if (parts > 1) former.emplace_back(path);
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
    const std::string name = entry->path().filename().string();
    for (std::size_t n = 0; n < names.size(); ++n) {
      const auto part = names[n].part_of(name);
      const bool written = n == 0 && parts > 1 && part && part->second == parts;
      if (part && !written) former.push_back(entry->path());
    }
  }
  for (const fs::path& file : former) {
    const auto kind = fs::symlink_status(file, problem).type();
    if (kind != fs::file_type::regular && kind != fs::file_type::symlink) continue;
    if (!fs::remove(file, problem) && problem)
      return fail(Status::storage_failed, "remove " + file.string() + ": " + problem.message());
  }
  return ok;
}

Result<std::unique_ptr<TableReader>> TableReader::open(std::vector<std::string> files, Options options) {
  auto reader = std::unique_ptr<TableReader>(new TableReader(std::move(files), std::move(options)));
  for (const std::string& file : reader->files_) {
    std::error_code problem;
    const auto bytes = fs::file_size(file, problem);
    if (!problem) reader->size_ += bytes;
  }
  PACKHOUSE_CHECK(reader->open_part());
  PACKHOUSE_TRY(reader->ahead_, reader->read(reader->first_));
  return reader;
}

tl::unexpected<Error> TableReader::refuse(const std::string& why) const {
  const std::string where = files_.size() > 1 ? files_[part_] + ": " : "";
  return fail(Status::argument_error, "parse error: " + where + why);
}

Result<void> TableReader::open_part() {
  PACKHOUSE_TRY(reader_, PacketReader::open(files_[part_], options_.limits));
  part_checked_ = false;
  return ok;
}

Result<void> TableReader::check_part() const {
  const Header& h = reader_->header();
  if (part_ > 0) {
    if (h.table_name != header_.table_name)
      return refuse("it is of the table " + h.table_name + ", not of " + header_.table_name);
    if (message_of(h) != message_of(header_)) return refuse("it belongs to another message, " + h.message_id);
    if (!same_columns(reader_->schema(), schema_)) return refuse("its columns are not those of the first part");
  }
  const auto number = static_cast<std::int64_t>(part_ + 1), total = static_cast<std::int64_t>(files_.size());
  if (total > 1 && h.total_parts > 0 && (h.part_number != number || h.total_parts != total)) {
    return refuse("it is part " + std::to_string(h.part_number) + " of " + std::to_string(h.total_parts) +
                  ", not part " + std::to_string(number) + " of " + std::to_string(total));
  }
  return ok;
}

Result<void> TableReader::check_widths(const Rows& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i, ++row_) {
    if (options_.strict && rows[i].size() != schema_.fields.size()) {
      return refuse("row " + std::to_string(row_ + 1) + " has " + std::to_string(rows[i].size()) +
                    (rows[i].size() == 1 ? " value" : " values") + ", but the table has " +
                    std::to_string(schema_.fields.size()) + " columns");
    }
  }
  return ok;
}

/// The next rows; false at the end of the last part.
Result<bool> TableReader::read(Rows& rows) {
  rows.clear();
  while (reader_) {
    PACKHOUSE_TRY(const bool more, reader_->next(rows));
    if (options_.progress && !options_.progress(done_ + reader_->position(), size_))
      return fail(Status::terminated, "stopped");
    if (!part_checked_ && (!rows.empty() || !more)) {
      if (!rows.empty() && (reader_->header().message_id.empty() || reader_->schema().fields.empty()))
        return refuse("header and schema must stand before the rows of a file that is read in pieces");
      PACKHOUSE_CHECK(check_part());
      part_checked_ = true;
      if (part_ == 0) {
        header_ = reader_->header();
        schema_ = reader_->schema();
      }
    }
    if (!rows.empty()) PACKHOUSE_CHECK(check_widths(rows));
    // The rows may be views of what the reader holds: it stays until they are done with.
    if (!rows.empty() && more) return true;
    if (!more) {
      done_ += reader_->position();
      ended_ = std::move(reader_);
      if (++part_ < files_.size()) PACKHOUSE_CHECK(open_part());
      if (!rows.empty()) return true;
    }
  }
  return false;
}

Result<bool> TableReader::next(Rows& rows) {
  if (ahead_) {
    ahead_ = false;
    rows = std::move(first_);
    return true;
  }
  return read(rows);
}

}  // namespace packhouse::tdtp
