#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "fulltext_support.hpp"
#include "storage/schema_codec.hpp"

// Full-text indexes through changes: each must be what an index made afterwards would be.
namespace packhouse::storage {
namespace {

constexpr int vocabulary = 40;
std::string word(int i) { return "w" + std::to_string(i); }

/// Two indexes answer all questions in the same way.
void check_same(Transaction& one, IndexId x, Transaction& other, IndexId y) {
  const auto compare = [&](const std::string& text) {
    CAPTURE(text);
    const auto a = ask(one, x, text), b = ask(other, y, text);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      CHECK(a[i].id == b[i].id);
      CHECK(a[i].score == b[i].score);
    }
  };
  for (int i = 0; i < vocabulary; ++i) compare(word(i));
  for (const char* text : {"*:*", "*", "p:*", "q:*", "w1*", "w1~1", "w1 AND w2", "w1 -w2", "\"w1 w2\"~4", "/w[0-9]/", "[w2 TO w3]"}) compare(text);
}

/// The index as it is, and one that is made now.
void check_against_new(FulltextStore& s, IndexId index) {
  IndexDefinition d = s.definition("check");
  std::swap(d.token, d.more_tokens[0]);  // A|B is there already, so B|A
  const IndexId fresh = s.make_index(d);
  {
    const auto tx = begin(*s.store, AccessMode::read);
    check_same(*tx, index, *tx, fresh);
  }
  must(auto_commit(*s.store, [&](Transaction& tx) { return tx.drop_index(fresh); }));
}

class RandomWriter {
 public:
  RandomWriter(FulltextStore& s, unsigned seed) : s_(s), random_(seed) {}

  std::string text() {
    std::string out;
    for (int n = pick(30); n > 0; --n) out += word(std::min(pick(vocabulary), pick(vocabulary))) + " ";
    return out;
  }
  Value value(Arena& arena) {
    switch (pick(8)) {
      case 0: return Value();
      case 1: return Value::integer(pick(9));
      case 2: {
        const auto items = arena.array<Value>(2);
        for (Value& v : items) v = Value::string(arena.copy(text()));
        return Value::list(items);
      }
      default: return Value::string(arena.copy(text()));
    }
  }
  void step(Transaction& tx) {
    Arena arena;
    if (nodes_.empty() || pick(3) == 0) {
      std::vector<LabelId> labels;
      if (pick(4)) labels.push_back(s_.a);
      if (pick(3) == 0) labels.push_back(s_.b);
      nodes_.push_back(must(tx.create_node(labels, Properties{{s_.p, value(arena)}, {s_.q, value(arena)}})));
      return;
    }
    const auto at = static_cast<std::size_t>(pick(static_cast<int>(nodes_.size())));
    const NodeId node = nodes_[at];
    switch (pick(7)) {
      case 0: (void)must(tx.add_label(node, pick(2) ? s_.a : s_.b)); break;
      case 1: (void)must(tx.remove_label(node, pick(2) ? s_.a : s_.b)); break;
      case 2:
        (void)must(tx.delete_node(node));
        nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      default: (void)must(tx.set_property(node, pick(2) ? s_.p : s_.q, value(arena))); break;
    }
  }
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::vector<NodeId>& nodes() { return nodes_; }

 private:
  FulltextStore& s_;
  std::mt19937 random_;
  std::vector<NodeId> nodes_;
};

TEST_CASE("random changes, commits, rollbacks and reopening") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    FulltextStore s(kind);
    RandomWriter writer(s, 7);
    const auto steps = [&](int n) {
      must(auto_commit(*s.store, [&](Transaction& tx) -> Result<void> {
        for (int i = 0; i < n; ++i) writer.step(tx);
        return ok;
      }));
    };
    steps(100);  // before there is an index
    const IndexId index = s.make_index(s.definition());
    for (int round = 0; round < 4; ++round) {
      steps(150);
      for (int i = 0; i < 5; ++i) steps(3);
      {
        const auto tx = begin(*s.store);
        const auto before = writer.nodes();
        for (int i = 0; i < 30; ++i) writer.step(*tx);
        tx->rollback();
        writer.nodes() = before;
      }
      check_against_new(s, index);
      if (round == 1) s.store.reopen();
    }
  }
}

