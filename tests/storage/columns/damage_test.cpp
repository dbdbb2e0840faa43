// Columns whose cells are damaged: errors that name the column, never a crash.
#include "support.hpp"

namespace packhouse::storage {
namespace {

std::vector<std::pair<std::string, std::string>> cells(Transaction& tx) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto cursor = must(tx.cells().scan_cells(as_bytes("\x01"), as_bytes("\x02")));
  for (kv::Entry e; must(cursor->next(e));) out.emplace_back(as_text(e.key), as_text(e.value));
  return out;
}

/// Every operation; the first error that says that something is damaged.
std::string try_everything(Transaction& tx, const Value& v) {
  std::string damage;
  const auto note = [&](const auto& r) {
    if (r) return;
    const std::string& what = r.error().message();
    if (what.find("damaged") == std::string::npos) return;
    CHECK(r.error().status() == Status::storage_failed);
    CHECK(what.find("column `c`") != std::string::npos);
    if (damage.empty()) damage = what;
  };
  Columns columns(tx.cells());
  note(columns.list());
  auto c = columns.open_to_write("c");
  note(c);
  if (!c) return damage;
  Arena arena;
  for (const std::int64_t i : {0, 1, 4095, 5000, 8189, 8190, 9999, -1}) {
    note(c->get(i, arena));
    const auto range = c->range(i, std::nullopt);
    if (i == 0 && range && range->size() < 100'000) note(c->slice(*range, arena));
    const std::vector<Value> some(3, v);
    note(c->set(i, v));
    note(c->insert(i, some));
    note(c->erase(i, 2));
    note(c->append(v));
    note(c->extend(some));
  }
  note(c->info());
  return damage;
}

}  // namespace

TEST_CASE("columns: damaged cells are errors that name the column") {
  const std::pair<const char*, Value> cases[] = {{"f64", Value::real(1)}, {"str", Value::string("some text")}};
  for (const auto& [dtype, v] : cases) {
    CAPTURE(dtype);
    TestStore store;
    {
      const auto tx = begin(*store);
      must(columns_of(tx).create("c", dtype));
      must(must(columns_of(tx).open_to_write("c")).extend(std::vector<Value>(20'000, v)));
      must(commit(*tx));
    }
    const auto whole = cells(*begin(*store));
    for (const auto& [key, value] : whole) {
      const bool data = key[1] == 3;  // the elements' own bytes: only their number can be checked
      std::vector<std::pair<std::string, bool>> damages{
          {"", true}, {value.substr(0, value.size() - 1), true}, {value + "x", true}};
      for (std::size_t at = 0; at < value.size() && !data; at += value.size() < 200 ? 1 : value.size() / 12)
        for (const char c : {'\0', '\xff'}) {
          std::string changed = value;
          changed[at] = c;
          damages.emplace_back(std::move(changed), false);
        }
      for (const auto& [damage, certain] : damages) {
        const auto tx = begin(*store);
        must(tx->cells().put_cell(as_bytes(key), as_bytes(damage)));
        const std::string said = try_everything(*tx, v);
        if (certain) CHECK(said != "");
      }
      const auto tx = begin(*store);
      must(tx->cells().erase_cell(as_bytes(key)));
      if (key[1] != 1) CHECK(try_everything(*tx, v) != "");
      tx->rollback_statement();
      must(tx->cells().put_cell(as_bytes(key), as_bytes("x")));
      CHECK(must(columns_of(tx).drop("c")));
      if (key[1] != 1) CHECK(cells(*tx).empty());
    }
  }
}

}  // namespace packhouse::storage
