#include "base/import_folder.hpp"

#include <algorithm>
#include <charconv>

#include "base/ascii.hpp"

namespace packhouse {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view loading = "Cannot load from URL '", writing = "Cannot write to '";

tl::unexpected<Error> cannot(std::string_view action, std::string_view name, std::string_view why) {
  return fail(Status::external_resource_failed, std::string(action) + std::string(name) + "': " + std::string(why));
}

/// %20 and the like; an escape that is none stays as it is.
std::string unescaped(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    unsigned char byte = 0;
    if (s[i] == '%' && i + 2 < s.size() &&
        std::from_chars(s.data() + i + 1, s.data() + i + 3, byte, 16).ptr == s.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += s[i];
    }
  }
  return out;
}

/// Whether the name begins with a scheme, such as "https:".
bool is_url(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::ranges::all_of(name.substr(0, colon), [](char c) { return is_ascii_letter(c) || c == '+'; });
}

}  // namespace

Result<fs::path> ImportFolder::inside(std::string_view name, std::string_view action) const {
  std::string path(name);
  if (is_url(name)) {
    if (!name.starts_with("file:")) return cannot(action, name, "only files of the import folder can be named (file:///…)");
    std::string_view rest = name.substr(5);
    if (rest.starts_with("//")) {
      rest.remove_prefix(2);
      if (!rest.starts_with('/')) return cannot(action, name, "file URL may not contain an authority section (it should be 'file:///')");
    }
    if (rest.find('?') != std::string_view::npos) return cannot(action, name, "file URL may not contain a query component");
    path = unescaped(rest);
  }
  if (path.find('\0') != std::string::npos) return cannot(action, name, "the name holds a null character");
  path.erase(0, std::min(path.find_first_not_of('/'), path.size()));
  if (path.empty()) return cannot(action, name, "it names no file");
  std::error_code problem;
  const fs::path root = fs::weakly_canonical(folder_, problem);
  if (problem) return cannot(action, name, "the import folder can't be reached: " + problem.message());
  const fs::path full = fs::weakly_canonical(root / path, problem);
  if (problem) return cannot(action, name, problem.message());
  if (full == root || !contains(full)) return cannot(action, name, "it lies outside the import folder");
  return full;
}

bool ImportFolder::contains(const fs::path& path) const {
  std::error_code problem;
  const fs::path root = fs::weakly_canonical(folder_, problem);
  if (problem) return false;
  const fs::path full = fs::weakly_canonical(path, problem);
  return !problem && std::mismatch(root.begin(), root.end(), full.begin(), full.end()).first == root.end();
}

Result<fs::path> ImportFolder::place(std::string_view name) const { return inside(name, loading); }

Result<fs::path> ImportFolder::existing(std::string_view name) const {
  PACKHOUSE_TRY(fs::path path, inside(name, loading));
  std::error_code problem;
  if (!fs::is_regular_file(path, problem))
    return cannot(loading, name, "there is no such file in the import folder " + folder_.string());
  return path;
}

Result<fs::path> ImportFolder::to_write(std::string_view name, bool overwrite) const {
  PACKHOUSE_TRY(fs::path path, inside(name, writing));
  std::error_code problem;
  fs::create_directories(folder_, problem);  // itself need not be there before
  if (!fs::is_directory(path.parent_path(), problem))
    return cannot(writing, name, "there is no such folder in the import folder " + folder_.string());
  const auto there = fs::symlink_status(path, problem);
  if (!fs::exists(there)) return path;
  if (!fs::is_regular_file(there)) return cannot(writing, name, "it is there already, and no file");
  if (!overwrite) return cannot(writing, name, "the file is there already");
  return path;
}

}  // namespace packhouse
