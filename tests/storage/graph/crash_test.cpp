#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "support.hpp"

// A child process writes and reports each commit through a pipe; the parent kills it at a random moment, opens the store
// again and checks that every reported commit is there, and that no transaction is there in part.
namespace packhouse::storage {
namespace {

constexpr int per_transaction = 5;

/// Transaction `number`: so many nodes with that number, in a ring. Runs until killed.
[[noreturn]] void write_forever(const std::filesystem::path& folder, int report, std::int64_t number) {
  auto opened = Store::open(folder, {.map_size = std::uint64_t{1} << 32});
  if (!opened) ::_exit(1);
  Store& store = **opened;
  const LabelId label = *store.label("L");
  const TypeId type = *store.type("NEXT");
  const KeyId key = *store.key("n");
  std::vector<std::thread> threads;
  std::atomic<std::int64_t> next{number};
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (;;) {
        const std::int64_t n = next++;
        const auto done = auto_commit(store, [&](Transaction& tx) -> Result<void> {
          std::vector<NodeId> ids;
          for (int i = 0; i < per_transaction; ++i) {
            PACKHOUSE_TRY(const NodeId id, tx.create_node(std::span(&label, 1), Properties{{key, Value::integer(n)}}));
            ids.push_back(id);
          }
          for (std::size_t i = 0; i < ids.size(); ++i) PACKHOUSE_CHECK(tx.create_relationship(ids[i], ids[(i + 1) % ids.size()], type));
          return ok;
        });
        if (!done || ::write(report, &n, sizeof n) != sizeof n) ::_exit(1);
      }
    });
  }
  for (auto& t : threads) t.join();
  ::_exit(1);
}

/// What is in the store: how many nodes have each number.
std::map<std::int64_t, int> content(Store& store) {
  std::map<std::int64_t, int> out;
  Arena arena;
  const auto label = store.find_label("L");
  const auto key = store.find_key("n");
  const auto tx = begin(store, AccessMode::read);
  if (!label || !key) {
    CHECK(tx->node_count() == 0);
    return out;
  }
  std::uint64_t edges = 0;
  for (const NodeId id : drain(tx->scan_label(*label), 1000)) {
    ++out[property(*tx, id, *key, arena).as_integer()];
    CHECK(must(tx->degree(id, Direction::both, {})) == 2);
    ++edges;
  }
  CHECK(tx->node_count(*label) == edges);
  CHECK(tx->relationship_count() == edges);
  return out;
}

}  // namespace

TEST_CASE("kill -9 at any moment: what was reported is there, nothing is there in part") {
  const char* wanted = std::getenv("PACKHOUSE_CRASH_ROUNDS");
  const int rounds = wanted ? std::atoi(wanted) : 5;
  Folder folder;
  std::mt19937 random(static_cast<unsigned>(::getpid()));
  std::map<std::int64_t, bool> reported;
  std::int64_t next = 0;
  for (int round = 0; round < rounds; ++round) {
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(pipe[0]);
      write_forever(folder.path() / "store", pipe[1], next);
    }
    ::close(pipe[1]);
    // Killed after a random number of reports, so at a random place of the next commits.
    const auto reports = random() % 60;
    std::int64_t number = 0;
    std::uint64_t seen = 0;
    while (seen < reports && ::read(pipe[0], &number, sizeof number) == sizeof number) reported[number] = true, ++seen;
    CHECK(seen == reports);
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &number, sizeof number) == sizeof number) reported[number] = true;
    ::close(pipe[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));

    const auto store = must(Store::open(folder.path() / "store", {.map_size = std::uint64_t{1} << 32}));
    const auto found = content(*store);
    for (const auto& [n, count] : found) {
      CHECK(count == per_transaction);
      next = std::max(next, n + 1);
    }
    for (const auto& [n, unused] : reported) {
      CAPTURE(n);
      CHECK(found.contains(n));
    }
  }
}

}  // namespace packhouse::storage