TEST_CASE("a transaction sees its own changes, others do not") {
  FulltextStore s;
  RandomWriter writer(s, 3);
  must(auto_commit(*s.store, [&](Transaction& tx) -> Result<void> {
    for (int i = 0; i < 200; ++i) writer.step(tx);
    return ok;
  }));
  const IndexId index = s.make_index(s.definition());
  const auto old = begin(*s.store, AccessMode::read);
  const std::string all_before = ids(*old, index, "*:*"), w1_before = ids(*old, index, "w1");
  {
    auto tx = begin(*s.store);
    for (int i = 0; i < 100; ++i) {
      writer.step(*tx);
      if (i % 10 == 0) CHECK(ask(*tx, index, "w1").size() <= ask(*tx, index, "*:*").size());
    }
    // What it sees is what an index over the committed state says.
    std::vector<std::pair<std::string, std::vector<FulltextMatch>>> seen;
    for (const std::string text : {"w0", "w1", "w2 w3", "w4 AND w5", "\"w1 w2\"~3", "*:*", "w1*", "w7~1", "w1 -w2", "p:w3"}) {
      seen.emplace_back(text, ask(*tx, index, text));
    }
    CHECK(ids(*old, index, "w1") == w1_before);
    (void)must(commit(*tx));
    const auto after = begin(*s.store, AccessMode::read);
    for (const auto& [text, matches] : seen) {
      CAPTURE(text);
      const auto now = ask(*after, index, text);
      REQUIRE(now.size() == matches.size());
      for (std::size_t i = 0; i < now.size(); ++i) {
        CHECK(now[i].id == matches[i].id);
        CHECK(now[i].score == matches[i].score);
      }
    }
  }
  CHECK(ids(*old, index, "*:*") == all_before);
  CHECK(ids(*old, index, "w1") == w1_before);
  check_against_new(s, index);
}

TEST_CASE("each change of an entity counts") {
  FulltextStore s;
  const IndexId index = s.make_index(s.definition());
  const auto tx = begin(*s.store);
  const NodeId n = s.add(*tx, "one two", "three");
  Arena arena;
  CHECK(ids(*tx, index, "one three") == "0");
  must(tx->set_property(n, s.p, Value::string("four")));
  CHECK(ids(*tx, index, "one two").empty());
  CHECK(ids(*tx, index, "four") == "0");
  must(tx->set_property(n, s.p, Value()));
  CHECK(ids(*tx, index, "four").empty());
  CHECK(ids(*tx, index, "three") == "0");
  must(tx->add_label(n, s.b));
  must(tx->remove_label(n, s.a));
  CHECK(ids(*tx, index, "three") == "0");
  must(tx->remove_label(n, s.b));
  CHECK(ids(*tx, index, "*:*").empty());
  must(tx->add_label(n, s.b));
  CHECK(ids(*tx, index, "*:*") == "0");

  tx->begin_statement();
  must(tx->set_property(n, s.q, Value::string("five")));
  const NodeId other = s.add(*tx, "three");
  CHECK(ids(*tx, index, "three five") == "0 " + std::to_string(raw(other)));
  tx->rollback_statement();
  CHECK(ids(*tx, index, "three five") == "0");
  CHECK(ids(*tx, index, "five").empty());
  must(tx->delete_node(n));
  CHECK(ids(*tx, index, "*:*").empty());
}

