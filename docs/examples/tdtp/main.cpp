// TDTP from C++: write a table, filter and mask it, read it piece by piece, compare two tables. See docs/TDTP.md.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <tdtp/stream.hpp>
#include <tdtp/stream_diff.hpp>
#include <tdtp/xml/writer.hpp>

using namespace packhouse;

namespace {

template <class T>
T must(Result<T> r) {
  if (r) {
    if constexpr (!std::is_void_v<T>)
      return std::move(*r);
    else
      return;
  }
  std::fprintf(stderr, "%s\n", r.error().message().c_str());
  std::exit(1);
}

tdtp::Field field(std::string name, std::string type, bool key = false) {
  tdtp::Field f;
  f.name = std::move(name);
  f.type = std::move(type);
  f.key = key;
  return f;
}

/// 1,000 rows, one after the other: the table is never in memory.
void write(const std::string& path) {
  tdtp::Header header;
  header.type = "reference";
  header.table_name = "Users";
  header.message_id = "M-1";
  tdtp::Schema schema{{field("ID", "INTEGER", true), field("Name", "TEXT"), field("Balance", "REAL")}};
  auto writer = must(tdtp::PacketWriter::create(path, header, schema));
  for (int i = 1; i <= 1000; ++i) {
    const std::string id = std::to_string(i), name = "user " + id, balance = std::to_string(i % 100);
    const std::string_view cells[] = {id, name, balance};
    must(writer.row(cells));
  }
  must(writer.close());
}

void read(const std::string& path) {
  const auto table = must(tdtp::TableReader::open({path}, {}));
  std::size_t n = 0;
  for (tdtp::Rows rows; must(table->next(rows));) {
    for (std::size_t i = 0; i < rows.size(); ++i, ++n) {
      const std::string row = std::string(rows[i][0]) + ", " + std::string(rows[i][1]);
      if (n < 2) std::printf("%s\n", row.c_str());
    }
  }
  std::printf("%zu rows of %s\n", n, table->header().table_name.c_str());
}

void compare(const std::string& before, const std::string& after) {
  const auto a = must(tdtp::TableReader::open({before}, {})), b = must(tdtp::TableReader::open({after}, {}));
  const auto diff = must(tdtp::StreamDiff::open(*a, *b, {}));
  const auto& n = diff->counts();
  std::printf("%llu removed, %llu modified\n", static_cast<unsigned long long>(n.removed),
              static_cast<unsigned long long>(n.modified));
  tdtp::StreamDiff::Entry entry;
  if (must(diff->next(entry))) std::printf("first: row %s is gone\n", entry.key.c_str());
}

}  // namespace

int main() {
  write("users.tdtp.xml");
  const auto mask = must(tdtp::Chain::parse(
      R"([{"type": "field_masker", "params": {"fields": ["Name"], "visible_chars": 3, "mask_char": "*"}}])"));
  const auto report = must(
      tdtp::copy_file("users.tdtp.xml", "rich.tdtp.xml", {"Balance >= 90 ORDER BY Balance DESC, ID LIMIT 60", &mask}));
  std::printf("%llu of %llu rows\n", static_cast<unsigned long long>(report.rows_written),
              static_cast<unsigned long long>(report.rows_read));
  read("rich.tdtp.xml");
  compare("users.tdtp.xml", "rich.tdtp.xml");
  const auto parts =
      must(tdtp::export_file("users.tdtp.xml", "parts.tdtp.xml", {.compress = true, .part_bytes = 30'000}));
  std::printf("%s and %zu more\n", parts.files[0].c_str(), parts.files.size() - 1);
}
