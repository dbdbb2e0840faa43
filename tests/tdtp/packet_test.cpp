#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tdtp/base64.hpp"
#include "tdtp/compression.hpp"
#include "tdtp/export.hpp"
#include "tdtp/xml/reader.hpp"
#include "tdtp/xml/writer.hpp"

namespace packhouse::tdtp::test {
namespace {

std::string temporary(const std::string& name) {
  const auto folder = std::filesystem::temp_directory_path() / ("tdtp_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  return (folder / name).string();
}

constexpr std::string_view head =
    R"(<?xml version="1.0"?><DataPacket protocol="TDTP" version="1.0"><Header><Type>DATA</Type><TableName>T</TableName>)"
    R"(<MessageID>m</MessageID><Timestamp>2025-11-10T15:30:00Z</Timestamp></Header><Schema><Field name="A" type="TEXT"/></Schema>)";

/// Rows as text, or the error.
std::string read(const std::string& xml, const Limits& limits = {}) {
  const auto reader = PacketReader::over(xml, limits);
  Rows rows;
  for (;;) {
    const auto more = reader->next(rows);
    if (!more) return more.error().message();
    if (!*more) break;
  }
  std::string out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto cell : rows[i]) out += "<" + std::string(cell) + ">";
    out += ';';
  }
  return out;
}

std::string with(std::string_view data) {
  return std::string(head) + std::string(data) + "</DataPacket>";
}

TEST_CASE("reading rows") {
  CHECK(read(with("<Data><R>1|a\\|b\\\\\\n</R><R></R><R>x<b>dropped</b>y<!-- c --><![CDATA[<z>]]></R></Data>")) ==
        "<1><a|b\\\n>;<>;<xy<z>>;");
  CHECK(read(with("<Data></Data>")).empty());
  CHECK(read(with("<Data><R>1</R></Data><Data><R>2</R></Data>")) == "<1>;<2>;");
  CHECK(read("text before\n" + with("<Data><R>&#x41;</R></Data>") + "whatever < & follows") == "<A>;");
}

TEST_CASE("rows that need the parser among rows that don't") {
  CHECK(read(with("<Data><R>1</R><R>2</R ><!-- </R> <R>x</R> --><R>3</R><R a=\"b\">4</R><R>5&amp;</R>\n "
                  "<R>6</R><R/><R>7</R></Data>")) == "<1>;<2>;<3>;<4>;<5&>;<6>;<>;<7>;");
  CHECK(read(with("<Data><R>1</R>\n<R>2</R>\n<R>\x01</R></Data>")).find("line 3: illegal character code U+0001") !=
        std::string::npos);
  CHECK(read(with("<Data><R>1</R>\n<R>\xFF</R></Data>")).find("line 2: invalid UTF-8") != std::string::npos);
  CHECK(read(with("<Data><R>1</R>\n<R>a]]>b</R></Data>")).find("line 2") != std::string::npos);
  CHECK(read(with("<Data><R>1</R><R>2</Data>")).find("element <R> closed by </Data>") != std::string::npos);
  CHECK(read(with("<Data><R>1</R></Data><Data compression=\"zstd\"><R>" + base64_encode("x") + "</R></Data>"))
            .find("zstd") != std::string::npos);
  CHECK(read(std::string(head) + "<Data><R>1</R><R>2</R>").find("unexpected EOF") != std::string::npos);
  CHECK(read(with("<Data><R>1</R><R>" + std::string(300'000, 'x') + "</R><R>2</R></Data>")).size() == 300'000 + 11);
}

TEST_CASE("entities, depth and sizes are limited") {
  const std::string bomb = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
  const std::string body(head.substr(21));
  CHECK(read(bomb + body + "<Data><R>&b;</R></Data></DataPacket>").find("invalid character entity &b;") !=
        std::string::npos);
  CHECK(read(bomb + body + "<Data compression=\"&b;\"></Data></DataPacket>").find("invalid character entity &b;") !=
        std::string::npos);
  const std::string external = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
  CHECK(read(external + body + "<Data><R>&x;</R></Data></DataPacket>").find("invalid character entity &x;") !=
        std::string::npos);
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<a>";
  CHECK(read(with(deep)).find("deeper than 1000") != std::string::npos);
  CHECK(read(with("<!--" + std::string(3'000'000, 'x') + "--><Data/>")).find("longer than") != std::string::npos);
  Limits small;
  small.cell_bytes = 10;
  CHECK(read(with("<Data><R>" + std::string(11, 'x') + "</R></Data>"), small).find("longer than 10") !=
        std::string::npos);
  small.file_bytes = 1000;
  small.cell_bytes = 100'000;
  CHECK(read(with("<Data><R>" + std::string(2000, 'x') + "</R></Data>"), small).find("limit of 1000") !=
        std::string::npos);
}

TEST_CASE("compressed rows") {
  Rows rows;
  for (int i = 0; i < 10'000; ++i) {
    rows.add(rows.keep(std::to_string(i)));
    rows.add("some | text\nand \\ more");
    rows.end_row();
  }
  const auto blob = compress_rows(rows, 3);
  REQUIRE(blob);
  const auto packed = [&](const std::string& text, const std::string& sum) {
    return with("<Data compression=\"zstd\" checksum=\"" + sum + "\"><R>" + text + "</R></Data>");
  };
  std::string plain;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    plain += "<" + std::string(rows[i][0]) + "><" + std::string(rows[i][1]) + ">;";
  }
  CHECK(read(packed(*blob, checksum_of(*blob))) == plain);
  CHECK(read(packed(*blob, "0123456789abcdef")).find("checksum validation failed") == 0);
  const std::string cut = blob->substr(0, blob->size() / 8 * 4);
  CHECK(read(packed(cut, checksum_of(cut))).find("failed to decompress zstd") != std::string::npos);
  CHECK(read(packed("****", checksum_of("****"))).find("illegal base64 data at input byte 0") != std::string::npos);
  Limits small;
  small.decompressed_bytes = 100'000;
  CHECK(read(packed(*blob, checksum_of(*blob)), small).find("limit of 100000") != std::string::npos);
}

TEST_CASE("a reader gives rows as it goes, in memory that does not grow") {
  std::string xml = std::string(head) + "<Data>";
  constexpr int n = 200'000;
  for (int i = 0; i < n; ++i) xml += "<R>" + std::to_string(i) + "|some text that fills the row</R>";
  xml += "</Data></DataPacket>";
  const auto reader = PacketReader::over(xml);
  Rows rows;
  int seen = 0;
  std::size_t most = 0;
  for (;;) {
    rows.clear();
    const auto more = reader->next(rows);
    REQUIRE(more);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      REQUIRE(rows[i][0] == std::to_string(seen));
      ++seen;
    }
    most = std::max(most, rows.footprint());
    if (!*more) break;
  }
  CHECK(seen == n);
  CHECK(most < 2'000'000);
  CHECK(reader->header().table_name == "T");
}

TEST_CASE("writing: the timestamp, failures, parts") {
  Packet p;
  p.header.type = "reference";
  p.header.table_name = "T";
  p.header.message_id = "m";
  p.schema.fields.push_back({"A", "TEXT", 0, 0, 0, true, false, "", ""});
  p.rows.add("x");
  p.rows.end_row();
  const std::string path = temporary("one.tdtp.xml");
  for (const auto& [given, wanted] : {std::pair{"2025-11-10T15:30:00+03:00", "2025-11-10T15:30:00+03:00"},
                                      {"2025-11-10 15:30:00.5", "2025-11-10T15:30:00.5Z"}}) {
    p.header.timestamp = given;
    REQUIRE(write_packet(path, p));
    std::ifstream in(path);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    CHECK(text.find("<Timestamp>" + std::string(wanted) + "<") != std::string::npos);
  }
  p.header.timestamp = "yesterday";
  CHECK(!write_packet(path, p));
  p.header.timestamp.clear();
  REQUIRE(write_packet(path, p));
  CHECK(read_packet(path)->rows[0][0] == "x");
  CHECK(write_packet("/nonexistent/x", p).error().message() == "open /nonexistent/x: no such file or directory");
  {
    auto writer = PacketWriter::create(temporary("half.tdtp.xml"), p.header, p.schema);
    REQUIRE(writer);
    REQUIRE(writer->row(p.rows[0]));
  }
  CHECK(!std::filesystem::exists(temporary("half.tdtp.xml")));

  CHECK(part_path("/a.b/Users.tdtp.xml", 1, 3) == "/a.b/Users_part_1_of_3.tdtp.xml");
  CHECK(part_path("/a.b/Users.xml", 2, 3) == "/a.b/Users_part_2_of_3.xml");
  CHECK(part_path("/a.b/Users", 3, 3) == "/a.b/Users_part_3_of_3");
  CHECK(part_path("Users.tdtp.xml", 1, 1) == "Users.tdtp.xml");
  for (int i = 0; i < 9; ++i) p.rows.add("y"), p.rows.end_row();
  // 2 * (1 + 1 + 10) a row; 5000 for the head.
  CHECK(cut_parts(p.rows, 5000 + 5 * 24) == std::vector<std::size_t>{0, 5, 10});
  CHECK(cut_parts(p.rows, 1).size() == 11);
  std::filesystem::create_directory(temporary("blocked_part_2_of_2.tdtp.xml"));
  const auto failed = export_all(p, temporary("blocked.tdtp.xml"), {.part_bytes = 5000 + 5 * 24});
  REQUIRE(!failed);
  CHECK(failed.error().message().starts_with("write part 2: open "));
  CHECK(!std::filesystem::exists(temporary("blocked_part_1_of_2.tdtp.xml")));
  std::filesystem::remove_all(std::filesystem::path(path).parent_path());
}

}  // namespace
}  // namespace packhouse::tdtp::test
