#include <thread>

#include "engines.hpp"
#include "storage/counts.hpp"
#include "storage/tokens.hpp"

namespace packhouse::storage {
namespace {

TEST_CASE("names get dense ids and keep them on disk") {
  memory::Engine engine;
  {
    TokenTable labels(keys::TokenKind::label), types(keys::TokenKind::type);
    CHECK(!labels.find("A"));
    CHECK(must(labels.find_or_create("A")) == 0);
    CHECK(must(labels.find_or_create("B")) == 1);
    CHECK(must(labels.find_or_create("A")) == 0);
    CHECK(must(types.find_or_create("B")) == 0);
    CHECK(labels.find("B") == 1U);
    CHECK(!labels.all_persisted());
    CHECK(labels.unpersisted().size() == 2);

    auto batch = must(engine.begin_batch());
    const std::uint32_t written = must(labels.write(*batch));
    CHECK(must(labels.find_or_create("C")) == 2);  // after the list was made: the next commit's
    must(batch->commit(1, true));
    labels.mark_persisted(written);
    REQUIRE(labels.unpersisted().size() == 1);
    CHECK(labels.unpersisted()[0].name == "C");
    CHECK(labels.unpersisted()[0].id == 2);
  }
  TokenTable labels(keys::TokenKind::label), types(keys::TokenKind::type);
  auto snapshot = must(engine.snapshot());
  must(labels.load(*snapshot));
  must(types.load(*snapshot));
  CHECK(types.size() == 0);
  CHECK(labels.size() == 2);
  CHECK(labels.all_persisted());
  CHECK(labels.name(1) == "B");
  CHECK(labels.find("A") == 0U);
  CHECK(!labels.find_or_create("").has_value());
  CHECK(!labels.find_or_create(std::string(TokenTable::max_name + 1, 'x')).has_value());
}

TEST_CASE("a gap in the stored names is an error") {
  memory::Engine engine;
  auto batch = must(engine.begin_batch());
  must(batch->put(keys::token(keys::TokenKind::key, 0), as_bytes("a")));
  must(batch->put(keys::token(keys::TokenKind::key, 2), as_bytes("c")));
  must(batch->commit(1, true));
  TokenTable names(keys::TokenKind::key);
  CHECK(names.load(*must(engine.snapshot())).error().status() == Status::storage_failed);
}

TEST_CASE("many threads agree on the ids") {
  TokenTable table(keys::TokenKind::key);
  constexpr std::uint32_t names = 3000;
  std::array<std::vector<std::uint32_t>, 4> ids;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < ids.size(); ++t) {
    threads.emplace_back([&table, &own = ids[t], t] {
      for (std::uint32_t i = 0; i < names; ++i) {
        const std::string name = "n" + std::to_string((i * (t % 2 == 0 ? 1U : 7U)) % names);
        const auto id = table.find_or_create(name);
        if (id && table.name(*id) == name) own.push_back(*id);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(table.size() == names);
  for (const auto& own : ids) CHECK(own.size() == names);
  CHECK(ids[0] == ids[2]);
  CHECK(ids[1] == ids[3]);
}

TEST_CASE("counts are exact in the snapshot and in memory") {
  memory::Engine engine;
  CountDelta first, second;
  CHECK(first.empty());
  first.nodes(3), first.label(LabelId{5}, 2), first.label(LabelId{1}, 1), first.relationships(2), first.type(TypeId{0}, 2);
  second.nodes(-1), second.label(LabelId{5}, -2), second.label(LabelId{9}, 0);
  CHECK(first.label(LabelId{5}) == 2);
  CHECK(first.label(LabelId{6}) == 0);

  Counts counts;
  std::uint64_t sequence = 0;
  const auto commit = [&](const CountDelta& delta) {
    auto batch = must(engine.begin_batch());
    must(Counts::write(*batch, delta));
    must(batch->commit(++sequence, true));
    counts.publish(delta);
  };
  commit(first);
  auto before = must(engine.snapshot());
  commit(second);
  auto after = must(engine.snapshot());
  CHECK(must(Counts::read(*before, keys::CountKind::nodes)) == 3);
  CHECK(must(Counts::read(*before, keys::CountKind::label, 5)) == 2);
  CHECK(must(Counts::read(*after, keys::CountKind::nodes)) == 2);
  CHECK(must(Counts::read(*after, keys::CountKind::label, 5)) == 0);
  CHECK(must(Counts::read(*after, keys::CountKind::type, 0)) == 2);
  CHECK(must(Counts::read(*after, keys::CountKind::type, 77)) == 0);

  Counts loaded;
  must(loaded.load(*after));
  for (const Counts* c : std::initializer_list<const Counts*>{&counts, &loaded}) {
    CHECK(c->nodes() == 2);
    CHECK(c->nodes(LabelId{5}) == 0);
    CHECK(c->nodes(LabelId{1}) == 1);
    CHECK(c->nodes(LabelId{1000}) == 0);
    CHECK(c->relationships() == 2);
    CHECK(c->relationships(TypeId{0}) == 2);
  }

  auto batch = must(engine.begin_batch());
  CountDelta too_much;
  too_much.nodes(-3);
  CHECK(Counts::write(*batch, too_much).error().status() == Status::storage_failed);
  too_much.merge(first);
  CHECK(too_much.nodes() == 0);
  CHECK(too_much.label(LabelId{5}) == 2);
  too_much.clear();
  CHECK(too_much.empty());
}

}  // namespace
}  // namespace packhouse::storage
