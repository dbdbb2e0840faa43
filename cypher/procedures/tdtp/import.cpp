#include <optional>

#include "cypher/procedures/tdtp/files.hpp"
#include "cypher/procedures/tdtp/importer.hpp"
#include "cypher/procedures/tdtp/options.hpp"
#include "cypher/procedures/tdtp/tdtp.hpp"

namespace packhouse::cypher {
namespace {

ImportOptions import_options(ProcedureOptions& options) {
  ImportOptions out;
  out.label = options.text("label").value_or("");
  out.cells = cell_options(options);
  if (options.any("keys")) out.keys = options.texts("keys");
  if (const Value* mapping = options.any("mapping")) {
    if (!mapping->is(Kind::map)) options.refuse("mapping", "a map from fields to properties or null");
    for (const auto& [field, property] : mapping->as_map()) {
      if (!property.is_null() && !property.is(Kind::string))
        options.refuse("mapping", "a map from fields to properties or null");
      auto& to = out.mapping[std::string(field)];
      if (property.is(Kind::string)) to = std::string(property.as_string());
    }
  }
  return out;
}

/// An import on its way: in the statement's transaction, with one row at its end, or in transactions of so many rows
/// each, with a row for each that is committed.
class ImportRows final : public ProcedureRows {
 public:
  ImportRows(ExecContext& c, std::string_view file, const tdtp::tdtql::Query& query, const ImportOptions& how,
             std::int64_t batch)
      : table_(c, file, query), label_(how.label.empty() ? table_.header().table_name : how.label), batch_(batch) {
    ImportOptions options = how;
    options.label = label_;
    if (batch_ > 0) c.begin_parts("CALL tdtp.import(…, {batch: …})");
    importer_.emplace(c, table_.schema(), options);
  }

  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    paused_ = false;
    while (phase_ != Phase::done) {
      c.check();
      switch (phase_) {
        case Phase::between: begin(c); break;
        case Phase::working: work(c); break;
        case Phase::locked: resume(c, Phase::between); break;
        case Phase::committing: resume(c, Phase::committed); break;
        case Phase::committed: give(arena, row); return true;
        case Phase::done: break;
      }
      if (paused_) return false;
    }
    return false;
  }
  bool paused() const override { return paused_; }
  bool take_long() const override { return true; }

 private:
  enum class Phase : std::uint8_t { between, working, locked, committing, committed, done };

  /// The rows of the next transaction. They are kept, because waiting for a lock means to add them again.
  bool read(ExecContext& c) {
    while (static_cast<std::int64_t>(rows_.size()) < batch_) {
      const auto row = table_.next(c);
      if (!row) return false;
      for (const auto cell : *row) rows_.add(rows_.keep(cell));
      rows_.end_row();
      c.bound(c.kept() + rows_.footprint());
    }
    return true;
  }

  void begin(ExecContext& c) {
    if (batch_ > 0) {
      last_ = last_ || !read(c);
      if (rows_.empty() && told_.rows > 0) {
        phase_ = Phase::done;
        return;
      }
      // Since the last commit the client may have taken its time: what others did meanwhile counts.
      if (told_.rows > 0) or_throw(c.tx.rollback_part());
      c.tx.begin_part();
    }
    importer_->begin(c);
    at_ = 0;
    phase_ = Phase::working;
  }

  /// Some rows, or the end of the transaction.
  void work(ExecContext& c) {
    constexpr std::size_t slice = 4096;
    try {
      for (std::size_t n = 0; n < slice; ++n) {
        if (!add_row(c)) return finish(c);
        if (n % 256 == 0) c.check();
      }
      paused_ = c.out_of_budget();
    } catch (const QueryError&) {
      // Without batches the statement begins again as a whole.
      if (batch_ == 0 || !c.tx.wait_pending() || c.stopping()) throw;
      c.tx.rollback_statement();
      importer_->undo(c);
      phase_ = Phase::locked;
      paused_ = true;
    }
  }

  bool add_row(ExecContext& c) {
    if (batch_ > 0) {
      if (at_ == rows_.size()) return false;
      importer_->add(c, rows_[at_++]);
      return true;
    }
    const auto row = table_.next(c);
    if (row) importer_->add(c, *row);
    return row.has_value();
  }

  void finish(ExecContext& c) {
    importer_->end(c);
    phase_ = Phase::committed;
    if (batch_ == 0) return;
    c.tx.commit_part();
    phase_ = Phase::committing;
    paused_ = c.tx.wait_pending();
  }

  void resume(ExecContext& c, Phase then) {
    auto outcome = c.tx.resume_after_wait();
    if (!outcome && c.tx.wait_pending()) {  // woken too early
      paused_ = true;
      return;
    }
    or_throw(std::move(outcome));
    phase_ = then;
    paused_ = then == Phase::between;  // whoever wakes us has no time for what begins now
  }

  void give(Arena& arena, std::span<Value> row) {
    const ImportCounts& all = importer_->counts();
    const ImportCounts n = all - told_;
    told_ = all;
    row[0] = Value::string(arena.copy(label_));
    row[1] = Value::integer(n.rows);
    row[2] = Value::integer(n.created);
    row[3] = Value::integer(n.updated);
    row[4] = Value::integer(n.unchanged);
    row[5] = Value::integer(all.rows);
    phase_ = batch_ == 0 || last_ ? Phase::done : Phase::between;
    rows_.clear();
  }

  QueriedTable table_;
  std::string label_;
  std::int64_t batch_;  // rows; 0: all
  std::optional<TableImporter> importer_;
  Phase phase_ = Phase::between;
  tdtp::Rows rows_;
  std::size_t at_ = 0;
  bool last_ = false, paused_ = false;
  ImportCounts told_;
};

std::unique_ptr<ProcedureRows> import_table(ExecContext& c, std::span<const Value> a) {
  ProcedureOptions options("tdtp.import", a[1]);
  const auto query = row_query(options);
  const ImportOptions how = import_options(options);
  const std::int64_t batch = options.count("batch").value_or(0);
  options.done();
  return std::make_unique<ImportRows>(c, text_argument("tdtp.import", "file", a[0]), query, how, batch);
}

}  // namespace

void add_tdtp_import(ProcedureRegistry& r) {
  r.add({.name = "tdtp.import",
         .description =
             "Puts the rows of a TDTP table of the import folder into nodes, found by key or made; with batch in "
             "transactions of so many rows, with a row for each. Options: label (default: the table's name), keys, "
             "mapping, batch, where, orderBy, limit, offset, typed, exactDecimal, emptyAsNull.",
         .mode = ProcedureMode::write,
         .arguments = {{"file", Type::string}, options_argument()},
         .columns = {{"label", Type::string},
                     {"rows", Type::integer},
                     {"created", Type::integer},
                     {"updated", Type::integer},
                     {"unchanged", Type::integer},
                     {"total", Type::integer}},
         .may_commit = true,
         .open = later(import_table)});
}

}  // namespace packhouse::cypher
