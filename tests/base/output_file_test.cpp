#include "base/output_file.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

namespace packhouse {
namespace {

namespace fs = std::filesystem;

struct Fixture {
  fs::path folder = fs::temp_directory_path() / ("packhouse_output_" + std::to_string(::getpid()));
  Fixture() { fs::create_directories(folder / "temp"); }
  ~Fixture() { fs::remove_all(folder); }
  std::set<std::string> files() const {
    std::set<std::string> out;
    for (const auto& e : fs::recursive_directory_iterator(folder)) {
      if (e.is_regular_file()) out.insert(e.path().filename().string());
    }
    return out;
  }
  std::string text(const char* name) const {
    std::ifstream in(folder / name);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
  }
};

TEST_CASE_FIXTURE(Fixture, "an output file is there when it is finished, and replaces what was there") {
  std::ofstream(folder / "a") << "old";
  {
    auto file = OutputFile::create(folder / "a");
    REQUIRE(file);
    REQUIRE(file->write(as_bytes("new ")));
    REQUIRE(file->write(as_bytes("text")));
    CHECK(text("a") == "old");
    REQUIRE(file->finish());
    CHECK(text("a") == "new text");
  }
  CHECK(files() == std::set<std::string>{"a"});
}

TEST_CASE_FIXTURE(Fixture, "an output file that is not finished leaves nothing, also when it was moved") {
  {
    auto file = OutputFile::create(folder / "a");
    REQUIRE(file);
    OutputFile moved = std::move(*file);
    REQUIRE(moved.write(as_bytes("text")));
    CHECK(files().size() == 1);
  }
  CHECK(files().empty());
}

TEST_CASE_FIXTURE(Fixture, "an output file can be told its place at the end, and can't end where there is a folder") {
  auto file = OutputFile::create_in(folder / "temp");
  REQUIRE(file);
  REQUIRE(file->write(as_bytes("text")));
  REQUIRE(file->finish_as(folder / "b"));
  CHECK(text("b") == "text");
  {
    auto other = OutputFile::create_in(folder);
    REQUIRE(other);
    const auto done = other->finish_as(folder / "temp");
    REQUIRE_FALSE(done);
    CHECK(done.error().message() == "Cannot write to 'temp': giving it its name: Is a directory");
  }
  CHECK(files() == std::set<std::string>{"b"});
}

TEST_CASE_FIXTURE(Fixture, "no file can be made where there is no folder, and none is removed that wasn't made") {
  const auto file = OutputFile::create(folder / "nowhere" / "a");
  REQUIRE_FALSE(file);
  CHECK(file.error().message() == "Cannot write to 'a': a file can't be created in its folder: No such file or directory");
  CHECK(OutputFile::create_in(folder / "nowhere").error().message().find("No such file or directory") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "fresh files have names that do not repeat") {
  std::set<fs::path> names;
  for (int i = 0; i < 100; ++i) {
    const FreshFile f = make_fresh_file(folder, 0600);
    REQUIRE(f.file >= 0);
    ::close(f.file);
    names.insert(f.path.filename());
  }
  CHECK(names.size() == 100);
  // A process that counts anew after a crash would begin with names that are taken.
  CHECK(names.begin()->string().find("-" + std::to_string(::getpid()) + "-") == std::string::npos);
  CHECK(sync_path(folder) == 0);
  CHECK(sync_path(folder / "nowhere") == ENOENT);
}

}  // namespace
}  // namespace packhouse
