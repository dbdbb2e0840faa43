#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "tdtp/diff.hpp"
#include "tdtp/stream.hpp"
#include "tdtp/stream_diff.hpp"
#include "tdtp/tdtql/selector.hpp"
#include "tdtp/xml/writer.hpp"

namespace packhouse::tdtp::test {
namespace {

/// A table in memory as a source, some rows a piece.
class MemorySource final : public RowSource {
 public:
  explicit MemorySource(const Packet& p) : packet_(p) {}
  const Header& header() const override { return packet_.header; }
  const Schema& schema() const override { return packet_.schema; }
  Result<bool> next(Rows& rows) override {
    rows.clear();
    for (std::size_t i = 0; i < 7 && at_ < packet_.rows.size(); ++i) rows.add_row(packet_.rows[at_++]);
    return !rows.empty();
  }

 private:
  const Packet& packet_;
  std::size_t at_ = 0;
};

Packet table(std::initializer_list<const char*> types) {
  Packet p;
  p.header.type = "reference";
  p.header.table_name = "T";
  p.header.message_id = "m";
  for (const char* type : types) {
    Field f;
    f.name = std::string("c") + std::to_string(p.schema.fields.size());
    f.type = type;
    p.schema.fields.push_back(f);
  }
  p.schema.fields[0].key = true;
  return p;
}

void add(Packet& p, std::initializer_list<std::string> cells) {
  for (const auto& c : cells) p.rows.add(p.rows.keep(c));
  p.rows.end_row();
}

TEST_CASE("records are sorted in memory, in runs, and cut to the first") {
  std::mt19937 random(7);
  std::vector<std::string> all;
  for (int i = 0; i < 5000; ++i) all.push_back(std::to_string(random() % 1000) + ":" + std::to_string(i));
  const auto before = [](std::string_view a, std::string_view b) {
    return a.substr(0, a.find(':')) < b.substr(0, b.find(':'));
  };
  auto sorted = all;
  std::ranges::stable_sort(sorted, before);
  for (const std::size_t memory : {std::size_t{1}, std::size_t{2000}, std::size_t{1} << 20}) {
    for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{900}, std::uint64_t{9000}}) {
      if (memory == 1 && first == 0) continue;
      ExternalSorter::Options options{.memory = memory};
      if (first > 0) options.first = first;
      ExternalSorter sorter(before, options);
      for (const auto& r : all) REQUIRE(sorter.add(r));
      REQUIRE(sorter.finish());
      if (memory > 100'000 || (memory == 2000 && first == 1)) CHECK_FALSE(sorter.spilled());
      if (memory == 2000 && first != 1) CHECK(sorter.spilled());
      const std::size_t want = first == 0 ? all.size() : std::min<std::size_t>(first, all.size());
      for (std::size_t i = 0; i < want; ++i) {
        const auto r = sorter.next();
        REQUIRE(r);
        REQUIRE(r->has_value());
        REQUIRE(**r == sorted[i]);
      }
      CHECK_FALSE(sorter.next()->has_value());
    }
  }
}

TEST_CASE("a table that comes in pieces is selected as one in memory") {
  Packet p = table({"INTEGER", "TEXT"});
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) add(p, {std::to_string(random() % 200), "text " + std::to_string(i)});
  for (const char* where : {"c0 < 50", "c0 >= 0 ORDER BY c0 DESC", "c0 > 20 ORDER BY c0, c1 DESC LIMIT 30",
                            "c0 > 20 ORDER BY c0 LIMIT 30 OFFSET 100", "c0 > 20 LIMIT 10 OFFSET 5", "c0 > 900"}) {
    CAPTURE(where);
    const auto whole = tdtql::select(p, where, 0, 0);
    REQUIRE(whole);
    const auto query = tdtql::parse(where);
    const auto selector = tdtql::Selector::create(*query, p.schema, 4000);
    REQUIRE(selector);
    std::vector<std::string> found;
    MemorySource source(p);
    Rows rows, chosen;
    const auto note = [&] {
      for (std::size_t i = 0; i < chosen.size(); ++i) found.emplace_back(chosen[i][1]);
    };
    while (*source.next(rows)) {
      chosen.clear();
      REQUIRE((*selector)->take(rows, chosen));
      note();
    }
    REQUIRE((*selector)->finish());
    while (*(*selector)->drain(chosen)) note();
    std::vector<std::string> want;
    for (const std::size_t i : whole->rows) want.emplace_back(p.rows[i][1]);
    CHECK(found == want);
    const auto context = (*selector)->context();
    CHECK(context.total == whole->context.total);
    CHECK(context.matched == whole->context.matched);
    CHECK(context.returned == whole->context.returned);
    CHECK(context.more == whole->context.more);
    CHECK(context.next_offset == whole->context.next_offset);
  }
}

