#include <cstdio>
#include <filesystem>
#include <utility>

#include "cypher/error.hpp"
#include "cypher/procedures/tdtp/columns.hpp"
#include "cypher/procedures/tdtp/node_rows.hpp"
#include "server/tdtp_command.hpp"
#include "storage/store.hpp"
#include "tdtp/stream.hpp"

namespace packhouse::server {

namespace {

/// Rows with a look at how many there are of so many.
class Metered final : public tdtp::RowSource {
 public:
  /// `done` of `all` were there before.
  Metered(std::unique_ptr<tdtp::RowSource> rows, Meter& meter, std::uint64_t done, std::uint64_t all)
      : rows_(std::move(rows)), meter_(meter), all_(all), done_(done) {}
  const tdtp::Header& header() const override { return rows_->header(); }
  const tdtp::Schema& schema() const override { return rows_->schema(); }
  Result<bool> next(tdtp::Rows& rows) override {
    PACKHOUSE_TRY(const bool more, rows_->next(rows));
    done_ += rows.size();
    meter_(done_, all_);
    return more;
  }

 private:
  std::unique_ptr<tdtp::RowSource> rows_;
  Meter& meter_;
  std::uint64_t all_, done_;
};

/// A store that is there; opening one that isn't would make it.
Result<std::unique_ptr<storage::Store>> open_existing(const std::string& folder) {
  std::error_code problem;
  if (!std::filesystem::is_directory(folder, problem) || std::filesystem::is_empty(folder, problem))
    return fail(Status::argument_error, "there is no store in " + folder);
  return storage::Store::open(folder);
}

Result<tdtp::StreamReport> export_label(storage::Store& store, const TdtpOptions& o) {
  PACKHOUSE_TRY(const auto tx, store.begin(storage::AccessMode::read));
  Arena arena;
  cypher::StopSignal stop;
  cypher::ExecContext context(*tx, {}, arena, stop);
  const auto label = store.find_label(o.label);
  if (!label || tx->node_count(*label) == 0)
    return fail(Status::argument_error, "there are no nodes with the label '" + o.label + "'");
  tdtp::Schema given;
  for (const std::string& name : o.fields) given.fields.emplace_back().name = name;
  const tdtp::Schema schema = cypher::columns_of_label(context, *label, std::move(given), o.keys);
  tdtp::Header header;
  header.type = "reference";
  header.table_name = o.label;
  Meter meter(o);
  std::uint64_t done = 0, nodes = tx->node_count(*label);
  // Twice: the first time for the number of parts.
  const auto open = [&]() -> Result<std::unique_ptr<tdtp::RowSource>> {
    auto rows = std::make_unique<cypher::NodeRows>(context, *label, header, schema, !o.compress);
    return std::make_unique<Metered>(std::move(rows), meter, std::exchange(done, nodes), 2 * nodes);
  };
  return tdtp::export_rows(open, o.in, export_options(o));
}

Result<tdtp::StreamReport> guarded(storage::Store& store, const TdtpOptions& o) {
  try {
    return export_label(store, o);
  } catch (cypher::QueryError& e) {
    return tl::make_unexpected(std::move(e.error));
  }
}

}  // namespace

Result<void> run_tdtp_label_export(const TdtpOptions& o) {
  PACKHOUSE_TRY(const auto store, open_existing(o.data));
  PACKHOUSE_TRY(const auto report, guarded(*store, o));
  PACKHOUSE_CHECK(tdtp::remove_former(o.in, report.files.size()));
  for (const std::string& file : report.files) std::printf("%s\n", file.c_str());
  store->close();
  return ok;
}

}  // namespace packhouse::server
