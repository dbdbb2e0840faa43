#include "engines.hpp"

namespace packhouse::storage {
namespace {

/// Everything an engine can be asked, in one go.
Result<void> use_everything(kv::Engine& engine, std::uint64_t sequence) {
  PACKHOUSE_TRY(auto batch, engine.begin_batch());
  PACKHOUSE_CHECK(batch->put(as_bytes("a"), as_bytes("1")));
  PACKHOUSE_CHECK(batch->begin_nested());
  PACKHOUSE_CHECK(batch->erase(as_bytes("b")));
  PACKHOUSE_CHECK(batch->commit_nested());
  PACKHOUSE_CHECK(batch->get(as_bytes("a")));
  PACKHOUSE_CHECK(batch->last(as_bytes("a"), {}));
  PACKHOUSE_CHECK(batch->first(as_bytes("a"), {}));
  PACKHOUSE_CHECK(batch->commit(sequence, true));
  PACKHOUSE_TRY(auto snapshot, engine.snapshot());
  PACKHOUSE_CHECK(snapshot->get(as_bytes("a")));
  PACKHOUSE_CHECK(snapshot->last(as_bytes("a"), {}));
  PACKHOUSE_CHECK(snapshot->get_many({}, {}));
  PACKHOUSE_TRY(auto scan, snapshot->scan(as_bytes("a"), {}));
  std::array<kv::Entry, 4> entries;
  PACKHOUSE_CHECK(scan->next(entries));
  return engine.sync();
}

TEST_CASE("every call can be made to fail") {
  memory::Engine engine;
  must(use_everything(engine, 1));
  const std::uint64_t calls = engine.calls();
  CHECK(calls == 16);
  for (std::uint64_t n = 1; n <= calls; ++n) {
    engine.fail_after(n);
    const auto result = use_everything(engine, n + 1);
    REQUIRE(!result);
    CHECK(result.error().status() == Status::storage_failed);
    CHECK(must(engine.snapshot())->sequence() == (n <= 9 ? 1 : n + 1));  // failed before or after the commit
    put_all(engine, 1, {});
  }
  engine.fail_after(3, true);
  CHECK(!use_everything(engine, 100).has_value());
  CHECK(!use_everything(engine, 100).has_value());
  engine.heal();
  CHECK(use_everything(engine, 101).has_value());
}

TEST_CASE("a power cut takes what was not synced") {
  memory::Engine engine;
  const auto commit = [&](std::uint64_t sequence, bool sync) {
    auto batch = must(engine.begin_batch());
    must(batch->put(as_bytes("a"), as_bytes(std::to_string(sequence))));
    if (sequence == 3) must(batch->erase(as_bytes("b")));
    if (sequence == 1) must(batch->put(as_bytes("b"), as_bytes("kept")));
    must(batch->commit(sequence, sync));
  };
  for (std::uint64_t s = 1; s <= 5; ++s) commit(s, s == 2);
  CHECK(all_of(*must(engine.snapshot())).size() == 1);
  engine.power_cut();
  CHECK(must(engine.snapshot())->sequence() == 2);
  CHECK(text(*must(must(engine.snapshot())->get(as_bytes("a")))) == "2");
  CHECK(text(*must(must(engine.snapshot())->get(as_bytes("b")))) == "kept");
  commit(6, false);
  must(engine.sync());
  engine.power_cut();
  auto again = engine.take_over();
  CHECK(must(again->snapshot())->sequence() == 6);
  CHECK(must(engine.snapshot())->sequence() == 0);
}

}  // namespace
}  // namespace packhouse::storage
