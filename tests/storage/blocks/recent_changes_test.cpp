#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "storage/recent_changes.hpp"

namespace packhouse::storage {
namespace {

RecordKey key(std::uint64_t n) { return record_key(NodeId{n}); }

TEST_CASE("the last change of a record is known until nobody can ask") {
  RecentChanges changes;
  CHECK(changes.last_change(key(1)) == 0);
  changes.record(5, std::array{key(1), key(2)});
  changes.record(6, std::array{key(2), record_key(RelId{1})});
  changes.record(7, {});
  CHECK(changes.last_change(key(1)) == 5);
  CHECK(changes.last_change(key(2)) == 6);
  CHECK(changes.last_change(record_key(RelId{1})) == 6);  // not the node of the same number
  CHECK(changes.changed_since(key(2), 5));
  CHECK(!changes.changed_since(key(2), 6));
  changes.prune(5);
  CHECK(changes.last_change(key(1)) == 0);
  CHECK(changes.last_change(key(2)) == 6);
  CHECK(changes.size() == 2);
  changes.prune(100);
  CHECK(changes.size() == 0);
}

TEST_CASE("keys tell kinds and ids apart") {
  CHECK(record_key(NodeId{7}).kind() == RecordKind::node);
  CHECK(record_key(NodeId{7}).id() == 7);
  CHECK(edges_key(NodeId{7}) != record_key(NodeId{7}));
  CHECK(index_entry_key(as_bytes("a")) != index_entry_key(as_bytes("b")));
  CHECK(index_entry_key(as_bytes("a")).kind() == RecordKind::index_entry);
}

TEST_CASE("readers never see a sequence go down while one thread records and prunes") {
  RecentChanges changes;
  std::atomic<bool> stop{false};
  std::atomic<int> faults{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 2; ++t) {
    readers.emplace_back([&] {
      std::uint64_t before = 0;
      while (!stop) {
        const std::uint64_t now = changes.last_change(key(0));
        if (now != 0 && now < before) ++faults;
        before = std::max(before, now);
      }
    });
  }
  for (std::uint64_t s = 1; s < 5000; ++s) {
    changes.record(s, std::array{key(0), key(s)});
    changes.prune(s > 20 ? s - 20 : 0);
  }
  stop = true;
  for (auto& reader : readers) reader.join();
  CHECK(faults == 0);
  CHECK(changes.size() == 21);
}

}  // namespace
}  // namespace packhouse::storage
