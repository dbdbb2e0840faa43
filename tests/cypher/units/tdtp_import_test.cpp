#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <vector>

#include "tests/cypher/runner/database.hpp"

using namespace packhouse;
using cypher::Run;

namespace {

constexpr const char* import = "CALL tdtp.import('units.tdtp.xml', {label: 'U', batch: 10}) YIELD created, updated, unchanged, total";

/// A database, and a table of 40 rows in its import folder.
struct WithTable : tests::Database {
  WithTable() {
    REQUIRE(run("UNWIND range(1, 40) AS i WITH collect({Id: i, Name: 'name ' + i}) AS rows CALL tdtp.write('units.tdtp.xml', 'U', "
                "null, rows, {keys: ['Id']}) YIELD rows AS n RETURN n")
                .has_value());
  }
  std::string value(std::string_view text) {
    const auto outcome = run(text);
    REQUIRE_MESSAGE(outcome.has_value(), outcome.error().message());
    return outcome->rows.at(0).at(0);
  }
};

cypher::RunOptions options_with(const ImportFolder& folder, bool implicit = true) {
  cypher::RunOptions options;
  options.import_folder = &folder;
  options.implicit_transaction = implicit;
  return options;
}

}  // namespace

TEST_CASE("an import in many transactions is refused in an explicit one") {
  WithTable database;
  const auto tx = database.store().begin(storage::AccessMode::write);
  REQUIRE(tx.has_value());
  auto run = database.engine().run(**tx, import, Value(), options_with(database.files(), false));
  REQUIRE(run.has_value());
  CHECK_FALSE((*run)->may_share_transaction());
  auto state = (*run)->advance();
  while (state && *state == Run::State::yield) state = (*run)->advance();
  REQUIRE_FALSE(state.has_value());
  CHECK(state.error().code() == "Neo.DatabaseError.Transaction.TransactionStartFailed");
  CHECK(state.error().message().find("in an implicit transaction") != std::string::npos);
}

TEST_CASE("rows come while the import goes on, and others may write between its transactions") {
  WithTable database;
  auto tx = database.store().begin(storage::AccessMode::write);
  REQUIRE(tx.has_value());
  auto run = database.engine().run(**tx, import, Value(), options_with(database.files()));
  REQUIRE(run.has_value());
  std::vector<std::string> seen;
  int waits = 0;
  std::unique_ptr<storage::Transaction> other;
  for (;;) {
    auto state = (*run)->advance();
    REQUIRE_MESSAGE(state.has_value(), state.error().message());
    if (*state == Run::State::done) break;
    if (*state == Run::State::waiting) {
      // Either its own commit, or the lock that the other one holds: which is then let go.
      ++waits;
      if (other && seen.size() == 2) {
        REQUIRE(tests::commit(*other).has_value());
        other.reset();
      }
      std::atomic<bool> woken = false;
      (*run)->on_wake([&] {
        woken = true;
        woken.notify_one();
      });
      woken.wait(false);
    }
    if (*state != Run::State::rows) continue;
    auto& batch = (*run)->batch();
    REQUIRE(batch.size() == 1);
    std::string row;
    for (std::size_t c = 0; c < 4; ++c) row += std::to_string(batch.at((*run)->column_slot(c), batch.row(0)).as_integer()) + " ";
    seen.push_back(row);
    CHECK(database.value("MATCH (u:U) RETURN count(u)") == std::to_string(seen.size() * 10));
    // After the first transaction somebody makes what the second would make.
    if (seen.size() == 1) CHECK(database.run("UNWIND [13, 14] AS i CREATE (:U {Id: i})").has_value());
    // And before the third somebody holds a node that it has to change.
    if (seen.size() == 2) {
      CHECK(database.run("CREATE (:U {Id: 25})").has_value());
      auto begun = database.store().begin(storage::AccessMode::write);
      REQUIRE(begun.has_value());
      other = std::move(*begun);
      REQUIRE(database.run(*other, "MATCH (u:U {Id: 25}) SET u.held = true").has_value());
    }
  }
  REQUIRE(tests::commit(**tx).has_value());
  std::string all;
  for (const auto& row : seen) all += row + "| ";
  CHECK(all == "10 0 0 10 | 8 2 0 20 | 9 1 0 30 | 10 0 0 40 | ");
  CHECK(waits >= 1);  // for the lock; a commit may be done before anybody looks
  CHECK(database.value("MATCH (u:U) RETURN count(u) + count(DISTINCT u.Id)") == "80");
}
