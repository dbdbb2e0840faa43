#pragma once
#include <cstdio>
#include <filesystem>
#include <memory>

namespace packhouse {

/// Closes a file that was only read from, so that nothing can get lost.
struct CloseFile {
  void operator()(std::FILE* f) const { (void)std::fclose(f); }
};
using InputFile = std::unique_ptr<std::FILE, CloseFile>;

/// Opens a file for reading; null when that failed, errno says why.
inline InputFile open_to_read(const std::filesystem::path& path) { return InputFile(std::fopen(path.c_str(), "rbe")); }

}  // namespace packhouse