TEST_CASE("relationships") {
  FulltextStore s;
  const TypeId t = must(s.store->type("T")), u = must(s.store->type("U")), v = must(s.store->type("V"));
  IndexDefinition d = s.definition();
  d.entity = EntityType::relationship;
  d.token = raw(t);
  d.more_tokens = {raw(u)};
  const IndexId index = s.make_index(d);
  std::vector<RelId> rels;
  must(auto_commit(*s.store, [&](Transaction& tx) -> Result<void> {
    const NodeId x = s.add(tx, "hello");
    for (const TypeId type : {t, u, v}) {
      rels.push_back(must(tx.create_relationship(x, x, type, Properties{{s.p, Value::string("hello world")}})));
    }
    return ok;
  }));
  const auto tx = begin(*s.store);
  CHECK(ids(*tx, index, "hello") == std::to_string(raw(rels[0])) + " " + std::to_string(raw(rels[1])));
  must(tx->delete_relationship(rels[0]));
  must(tx->set_property(rels[1], s.p, Value::string("bye")));
  CHECK(ids(*tx, index, "hello").empty());
  CHECK(ids(*tx, index, "bye") == std::to_string(raw(rels[1])));
}

TEST_CASE("many entities, long lists, strange words") {
  FulltextStore s(EngineKind::lmdb);
  const IndexId index = s.make_index(s.definition("texts", "whitespace"));
  const std::string many = [] {
    std::string out;
    for (int i = 0; i < 20'000; ++i) out += "again ";
    return out;
  }();
  std::vector<NodeId> nodes;
  must(auto_commit(*s.store, [&](Transaction& tx) -> Result<void> {
    for (int i = 0; i < 5'000; ++i) nodes.push_back(s.add(tx, "common w" + std::to_string(i)));
    s.add(tx, many);
    s.add(tx, std::string_view("nul\0byte", 8));
    return ok;
  }));
  const auto check = [&](std::size_t common) {
    const auto tx = begin(*s.store, AccessMode::read);
    CHECK(ask(*tx, index, "common").size() == common);
    CHECK(ask(*tx, index, "common AND w4321").size() == 1);
    CHECK(ask(*tx, index, "w4*").size() == 1 + 10 + 100 + 1000);
    CHECK(ask(*tx, index, "\"again again\"").size() == 1);
    CHECK(ask(*tx, index, std::string("nul\0byte", 8)).size() == 1);
  };
  check(5'000);
  must(auto_commit(*s.store, [&](Transaction& tx) -> Result<void> {  // in the middle of lists
    for (std::size_t i = 0; i < nodes.size(); i += 10) (void)must(tx.set_property(nodes[i], s.p, Value::string("w" + std::to_string(i))));
    return ok;
  }));
  check(4'500);
  must(auto_commit(*s.store, [&](Transaction& tx) -> Result<void> {
    for (std::size_t i = 0; i < nodes.size(); i += 10) (void)must(tx.set_property(nodes[i], s.p, Value::string("common w" + std::to_string(i))));
    return ok;
  }));
  check(5'000);
  must(auto_commit(*s.store, [&](Transaction& tx) { return tx.drop_index(index); }));
  const IndexId again = s.make_index(s.definition("texts", "whitespace"));
  const auto tx = begin(*s.store, AccessMode::read);
  CHECK(ask(*tx, again, "common").size() == 5'000);
}

TEST_CASE("huge words") {
  FulltextStore s(EngineKind::lmdb);
  const IndexId index = s.make_index(s.definition("texts", "keyword"));
  const std::string huge(3000, 'h');
  s.add({huge, huge + "x"});
  const auto tx = begin(*s.store, AccessMode::read);
  CHECK(ids(*tx, index, huge) == "0");
  CHECK(ids(*tx, index, huge + "x") == "1");
  CHECK(ids(*tx, index, huge + "y").empty());
  CHECK(ids(*tx, index, "hhh*") == "0 1");
}

TEST_CASE("an index made together with data and changes") {
  FulltextStore s;
  s.add({"one two", "two three"});
  IndexId index{};
  must(auto_commit(*s.store, [&](Transaction& tx) -> Result<void> {
    PACKHOUSE_TRY(index, tx.create_index(s.definition()));
    CHECK(try_ask(tx, index, "two").error().status() == Status::argument_error);  // populating
    s.add(tx, "two");
    (void)must(tx.set_property(NodeId{0}, s.p, Value::string("changed")));
    (void)must(tx.delete_node(NodeId{1}));
    return ok;
  }));
  const auto tx = begin(*s.store, AccessMode::read);
  CHECK(ids(*tx, index, "*:*") == "0 2");
  CHECK(ids(*tx, index, "two") == "2");
  CHECK(ids(*tx, index, "changed") == "0");
  check_against_new(s, index);
}

TEST_CASE("a transaction that began before the index was made writes into it") {
  FulltextStore s;
  const auto tx = begin(*s.store);
  const NodeId n = s.add(*tx, "early");
  const IndexId index = s.make_index(s.definition());
  (void)must(commit(*tx));
  const auto after = begin(*s.store, AccessMode::read);
  CHECK(ids(*after, index, "early") == std::to_string(raw(n)));
}

TEST_CASE("definitions are stored whole") {
  FulltextStore s;
  Index index{s.definition("x", "english")};
  index.fulltext.eventually_consistent = true;
  index.id = IndexId{5};
  Buffer out;
  serialize(index, out);
  const Index again = must(parse_index(IndexId{5}, out));
  CHECK(again.more_tokens == index.more_tokens);
  CHECK(again.keys == index.keys);
  CHECK(again.fulltext.analyzer == "english");
  CHECK(again.fulltext.eventually_consistent);
}

/// Adds nodes in twos and reports each commit, until killed.
[[noreturn]] void write_forever(const std::filesystem::path& folder, int report) {
  auto opened = Store::open(folder, {.map_size = std::uint64_t{1} << 32});
  if (!opened) ::_exit(1);
  Store& store = **opened;
  const LabelId label = *store.label("A");
  const KeyId key = *store.key("p");
  for (std::int64_t n = 0;; ++n) {
    const std::string text = "common n" + std::to_string(n);
    const auto done = auto_commit(store, [&](Transaction& tx) -> Result<void> {
      for (int i = 0; i < 2; ++i) PACKHOUSE_CHECK(tx.create_node(std::span(&label, 1), Properties{{key, Value::string(text)}}));
      return ok;
    });
    if (!done || ::write(report, &n, sizeof n) != sizeof n) ::_exit(1);
  }
}

TEST_CASE("what was committed is found after kill -9") {
  Folder folder;
  const StoreOptions options{.map_size = std::uint64_t{1} << 32};
  IndexId index{};
  {
    const auto store = must(Store::open(folder.path() / "store", options));
    IndexDefinition d;
    d.name = "texts";
    d.type = IndexType::fulltext;
    d.token = raw(must(store->label("A")));
    d.keys = {must(store->key("p"))};
    must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
      PACKHOUSE_TRY(index, tx.create_index(d));
      return ok;
    }));
  }
  for (int round = 0; round < 2; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(ends[0]);
      write_forever(folder.path() / "store", ends[1]);
    }
    ::close(ends[1]);
    std::int64_t last = -1, n = 0;
    for (int i = 0; i < 20 + 13 * round && ::read(ends[0], &n, sizeof n) == sizeof n; ++i) last = n;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &n, sizeof n) == sizeof n) last = n;
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    REQUIRE(last >= 0);

    const auto store = must(Store::open(folder.path() / "store", options));
    const auto tx = begin(*store, AccessMode::read);
    for (std::int64_t i = 0; i <= last; ++i) CHECK(ask(*tx, index, "n" + std::to_string(i)).size() % 2 == 0);
    CHECK(!ask(*tx, index, "n" + std::to_string(last)).empty());
    const std::size_t nodes = tx->node_count();
    CHECK(nodes % 2 == 0);
    CHECK(ask(*tx, index, "common").size() == nodes);
    CHECK(ask(*tx, index, "*:*").size() == nodes);
  }
}

}  // namespace
}  // namespace packhouse::storage
