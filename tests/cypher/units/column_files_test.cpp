// column.export, and what comes back by column.import.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/cypher/runner/database.hpp"

using namespace packhouse;
namespace fs = std::filesystem;

namespace {

/// A database with an import folder of its own, in a folder that disappears.
struct Office {
  Office()
      : root(fs::temp_directory_path() / ("packhouse_columns_" + std::to_string(::getpid()))), files(root / "import") {
    fs::create_directories(files / "sub");
    database.use_files(files);
  }
  ~Office() { fs::remove_all(root); }

  /// The rows as text, one after the other, or the error's message.
  std::string run(const std::string& text) {
    const auto outcome = database.run(text);
    if (!outcome) return outcome.error().message();
    std::string out;
    for (const auto& row : outcome->rows) {
      for (const auto& cell : row) out += (out.empty() ? "" : " ") + cell;
    }
    return out;
  }
  std::string content(const std::string& name) const {
    std::ifstream in(files / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t file_count() const {
    return static_cast<std::size_t>(
        std::count_if(fs::recursive_directory_iterator(root), {}, [](const auto& e) { return e.is_regular_file(); }));
  }

  fs::path root, files;
  tests::Database database;
};

}  // namespace

TEST_CASE("columns go into files and come back") {
  Office o;
  CHECK(o.run("CALL column.create('n', 'i16') CALL column.extend('n', [1, -2, 300]) YIELD length RETURN length") ==
        "3");
  CHECK(
      o.run(
          "CALL column.create('v', 'vec:u8:2') CALL column.extend('v', [[1, 2], [3, 4]]) YIELD length RETURN length") ==
      "2");
  CHECK(o.run("CALL column.create('s', 'str:4:ascii') CALL column.extend('s', ['ab', 'cdef']) YIELD length RETURN "
              "length") == "2");
  CHECK(o.run("CALL column.create('e', 'f32')") == "");
  CHECK(o.run("CALL column.export('n', 'n.bin')") == "3 3");
  CHECK(o.content("n.bin") == std::string("\1\0\xfe\xff\x2c\1", 6));
  CHECK(o.run("CALL column.export('n', 'sub/part.bin', {from: 1, to: -1, format: 'raw'})") == "1 1");
  CHECK(o.content("sub/part.bin") == std::string("\xfe\xff", 2));
  CHECK(o.run("CALL column.export('v', 'v.npy')") == "2 2");
  CHECK(o.content("v.npy").substr(10, 58) == "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), ");
  CHECK(o.content("v.npy").substr(128) == std::string("\1\2\3\4", 4));
  CHECK(o.run("CALL column.export('s', 's.npy')") == "2 2");
  CHECK(o.run("CALL column.export('e', 'e.npy')") == "0 0");
  for (const std::string name : {"v", "s", "e"}) {
    const std::string dtype = name == "s" ? "{dtype: 'str:4:ascii'}" : "{}";
    o.run("CALL column.import('" + name + "2', '" + name + ".npy', " + dtype + ")");
    const std::string same = "CALL column.sliceBytes('" + name + "') YIELD bytes AS a CALL column.sliceBytes('" + name +
                             "2') YIELD bytes AS b RETURN a = b";
    CHECK(o.run(same) == "true");
  }
  CHECK(o.run("CALL column.describe('v2') YIELD dtype") == "'vec:u8:2'");
}

TEST_CASE("a file is there whole or not at all, and only inside the folder") {
  Office o;
  o.run("CALL column.create('n', 'i16') CALL column.extend('n', [1, 2, 3]) YIELD length RETURN length");
  o.run("CALL column.create('t', 'str')");
  CHECK(o.run("CALL column.export('n', 'a.bin')") == "3 3");
  CHECK(o.run("CALL column.export('n', 'a.bin')") == "Cannot write to 'a.bin': the file is there already");
  CHECK(o.run("CALL column.export('n', 'a.bin', {overwrite: true, to: 1})") == "1 1");
  CHECK(o.content("a.bin").size() == 2);
  fs::create_directory_symlink(o.root, o.files / "out");
  fs::create_symlink(o.root / "target", o.files / "link");
  for (const std::string name : {"../b.bin", "out/b.bin", "sub/../../b.bin"}) {
    CAPTURE(name);
    CHECK(o.run("CALL column.export('n', '" + name + "')").find("it lies outside the import folder") !=
          std::string::npos);
  }
  CHECK(o.run("CALL column.export('n', 'link')").find("it is there already, and no file") != std::string::npos);
  CHECK(o.run("CALL column.export('n', 'none/b.bin')").find("there is no such folder") != std::string::npos);
  CHECK(o.run("CALL column.export('n', 'sub', {overwrite: true})").find("no file") != std::string::npos);
  CHECK(o.run("CALL column.export('n', '')").find("name is empty") != std::string::npos);
  CHECK(o.run("CALL column.export('n', 'c', {format: 'csv'})").find("known are npy and raw") != std::string::npos);
  CHECK(o.run("CALL column.export('t', 'c.npy')").find("str:utf8 has no fixed size") != std::string::npos);
  CHECK(o.run("CALL column.export('n', 'c.npy', {from: 4})").find("index 4 is out of range") != std::string::npos);
  CHECK(o.file_count() == 1);
}

TEST_CASE("long transfers tell how far they are; one that is given up leaves no file") {
  Office o;
  o.run("CALL column.create('c', 'bytes:60000')");
  o.run("UNWIND range(1, 300) AS i CALL column.append('c', datapacker.pack('i64', i)) YIELD length RETURN count(*)");
  CHECK(o.run("CALL column.export('c', 'c.npy') YIELD done, total RETURN done LIMIT 1") == "140");
  CHECK(o.file_count() == 0);
  CHECK(o.run("CALL column.export('c', 'c.npy')") == "140 300 280 300 300 300");
  CHECK(o.file_count() == 1);
  CHECK(o.run("CALL column.import('d', 'c.npy') YIELD done RETURN done") == "139 278 300");
  CHECK(o.run("CALL column.get('d', -1) YIELD value RETURN datapacker.unpack('i64', value)") == "300");
}
