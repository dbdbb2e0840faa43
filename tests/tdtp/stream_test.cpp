#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "tdtp/stream.hpp"
#include "tdtp/xml/reader.hpp"
#include "tdtp/xml/writer.hpp"

namespace packhouse::tdtp::test {
namespace {

/// A folder of its own, with a file of `rows` rows: number, text, one of three cities.
struct Folder {
  explicit Folder(int rows)
      : path(std::filesystem::temp_directory_path() / ("tdtp_stream_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path);
    Header header;
    header.type = "reference";
    header.table_name = "T";
    header.message_id = "m";
    header.records_in_part = rows;
    Schema schema;
    for (const auto& [name, type] : {std::pair{"ID", "INTEGER"}, {"Text", "TEXT"}, {"City", "TEXT"}}) {
      Field f;
      f.name = name;
      f.type = type;
      schema.fields.push_back(f);
    }
    auto writer = PacketWriter::create(in(), header, schema);
    REQUIRE(writer);
    for (int i = 0; i < rows; ++i) {
      const std::string number = std::to_string(i), text = "some text | number " + number;
      const std::string_view cells[] = {number, text, i % 3 == 0 ? "Omsk" : "Kazan"};
      REQUIRE(writer->row(cells));
    }
    REQUIRE(writer->close());
  }
  ~Folder() { std::filesystem::remove_all(path); }

  std::string in() const { return (path / "in.tdtp.xml").string(); }
  std::string file(const char* name) const { return (path / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(path), std::filesystem::directory_iterator()));
  }

  std::filesystem::path path;
};

TEST_CASE("a file is filtered and masked piece by piece") {
  const Folder folder(30'000);
  const auto chain = Chain::parse(R"([{"type":"field_masker","params":{"fields":["Text"],"visible_chars":3}}])");
  REQUIRE(chain);
  int calls = 0;
  const auto report =
      copy_file(folder.in(), folder.file("out"), {"City = 'Omsk' AND ID >= 300 LIMIT 5000 OFFSET 10", &*chain}, {},
                [&](std::uint64_t done, std::uint64_t size) { return ++calls > 0 && done <= size; });
  REQUIRE(report);
  CHECK(report->rows_read == 30'000);
  CHECK(report->rows_written == 5000);
  CHECK(calls > 5);
  const auto out = read_packet(folder.file("out"));
  REQUIRE(out);
  REQUIRE(out->rows.size() == 5000);
  CHECK(out->rows[0][0] == "330");
  CHECK(out->rows[0][1] == "*******************330");
  CHECK(out->header.table_name == "T");
  CHECK(out->header.records_in_part == 0);
}

TEST_CASE("what fails or is stopped leaves no file") {
  const Folder folder(30'000);
  const auto before = folder.files();
  const auto copied = [&](const StreamSteps& steps, const Progress& progress = {}) {
    const auto r = copy_file(folder.in(), folder.file("out"), steps, {}, progress);
    return r ? std::string() : r.error().message();
  };
  CHECK(copied({"ID >", nullptr}).find("expected value") != std::string::npos);
  CHECK(copied({"ID > 1 ORDER BY Nope", nullptr}).find("'Nope' not found") != std::string::npos);
  CHECK(copied({"Nope = 1", nullptr}).find("'Nope' not found") != std::string::npos);
  CHECK(copied({"ID > 20000 AND Text > 1 AND ID < 'x'", nullptr}).find("ParseInt") != std::string::npos);
  CHECK(copied({}, [](std::uint64_t, std::uint64_t) { return false; }) == "stopped");
  const auto chain = Chain::parse(
      R"([{"type":"field_validator","params":{"rules":{"ID":"range:0-20000"},"stop_on_first_error":true}}])");
  CHECK(copied({"", &*chain}).find("row 20002, field 'ID'") != std::string::npos);
  std::filesystem::resize_file(folder.in(), std::filesystem::file_size(folder.in()) - 20);
  CHECK(copied({}).find("unexpected EOF") != std::string::npos);
  CHECK(export_file(folder.in(), folder.file("part.tdtp.xml"), {}).error().message().find("unexpected EOF") !=
        std::string::npos);
  CHECK(folder.files() == before);
}

TEST_CASE("a file is cut into parts as a table is") {
  const Folder folder(3000);
  for (const bool compress : {false, true}) {
    const ExportOptions options{.compress = compress, .part_bytes = 60'000};
    const auto report = export_file(folder.in(), folder.file("part.tdtp.xml"), options);
    REQUIRE(report);
    CHECK(report->rows_read == 3000);
    const auto whole = read_packet(folder.in());
    CHECK(report->files.size() == cut_parts(whole->rows, options.part_bytes).size() - 1);
    std::size_t next = 0;
    for (std::size_t i = 0; i < report->files.size(); ++i) {
      const auto part = read_packet(report->files[i]);
      REQUIRE(part);
      CHECK(part->header.part_number == static_cast<std::int64_t>(i + 1));
      CHECK(part->header.total_parts == static_cast<std::int64_t>(report->files.size()));
      CHECK(part->header.records_in_part == static_cast<std::int64_t>(part->rows.size()));
      for (std::size_t r = 0; r < part->rows.size(); ++r)
        REQUIRE(std::ranges::equal(part->rows[r], whole->rows[next++]));
    }
    CHECK(next == 3000);
  }
  const Folder empty(0);
  const auto report = export_file(empty.in(), empty.file("part.tdtp.xml"), {});
  REQUIRE(report);
  CHECK(report->files == std::vector<std::string>{empty.file("part.tdtp.xml")});
}

}  // namespace
}  // namespace packhouse::tdtp::test