TEST_CASE("tables that come in pieces are compared as those in memory") {
  Packet a = table({"INTEGER", "TEXT", "TEXT"}), b = table({"INTEGER", "TEXT", "TEXT"});
  a.schema.fields[1].key = b.schema.fields[1].key = true;
  for (int i = 0; i < 500; ++i) {
    const std::string n = std::to_string(i * 7 % 500), k = i % 2 == 0 ? "x" : "Y";
    if (i % 5 != 0) add(a, {n, k, "v" + n});
    if (i % 3 != 0) add(b, {n, i % 7 == 0 ? "y" : k, i % 11 == 0 ? "V" + n : "v" + n});
  }
  for (const bool ignore_case : {false, true}) {
    const auto whole = diff(a, b, ignore_case);
    REQUIRE(whole);
    MemorySource x(a), y(b);
    const auto streamed = StreamDiff::open(x, y, {.ignore_case = ignore_case, .memory = 8000});
    REQUIRE(streamed);
    StreamDiff::Entry e;
    for (const auto row : whole->removed) {
      REQUIRE(*(*streamed)->next(e));
      CHECK(e.change == StreamDiff::Change::removed);
      CHECK(std::ranges::equal(e.before, row));
    }
    for (const auto row : whole->added) {
      REQUIRE(*(*streamed)->next(e));
      CHECK(e.change == StreamDiff::Change::added);
      CHECK(std::ranges::equal(e.after, row));
    }
    for (const auto& m : whole->modified) {
      REQUIRE(*(*streamed)->next(e));
      CHECK(e.change == StreamDiff::Change::modified);
      CHECK(e.key == m.key);
      CHECK(e.columns == m.columns);
      CHECK(std::ranges::equal(e.before, m.old_row));
      CHECK(std::ranges::equal(e.after, m.new_row));
    }
    CHECK_FALSE(*(*streamed)->next(e));
    CHECK((*streamed)->counts().unchanged == whole->unchanged);
    CHECK((*streamed)->counts().total_new == whole->total_new);
  }
}

TEST_CASE("what can't be compared is refused alike") {
  Packet a = table({"INTEGER"}), b = table({"INTEGER"}), c = table({"TEXT"});
  for (const char* n : {"1", "2", "1"}) add(a, {n});
  add(b, {"1"});
  const auto messages = [](const Packet& x, const Packet& y, DiffOptions options = {}) {
    MemorySource p(x), q(y);
    const auto r = StreamDiff::open(p, q, options);
    return r ? std::string() : r.error().message();
  };
  CHECK(messages(a, b) == "diff error: the key '1' comes twice in the old data: rows 1 and 3");
  CHECK(messages(a, b) == diff(a, b).error().message());
  CHECK(messages(b, a) == diff(b, a).error().message());
  CHECK(messages(b, c) == diff(b, c).error().message());
  CHECK(messages(b, b, {.keys = {"nope"}}).find("'nope' is not in the schema") != std::string::npos);
  b.schema.fields[0].key = false;
  CHECK(messages(b, b) == diff(b, b).error().message());
  CHECK(messages(b, b, {.keys = {"C0"}}).empty());
}

TEST_CASE("parts are one table") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("tdtp_parts_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::string base = (folder / "T.tdtp.xml").string();
  Packet p = table({"INTEGER", "TEXT"});
  for (int i = 0; i < 600; ++i) add(p, {std::to_string(i), "some text"});
  const auto files = export_all(p, base, {.compress = true, .part_bytes = 12'000});
  REQUIRE(files);
  REQUIRE(files->size() > 2);
  CHECK(files_of(base).value() == *files);
  const auto report = copy_file(base, (folder / "copy").string(), {"c0 >= 0 ORDER BY c0 DESC LIMIT 500", nullptr});
  REQUIRE(report);
  CHECK(report->rows_read == 600);
  CHECK(report->rows_written == 500);
  CHECK(read_packet((folder / "copy").string())->rows[0][0] == "599");
  CHECK(read_packet((folder / "copy").string())->header.total_parts == 0);
  // As the original calls them.
  for (std::size_t i = 0; i < files->size(); ++i) {
    const std::string number = std::to_string(i + 1) + "_of_" + std::to_string(files->size());
    fs::rename((*files)[i], folder / ("T.tdtp_part_" + number + ".xml"));
  }
  CHECK(files_of(base)->size() == files->size());
  const auto fault = [&] {
    const auto r = copy_file(base, (folder / "copy").string(), {});
    return r ? std::string() : r.error().message();
  };
  CHECK(fault().empty());
  const std::string two = (folder / ("T.tdtp_part_2_of_" + std::to_string(files->size()) + ".xml")).string();
  fs::rename(two, folder / "kept");
  CHECK(fault().find("a part is missing") != std::string::npos);
  REQUIRE(write_packet(two, p));
  CHECK(fault().find("it belongs to another message, m") != std::string::npos);
  fs::copy_file(folder / ("T.tdtp_part_1_of_" + std::to_string(files->size()) + ".xml"), two,
                fs::copy_options::overwrite_existing);
  CHECK(fault().find("it is part 1 of") != std::string::npos);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace packhouse::tdtp::test
