#include <cstdio>
#include <optional>

#include "cypher/error.hpp"
#include "cypher/procedures/tdtp/importer.hpp"
#include "server/tdtp_command.hpp"
#include "storage/commit_and_wait.hpp"
#include "storage/store.hpp"
#include "tdtp/tdtql/selector.hpp"

namespace packhouse::server {

namespace {

/// Rows on their way into a store, some or all in one transaction.
class StoreImport {
 public:
  StoreImport(storage::Store& store, const TdtpOptions& options)
      : store_(store),
        batch_(static_cast<std::uint64_t>(options.batch)),
        memory_(static_cast<std::size_t>(options.memory_mb) << 20) {}

  Result<void> open(const tdtp::Schema& schema, const cypher::ImportOptions& how) {
    PACKHOUSE_CHECK(begin());
    importer_.emplace(*context_, schema, how);
    importer_->begin(*context_);
    return ok;
  }
  Result<void> add(const tdtp::Rows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (batch_ > 0 && in_batch_ == batch_) {
        PACKHOUSE_CHECK(end());
        PACKHOUSE_CHECK(begin());
        importer_->begin(*context_);
      }
      importer_->add(*context_, rows[i]);
      ++in_batch_;
    }
    return ok;
  }
  Result<void> end() {
    importer_->end(*context_);
    PACKHOUSE_CHECK(storage::commit_and_wait(*tx_));
    committed_ = importer_->counts().rows;
    return ok;
  }
  const cypher::ImportCounts& counts() const { return importer_->counts(); }
  std::int64_t committed() const { return committed_; }

 private:
  Result<void> begin() {
    PACKHOUSE_TRY(tx_, store_.begin(storage::AccessMode::write));
    tx_->limit_changes(memory_);
    context_.emplace(*tx_, std::span<const Value>(), arena_, stop_);
    context_->memory_limit = memory_;
    in_batch_ = 0;
    return ok;
  }

  storage::Store& store_;
  std::uint64_t batch_, in_batch_ = 0;
  std::size_t memory_;
  Arena arena_;
  cypher::StopSignal stop_;
  std::unique_ptr<storage::Transaction> tx_;
  std::optional<cypher::ExecContext> context_;
  std::optional<cypher::TableImporter> importer_;
  std::int64_t committed_ = 0;
};

Result<void> import_all(StoreImport& import, tdtp::TableReader& table, const TdtpOptions& o) {
  std::unique_ptr<tdtp::tdtql::Selector> selector;
  if (!o.where.empty()) {
    PACKHOUSE_TRY(selector, tdtp::tdtql::Selector::parse(o.where, table.schema()));
  }
  cypher::ImportOptions how;
  how.label = o.label.empty() ? table.header().table_name : o.label;
  if (!o.keys.empty()) how.keys = o.keys;
  PACKHOUSE_CHECK(import.open(table.schema(), how));
  tdtp::Rows rows, chosen;
  for (;;) {
    PACKHOUSE_TRY(const bool more, table.next(rows));
    if (!more) break;
    if (!selector) {
      PACKHOUSE_CHECK(import.add(rows));
      continue;
    }
    chosen.clear();
    PACKHOUSE_CHECK(selector->take(rows, chosen));
    PACKHOUSE_CHECK(import.add(chosen));
  }
  if (selector) PACKHOUSE_CHECK(selector->finish());
  while (selector) {
    PACKHOUSE_TRY(const bool more, selector->drain(chosen));
    if (!more) break;
    PACKHOUSE_CHECK(import.add(chosen));
  }
  return import.end();
}

Result<void> guarded(StoreImport& import, tdtp::TableReader& table, const TdtpOptions& o) {
  try {
    return import_all(import, table, o);
  } catch (cypher::QueryError& e) {
    return tl::make_unexpected(std::move(e.error));
  }
}

}  // namespace

Result<void> run_tdtp_import(const TdtpOptions& o) {
  Meter meter(o);
  // First of all the table: opening a store makes one.
  PACKHOUSE_TRY(const auto table, open_table(o.in, std::ref(meter), true));
  PACKHOUSE_CHECK(table->schema().check());
  PACKHOUSE_TRY(const auto store, storage::Store::open(o.data));
  StoreImport import(*store, o);
  if (auto done = guarded(import, *table, o); !done) {
    if (import.committed() == 0) return done;
    return tl::make_unexpected(
        std::move(done).error().in(std::to_string(import.committed()) + " rows were imported before this: "));
  }
  const auto& n = import.counts();
  std::printf("%lld rows: %lld created, %lld updated, %lld unchanged\n", static_cast<long long>(n.rows),
              static_cast<long long>(n.created), static_cast<long long>(n.updated),
              static_cast<long long>(n.unchanged));
  store->close();
  return ok;
}

}  // namespace packhouse::server
