#include <map>
#include <random>

#include "objects/keys.hpp"
#include "objects/storages/embedded.hpp"
#include "tests/objects/components.hpp"

namespace packhouse::objects::test {
namespace {

/// Saves, deletes, rolls back and reopens at random, and compares the store with a map.
class Model {
 public:
  Model(EngineKind kind, unsigned seed) : store_(kind), random_(seed) {}

  void step() {
    Session session(*store_, *registry_);
    auto next = objects_;
    const std::size_t changes = 1 + random_() % 4;
    for (std::size_t i = 0; i < changes; ++i) change(session, next);
    if (random_() % 4 == 0) {
      session.tx().rollback();
    } else {
      session.commit();
      objects_ = std::move(next);
    }
    if (random_() % 20 == 0) reopen_ = true;
  }
  void reopen_if_due() {
    if (std::exchange(reopen_, false)) store_.reopen();
  }

  void check() {
    Session session(*store_, *registry_, AccessMode::read);
    std::map<std::string, std::uint64_t> references;
    for (const auto& [id, text] : objects_) {
      const auto loaded = must(session.objects.load(must(parse_object_id(id)), {}));
      const Value v = dynamic_cast<StorableValue&>(*loaded.object).value;
      CHECK((v.is(Kind::string) ? std::string(v.as_string()) : std::string(as_text(v.as_bytes()))) == text);
      const auto& content = loaded.manifest.contents[0];
      if (content.size > 128) ++references[content.hash.hex()];
    }
    CHECK(count_cells(session.cells(), "m") == objects_.size());
    CHECK(count_cells(session.cells(), "k") == objects_.size());
    CHECK(count_cells(session.cells(), "d") == references.size());
    for (const auto& [hash, n] : references) {
      const std::string key = keys::key(keys::Table::digest, Digest::from_hex(hash)->view());
      CHECK(must(DigestEntry::read(*must(session.cells().cell(as_bytes(key))))).references == n);
    }
  }

 private:
  void change(Session& session, std::map<std::string, std::string>& objects) {
    if (!objects.empty() && random_() % 3 == 0) {
      auto it = objects.begin();
      std::advance(it, static_cast<std::ptrdiff_t>(random_() % objects.size()));
      CHECK(must(session.objects.remove(must(parse_object_id(it->first)))));
      objects.erase(it);
      return;
    }
    // Few different contents of few sizes, so that many are equal.
    constexpr std::array<std::size_t, 5> sizes{10, 200, 5000, 70'000, 150'000};
    const std::string text(sizes[random_() % sizes.size()], static_cast<char>('a' + random_() % 3));
    const bool bytes = random_() % 2 == 0;
    const Value v = bytes ? Value::bytes(as_bytes(text)) : Value::string(text);
    objects[objects::text(must(session.objects.save(object_of("packhouse.value", v), {.now = noon})).id)] = text;
  }

  std::unique_ptr<Registry> registry_ = test_registry();
  storage::TestStore store_;
  std::mt19937 random_;
  std::map<std::string, std::string> objects_;
  bool reopen_ = false;
};

TEST_CASE("at random, on both engines: objects and their counts are those of a map, after reopening too") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    Model model(kind, 7);
    for (int i = 0; i < 120; ++i) {
      model.step();
      model.reopen_if_due();
      if (i % 10 == 0) model.check();
    }
    model.check();
  }
}

TEST_CASE("whatever call to the engine fails while an object is saved, nothing of it stays") {
  storage::TestStore store;
  const auto registry = test_registry();
  const std::string text(150'000, 'f');
  const auto attempt = [&]() -> Result<void> {
    PACKHOUSE_TRY(const auto tx, store->begin(AccessMode::write));
    tx->begin_statement();
    PACKHOUSE_CHECK(ObjectStore(tx->cells(), *registry, tx->id()).save(object_of("packhouse.value", Value::bytes(as_bytes(text))), {.now = noon}));
    PACKHOUSE_CHECK(storage::commit(*tx));
    return ok;
  };
  std::size_t failures = 0;
  for (std::uint64_t n = 1; n < 200; ++n) {
    store.engine().fail_after(n);
    const auto r = attempt();
    store.engine().heal();
    if (r) break;
    ++failures;
    Session session(*store, *registry, AccessMode::read);
    CHECK(count_cells(session.cells()) == 0);
  }
  CHECK(failures > 2);
  Session session(*store, *registry, AccessMode::read);
  CHECK(count_cells(session.cells(), "d") == 1);
}

}  // namespace
}  // namespace packhouse::objects::test
