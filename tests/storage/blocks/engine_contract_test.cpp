#include <random>
#include <thread>

#include "engines.hpp"

// What storage/kv/engine.hpp promises, checked on every engine.
namespace packhouse::storage {
namespace {

using Model = std::map<std::string, std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Case {
  const char* name;
  void (*run)(kv::Engine& engine);
};

void empty_store(kv::Engine& engine) {
  auto snapshot = must(engine.snapshot());
  CHECK(snapshot->sequence() == 0);
  CHECK(!must(snapshot->get(as_bytes("a"))));
  CHECK(!must(snapshot->last(as_bytes("a"), {})));
  CHECK(!must(snapshot->last({}, {})));
  CHECK(all_of(*snapshot).empty());
  CHECK(!must(must(engine.begin_batch())->first({}, {})));
  CHECK(!must(must(engine.begin_batch())->last({}, {})));
}

void commit_and_read(kv::Engine& engine) {
  put_all(engine, 7, {{"a", "1"}, {"b", ""}, {"c", std::string(10'000, 'x')}});
  auto snapshot = must(engine.snapshot());
  CHECK(snapshot->sequence() == 7);
  CHECK(text(*must(snapshot->get(as_bytes("a")))) == "1");
  CHECK(must(snapshot->get(as_bytes("b"))).has_value());
  CHECK(must(snapshot->get(as_bytes("b")))->empty());
  CHECK(text(*must(snapshot->get(as_bytes("c")))) == std::string(10'000, 'x'));
  CHECK(!must(snapshot->get(as_bytes("aa"))));
}

void get_many(kv::Engine& engine) {
  put_all(engine, 1, {{"a", "1"}, {"b", ""}, {"d", "4"}});
  auto snapshot = must(engine.snapshot());
  const std::array<Bytes, 5> keys{as_bytes("d"), as_bytes("c"), as_bytes("b"), as_bytes("zz"), as_bytes("a")};
  std::array<Bytes, 5> out;
  must(snapshot->get_many(keys, out));
  CHECK(text(out[0]) == "4");
  CHECK(out[1].data() == nullptr);
  CHECK(out[2].data() != nullptr);
  CHECK(out[2].empty());
  CHECK(out[3].data() == nullptr);
  CHECK(text(out[4]) == "1");
  must(snapshot->get_many({}, {}));
}

void scan_ranges(kv::Engine& engine) {
  put_all(engine, 1, {{"a", "1"}, {"ab", "2"}, {"b", "3"}, {"b\xFF", "4"}, {"c", "5"}});
  auto snapshot = must(engine.snapshot());
  for (const std::size_t batch : {1U, 2U, 3U, 100U}) {
    CHECK(all_of(*snapshot, "a", "b", batch) == Pairs{{"a", "1"}, {"ab", "2"}});
    CHECK(all_of(*snapshot, "aa", "c", batch) == Pairs{{"ab", "2"}, {"b", "3"}, {"b\xFF", "4"}});
    CHECK(all_of(*snapshot, "b", "", batch) == Pairs{{"b", "3"}, {"b\xFF", "4"}, {"c", "5"}});
    CHECK(all_of(*snapshot, "d", "", batch).empty());
    CHECK(all_of(*snapshot, "c", "a", batch).empty());
  }
}

void last_and_first(kv::Engine& engine) {
  put_all(engine, 1, {{"b", "1"}, {"d", "2"}, {"f", "3"}});
  auto snapshot = must(engine.snapshot());
  auto batch = must(engine.begin_batch());
  must(batch->put(as_bytes("e"), as_bytes("new")));
  must(batch->erase(as_bytes("b")));
  struct Row { const char *low, *high, *in_snapshot, *in_batch, *first_in_batch; };
  for (const Row& row : std::initializer_list<Row>{{"a", "z", "f", "f", "d"}, {"a", "", "f", "f", "d"}, {"", "d", "b", "\x01sequence", "\x01sequence"}, {"a", "f", "d", "e", "d"},
                                                   {"a", "d", "b", "", ""}, {"c", "d", "", "", ""}, {"d", "e", "d", "d", "d"},
                                                   {"dd", "f", "", "e", "e"}, {"g", "", "", "", ""}}) {
    CAPTURE(row.low);
    CAPTURE(row.high);
    const auto name = [](const std::optional<kv::Entry>& e) { return e ? text(e->key) : std::string(); };
    CHECK(name(must(snapshot->last(as_bytes(row.low), as_bytes(row.high)))) == row.in_snapshot);
    CHECK(name(must(batch->last(as_bytes(row.low), as_bytes(row.high)))) == row.in_batch);
    CHECK(name(must(batch->first(as_bytes(row.low), as_bytes(row.high)))) == row.first_in_batch);
  }
}

void snapshots_do_not_move(kv::Engine& engine) {
  put_all(engine, 1, {{"a", "1"}, {"b", "1"}});
  auto before = must(engine.snapshot());
  const Bytes kept = *must(before->get(as_bytes("a")));
  auto scan = must(before->scan(as_bytes("a"), {}));
  std::array<kv::Entry, 1> one;
  REQUIRE(must(scan->next(one)) == 1);
  for (std::uint64_t i = 2; i < 50; ++i) {
    auto batch = must(engine.begin_batch());
    CHECK(batch->base_sequence() == i - 1);
    must(batch->put(as_bytes("a"), as_bytes(std::to_string(i))));
    must(batch->erase(as_bytes("b")));
    must(batch->put(as_bytes("c" + std::to_string(i)), as_bytes("new")));
    must(batch->commit(i, i % 2 == 0));
  }
  CHECK(before->sequence() == 1);
  CHECK(text(kept) == "1");
  REQUIRE(must(scan->next(one)) == 1);
  CHECK(text(one[0].key) == "b");
  CHECK(must(scan->next(one)) == 0);
  CHECK(text(*must(before->get(as_bytes("b")))) == "1");
  auto after = must(engine.snapshot());
  CHECK(after->sequence() == 49);
  CHECK(text(*must(after->get(as_bytes("a")))) == "49");
  CHECK(!must(after->get(as_bytes("b"))));
}

void unfinished_batch_leaves_nothing(kv::Engine& engine) {
  put_all(engine, 1, {{"a", "1"}});
  {
    auto batch = must(engine.begin_batch());
    CHECK(!engine.begin_batch().has_value());  // one at a time
    must(batch->put(as_bytes("a"), as_bytes("2")));
    CHECK(text(*must(batch->get(as_bytes("a")))) == "2");
    CHECK(text(*must(must(engine.snapshot())->get(as_bytes("a")))) == "1");
  }
  auto snapshot = must(engine.snapshot());
  CHECK(snapshot->sequence() == 1);
  CHECK(text(*must(snapshot->get(as_bytes("a")))) == "1");
}

void bad_keys(kv::Engine& engine) {
  auto batch = must(engine.begin_batch());
  const std::string longest(kv::max_key, 'k');
  CHECK(!batch->put({}, as_bytes("v")).has_value());
  CHECK(!batch->put(as_bytes(longest + "k"), as_bytes("v")).has_value());
  must(batch->put(as_bytes(longest), as_bytes("v")));
  must(batch->erase(as_bytes("absent")));
  must(batch->commit(1, false));
  CHECK(text(*must(must(engine.snapshot())->get(as_bytes(longest)))) == "v");
  CHECK(!batch->put(as_bytes("late"), as_bytes("v")).has_value());
  CHECK(!batch->commit(2, false).has_value());
}

void nested(kv::Engine& engine) {
  put_all(engine, 1, {{"a", "1"}, {"b", "1"}});
  auto batch = must(engine.begin_batch());
  CHECK(!batch->commit_nested().has_value());
  must(batch->begin_nested());
  must(batch->put(as_bytes("a"), as_bytes("2")));
  must(batch->begin_nested());
  must(batch->put(as_bytes("a"), as_bytes("3")));
  must(batch->put(as_bytes("a"), as_bytes("4")));
  must(batch->erase(as_bytes("b")));
  must(batch->put(as_bytes("c"), as_bytes("new")));
  CHECK(!batch->commit(2, false).has_value());  // still inside
  batch->abort_nested();
  CHECK(text(*must(batch->get(as_bytes("a")))) == "2");
  CHECK(text(*must(batch->get(as_bytes("b")))) == "1");
  CHECK(!must(batch->get(as_bytes("c"))));
  must(batch->commit_nested());
  must(batch->begin_nested());
  must(batch->erase(as_bytes("a")));
  batch->abort_nested();
  must(batch->commit(2, false));
  CHECK(all_of(*must(engine.snapshot())) == Pairs{{"a", "2"}, {"b", "1"}});
}

/// Random changes with savepoints, against a map.
void like_a_map(kv::Engine& engine) {
  std::mt19937_64 random(42);
  Model committed;
  const auto number = [&](std::uint64_t end) { return random() % end; };
  for (std::uint64_t round = 1; round <= 60; ++round) {
    auto batch = must(engine.begin_batch());
    std::vector<Model> saved{committed};
    Model now = committed;
    for (int i = 0; i < 150; ++i) {
      const std::string key = std::string(1, static_cast<char>('a' + number(4))) + std::to_string(number(400));
      switch (number(12)) {
        case 0: must(batch->begin_nested()), saved.push_back(now); break;
        case 1:
          if (saved.size() > 1) must(batch->commit_nested()), saved.pop_back();
          break;
        case 2:
          if (saved.size() > 1) batch->abort_nested(), now = saved.back(), saved.pop_back();
          break;
        case 3:
        case 4:
        case 5: must(batch->erase(as_bytes(key))), now.erase(key); break;
        default: {
          const std::string value(number(5) == 0 ? number(5000) : number(50), static_cast<char>('a' + number(26)));
          must(batch->put(as_bytes(key), as_bytes(value)));
          now[key] = value;
        }
      }
      const auto at = now.find(key);
      const auto got = must(batch->get(as_bytes(key)));
      REQUIRE(got.has_value() == (at != now.end()));
      if (got) REQUIRE(text(*got) == at->second);
    }
    while (saved.size() > 1) must(batch->commit_nested()), saved.pop_back();
    if (number(5) == 0) continue;  // thrown away
    must(batch->commit(round, false));
    committed = now;
    REQUIRE(all_of(*must(engine.snapshot()), {}, {}, 64) == Pairs(committed.begin(), committed.end()));
  }
}

/// Readers on other threads always see a whole commit: all keys hold the sequence.
void whole_commits_only(kv::Engine& engine) {
  const auto write = [&](std::uint64_t sequence) {
    auto batch = must(engine.begin_batch());
    for (int k = 0; k < 20; ++k) must(batch->put(as_bytes("k" + std::to_string(k)), as_bytes(std::to_string(sequence))));
    must(batch->commit(sequence, false));
  };
  write(1);
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0}, rounds{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      while (!stop || rounds < 10) {
        auto snapshot = engine.snapshot();
        if (!snapshot) {
          ++torn;
          break;
        }
        const std::string expected = std::to_string((*snapshot)->sequence());
        for (int k = 0; k < 20; ++k) {
          const auto value = (*snapshot)->get(as_bytes("k" + std::to_string(k)));
          if (!value || !*value || text(**value) != expected) ++torn;
        }
        ++rounds;
      }
    });
  }
  for (std::uint64_t s = 2; s < 200; ++s) write(s);
  stop = true;
  for (auto& reader : readers) reader.join();
  CHECK(torn == 0);
}

void syncing(kv::Engine& engine) {
  put_all(engine, 1, {{"a", "1"}});
  must(engine.sync());
  CHECK(engine.size_bytes() > 0);
}

constexpr Case cases[] = {{"empty store", empty_store},
                          {"commit and read", commit_and_read},
                          {"get many", get_many},
                          {"scan ranges", scan_ranges},
                          {"last and first", last_and_first},
                          {"snapshots do not move", snapshots_do_not_move},
                          {"an unfinished batch leaves nothing", unfinished_batch_leaves_nothing},
                          {"bad keys", bad_keys},
                          {"nested", nested},
                          {"like a map", like_a_map},
                          {"whole commits only", whole_commits_only},
                          {"syncing", syncing}};

TEST_CASE("every engine keeps the contract") {
  for (int kind = 0; kind < 2; ++kind) {
    for (const Case& c : cases) {
      CAPTURE(std::string(engine_names[kind]));
      CAPTURE(std::string(c.name));
      EngineUnderTest under_test(kind);
      c.run(*under_test.engine);
    }
  }
}

}  // namespace
}  // namespace packhouse::storage
