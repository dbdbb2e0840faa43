#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "engines.hpp"
#include "storage/keys.hpp"

namespace packhouse::storage {
namespace {

namespace fs = std::filesystem;

std::string refusal(const fs::path& folder) {
  const auto engine = lmdb::open(folder, small_map());
  if (engine) return "opened";
  CHECK(engine.error().status() == Status::storage_failed);
  return engine.error().message();
}

bool contains(const std::string& s, std::string_view part) { return s.find(part) != std::string::npos; }

void write_file(const fs::path& path, std::string_view content) { std::ofstream(path) << content; }

TEST_CASE("a store is there again after it was closed") {
  TemporaryFolder folder;
  const fs::path store = folder / "deep/er/store";
  put_all(*must(lmdb::open(store, small_map())), 3, {{"a", "1"}});
  auto engine = must(lmdb::open(store, small_map()));
  auto snapshot = must(engine->snapshot());
  CHECK(snapshot->sequence() == 3);
  CHECK(text(*must(snapshot->get(as_bytes("a")))) == "1");
  CHECK(!fs::exists(store / "UNSYNCED"));
}

TEST_CASE("two servers can't share a folder") {
  TemporaryFolder folder;
  auto first = must(lmdb::open(folder.path(), small_map()));
  const std::string message = refusal(folder.path());
  CHECK(contains(message, "another server (process " + std::to_string(::getpid()) + ")"));
  first.reset();
  CHECK(refusal(folder.path()) == "opened");
}

TEST_CASE("foreign content is refused and left alone") {
  SUBCASE("other files") {
    TemporaryFolder folder;
    write_file(folder / "diary.txt", "dear diary");
    CHECK(contains(refusal(folder.path()), "other files ('diary.txt')"));
    CHECK(!fs::exists(folder / "data.mdb"));
    CHECK(!fs::exists(folder / "LOCK"));
  }
  SUBCASE("a data.mdb that isn't LMDB's") {
    TemporaryFolder folder;
    const std::string content(10'000, '?');
    write_file(folder / "data.mdb", content);
    CHECK(contains(refusal(folder.path()), "not a Packhouse store"));
    CHECK(fs::file_size(folder / "data.mdb") == content.size());
  }
  SUBCASE("a data.mdb that was cut short") {
    TemporaryFolder folder;
    write_file(folder / "data.mdb", "short");
    CHECK(contains(refusal(folder.path()), "not a Packhouse store"));
  }
  SUBCASE("another program's LMDB file") {
    TemporaryFolder folder;
    {
      auto engine = must(lmdb::open(folder.path(), small_map()));
      auto batch = must(engine->begin_batch());
      must(batch->put(as_bytes("theirs"), as_bytes("1")));
      must(batch->commit(0, true));  // sequence 0 is what a file without our mark looks like
    }
    CHECK(contains(refusal(folder.path()), "belongs to another program"));
  }
  SUBCASE("a file in place of the folder") {
    TemporaryFolder folder;
    write_file(folder / "file", "x");
    CHECK(contains(refusal(folder / "file"), "could not create the folder"));
  }
}

TEST_CASE("a file that lost its end is reported as damaged, not fatal") {
  TemporaryFolder folder;
  {
    auto engine = must(lmdb::open(folder.path(), small_map()));
    std::map<std::string, std::string> content;
    for (int i = 0; i < 2000; ++i) content["k" + std::to_string(i)] = std::string(100, 'v');
    put_all(*engine, 1, content);
  }
  fs::resize_file(folder / "data.mdb", 3 * 4096);
  const auto engine = lmdb::open(folder.path(), small_map());
  if (!engine) {
    CHECK(contains(engine.error().message(), "damaged"));
    return;
  }
  auto snapshot = (*engine)->snapshot();
  bool failed = !snapshot.has_value();
  for (int i = 0; i < 2000 && !failed; ++i) failed = !(*snapshot)->get(as_bytes("k" + std::to_string(i))).has_value();
  CHECK(failed);
}

TEST_CASE("a full map is an error, and the store goes on") {
  TemporaryFolder folder;
  auto engine = must(lmdb::open(folder.path(), {.map_size = 1 << 20, .max_snapshots = 16}));
  put_all(*engine, 1, {{"a", "1"}});
  {
    auto batch = must(engine->begin_batch());
    Result<void> result = ok;
    for (int i = 0; i < 10'000 && result; ++i) result = batch->put(as_bytes("k" + std::to_string(i)), as_bytes(std::string(1000, 'v')));
    REQUIRE(!result);
    CHECK(contains(result.error().message(), "greatest size"));
    CHECK(!batch->commit(2, true).has_value());
  }
  put_all(*engine, 2, {{"b", "2"}});
  CHECK(all_of(*must(engine->snapshot())).size() == 2);
}

TEST_CASE("too many snapshots are an error, and given-back ones are reused") {
  TemporaryFolder folder;
  auto engine = must(lmdb::open(folder.path(), {.map_size = 1 << 20, .max_snapshots = 5}));
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<kv::Snapshot>> open;
    for (int i = 0; i < 5; ++i) open.push_back(must(engine->snapshot()));
    const auto one_more = engine->snapshot();
    REQUIRE(!one_more);
    CHECK(one_more.error().status() == Status::database_unavailable);
  }
}

/// Commits until it is killed, and writes the last sequence that it was told to be committed to `told`.
[[noreturn]] void commit_for_ever(const fs::path& folder, bool sync, int told) {
  auto engine = lmdb::open(folder, small_map());
  if (!engine) ::_exit(1);
  for (std::uint64_t s = 1;; ++s) {
    auto batch = (*engine)->begin_batch();
    if (!batch) ::_exit(2);
    const std::string value = std::to_string(s);
    bool good = (*batch)->put(as_bytes("k" + std::to_string(s % 97)), as_bytes(value)).has_value();
    good = good && (*batch)->put(as_bytes("last"), as_bytes(value)).has_value() && (*batch)->commit(s, sync).has_value();
    if (!good || ::write(told, &s, sizeof s) != sizeof s) ::_exit(3);
  }
}

TEST_CASE("a killed process loses no commit that was acknowledged") {
  for (const bool sync : {true, false}) {
    CAPTURE(sync);
    TemporaryFolder folder;
    int pipe_ends[2];
    REQUIRE(::pipe(pipe_ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) commit_for_ever(folder / "store", sync, pipe_ends[1]);
    ::close(pipe_ends[1]);
    std::uint64_t told = 0;
    while (told < 50) REQUIRE(::read(pipe_ends[0], &told, sizeof told) == sizeof told);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    for (std::uint64_t s = 0; ::read(pipe_ends[0], &s, sizeof s) == sizeof s;) told = s;
    ::close(pipe_ends[0]);

    CHECK(fs::exists(folder / "store/UNSYNCED") == !sync);
    auto engine = must(lmdb::open(folder / "store", small_map()));
    CHECK(!fs::exists(folder / "store/UNSYNCED"));
    auto snapshot = must(engine->snapshot());
    CHECK(snapshot->sequence() >= told);
    CHECK(text(*must(snapshot->get(as_bytes("last")))) == std::to_string(snapshot->sequence()));
  }
}

TEST_CASE("after a crash of the machine without sync the whole file is checked") {
  TemporaryFolder folder;
  std::map<std::string, std::string> content;
  for (int i = 0; i < 3000; ++i) content["k" + std::to_string(i)] = std::string(50, 'v');
  put_all(*must(lmdb::open(folder.path(), small_map())), 1, content);
  write_file(folder / "UNSYNCED", "another boot\n");
  SUBCASE("undamaged: goes on") {
    CHECK(refusal(folder.path()) == "opened");
    CHECK(!fs::exists(folder / "UNSYNCED"));
  }
  SUBCASE("a page in the middle was never written: refused") {
    std::fstream file(folder / "data.mdb", std::ios::in | std::ios::out | std::ios::binary);
    // The first leaves lie behind the two heads; one of these pages is in use.
    const std::string zeros(4096 * 8, '\0');
    file.seekp(4096 * 4);
    file.write(zeros.data(), static_cast<std::streamsize>(zeros.size()));
    file.close();
    CHECK(contains(refusal(folder.path()), "damaged"));
    CHECK(fs::exists(folder / "UNSYNCED"));
  }
}

}  // namespace
}  // namespace packhouse::storage
