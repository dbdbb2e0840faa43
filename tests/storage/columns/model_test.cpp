// Columns beside a std::vector: random operations over commits, rollbacks and restarts.
#include <algorithm>
#include <random>

#include "support.hpp"

namespace packhouse::storage {
namespace {

/// A random value of a dtype. Texts are sometimes larger than a chunk.
Value random_value(std::string_view dtype, std::mt19937& random, Arena& arena) {
  const auto number = static_cast<std::int64_t>(random() % 100000);
  if (dtype == "i32") return Value::integer(number);
  if (dtype == "f64") return Value::real(static_cast<double>(number) / 8);
  if (dtype == "msgpack") {
    const auto items = arena.array<Value>(random() % 5);
    for (Value& v : items) v = Value::integer(number);
    return Value::list(items);
  }
  const std::size_t size = random() % 50 == 0 ? 60'000 + random() % 20'000 : random() % 60;
  if (dtype == "str") return Value::string(arena.copy(std::string(size, static_cast<char>('a' + number % 26))));
  return Value::bytes(arena.copy(as_bytes(std::string(5000, static_cast<char>(number)))));  // bytes:30000
}

/// A column and what it should hold.
class Model {
 public:
  Model(EngineKind kind, std::string dtype, unsigned seed) : store_(kind), dtype_(std::move(dtype)), random_(seed) {
    const auto tx = begin(*store_);
    must(columns_of(tx).create("c", dtype_));
    must(commit(*tx));
  }

  /// One transaction of some statements, each of some operations.
  void transaction() {
    auto tx = begin(*store_);
    auto now = committed_;
    for (auto statement = random_() % 4; statement > 0; --statement) {
      tx->begin_statement();
      auto before = now;
      Column c = must(columns_of(tx).open_to_write("c"));
      for (auto i = random_() % 6; i > 0; --i) operation(c, now);
      if (random_() % 4 == 0) {
        tx->rollback_statement();
        now = std::move(before);
      }
      Column reader = must(columns_of(tx).open("c"));
      REQUIRE((packed_elements(reader) == now));
      check_info(reader, now);
    }
    if (random_() % 4 == 0) {
      tx->rollback();
    } else {
      must(commit(*tx));
      committed_ = std::move(now);
    }
    tx.reset();
    if (random_() % 8 == 0) store_.reopen();
    const auto reading = begin(*store_, AccessMode::read);
    Column reader = must(columns_of(reading).open("c"));
    REQUIRE((packed_elements(reader) == committed_));
  }

 private:
  using Packed = std::vector<std::string>;

  std::vector<Value> values(std::size_t n) {
    std::vector<Value> out;
    for (std::size_t i = 0; i < n; ++i) out.push_back(random_value(dtype_, random_, arena_));
    return out;
  }
  Packed packed(const Column& c, std::span<const Value> values) {
    Packed out;
    for (const Value& v : values) {
      Buffer b;
      must(c.packer().pack(v, b));
      out.emplace_back(as_text(b));
    }
    return out;
  }
  std::size_t some() { return random_() % 3 == 0 ? random_() % (dtype_ == "bytes:30000" ? 30 : 9000) : random_() % 5; }

  void operation(Column& c, Packed& now) {
    arena_.reset();
    const auto n = static_cast<std::int64_t>(now.size());
    const std::int64_t at = n == 0 ? 0 : static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n));
    const std::int64_t index = n > 0 && random_() % 2 == 0 ? at - n : at;
    switch (random_() % 6) {
      case 0: {
        const auto v = values(1);
        must(c.append(v[0]));
        now.push_back(packed(c, v)[0]);
        return;
      }
      case 1: {
        const auto v = values(some());
        must(c.extend(v));
        for (auto& e : packed(c, v)) now.push_back(std::move(e));
        return;
      }
      case 2: {
        const auto v = values(some());
        must(c.insert(index, v));
        const auto e = packed(c, v);
        now.insert(now.begin() + at, e.begin(), e.end());
        return;
      }
      case 3: {
        const auto v = values(std::min<std::size_t>(some(), static_cast<std::size_t>(n - at)));
        must(c.set_many(index, v));
        std::ranges::move(packed(c, v), now.begin() + at);
        return;
      }
      case 4: {
        const auto count = std::min<std::int64_t>(static_cast<std::int64_t>(some()), n - at);
        must(c.erase(index, static_cast<std::uint64_t>(count)));
        now.erase(now.begin() + at, now.begin() + at + count);
        return;
      }
      default: {
        if (n == 0) return;
        Arena arena;
        Buffer again;
        must(c.packer().pack(must(c.get(index, arena)), again));
        REQUIRE(as_text(again) == now[static_cast<std::size_t>(at)]);
      }
    }
  }

  void check_info(Column& c, const Packed& now) {
    const ColumnInfo info = must(c.info());
    std::size_t bytes = 0;
    for (const std::string& e : now) bytes += e.size();
    REQUIRE(info.length == now.size());
    REQUIRE(info.bytes == bytes);
  }

  TestStore store_;
  std::string dtype_;
  std::mt19937 random_;
  Arena arena_;
  Packed committed_;
};

}  // namespace

TEST_CASE("columns: random operations give what a vector gives") {
  const std::pair<EngineKind, const char*> cases[] = {{EngineKind::memory, "i32"},      {EngineKind::lmdb, "i32"},
                                                      {EngineKind::memory, "str"},      {EngineKind::lmdb, "str"},
                                                      {EngineKind::memory, "msgpack"},  {EngineKind::memory, "f64"},
                                                      {EngineKind::lmdb, "bytes:30000"}};
  unsigned seed = 1;
  for (const auto& [kind, dtype] : cases) {
    CAPTURE(name_of(kind));
    CAPTURE(dtype);
    Model model(kind, dtype, seed++);
    for (int i = 0; i < 14; ++i) model.transaction();
  }
}

TEST_CASE("columns: directories grow and shrink over their pages") {
  TestStore store;  // an element a chunk: pages fill soon
  constexpr std::size_t size = 40'000, n = 2'100;
  const auto tx = begin(*store);
  must(columns_of(tx).create("c", "bytes:40000"));
  Column c = must(columns_of(tx).open_to_write("c"));
  const auto numbered = [](std::size_t i) { return std::to_string(i); };
  std::vector<std::string> model;
  for (std::size_t i = 0; i < n; ++i) {
    must(c.append(Value::bytes(as_bytes(numbered(i)))));
    model.push_back(numbered(i));
  }
  std::mt19937 random(7);
  for (std::size_t i = 0; i < 600; ++i) {  // one full page becomes two
    const std::size_t at = 300 + random() % 300;
    const Value v = Value::bytes(as_bytes(model.emplace_back(numbered(n + i))));
    must(c.insert(static_cast<std::int64_t>(at), {&v, 1}));
    std::rotate(model.begin() + static_cast<std::ptrdiff_t>(at), model.end() - 1, model.end());
  }
  must(c.erase(1'000, 1'500));
  model.erase(model.begin() + 1'000, model.begin() + 2'500);
  REQUIRE(must(c.length()) == model.size());
  for (std::size_t i = 0; i < model.size(); ++i) {
    const auto run = must(c.run(i));
    REQUIRE(run.count == 1);
    REQUIRE(run.data.size() == size);
    REQUIRE(as_text(run.data.first(model[i].size())) == model[i]);
  }
  must(c.erase(0, model.size()));
  CHECK(must(c.info()).bytes == 0);
  must(c.append(Value::bytes(as_bytes("x"))));
  CHECK(must(c.length()) == 1);
}

}  // namespace packhouse::storage
