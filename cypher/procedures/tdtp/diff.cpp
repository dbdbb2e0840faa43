#include <algorithm>

#include "cypher/procedures/tdtp/files.hpp"
#include "cypher/procedures/tdtp/node_rows.hpp"
#include "cypher/procedures/tdtp/options.hpp"
#include "cypher/procedures/tdtp/rows.hpp"
#include "cypher/procedures/tdtp/tdtp.hpp"
#include "tdtp/stream_diff.hpp"

namespace packhouse::cypher {
namespace {

using tdtp::StreamDiff;

/// A file whose cells are written as those of nodes are, so that 9.50 and 9.5 are the same number.
class PlainCells final : public tdtp::RowSource {
 public:
  explicit PlainCells(std::unique_ptr<tdtp::TableReader> table)
      : table_(std::move(table)), cells_(table_->schema(), {}) {}
  const tdtp::Header& header() const override { return table_->header(); }
  const tdtp::Schema& schema() const override { return table_->schema(); }
  Result<bool> next(tdtp::Rows& rows) override {
    rows.clear();
    PACKHOUSE_TRY(const bool more, table_->next(read_));
    for (std::size_t i = 0; i < read_.size() && more; ++i) {
      scratch_.reset();
      for (std::size_t c = 0; c < cells_.columns().size(); ++c) {
        text_.clear();
        PACKHOUSE_CHECK(append_cell(cells_.columns()[c], cells_.value(c, read_[i][c], scratch_), text_));
        rows.add(rows.keep(text_));
      }
      rows.end_row();
    }
    return more;
  }

 private:
  std::unique_ptr<tdtp::TableReader> table_;
  CellReader cells_;
  tdtp::Rows read_;
  Arena scratch_;
  std::string text_;
};

/// Differences, one a row: what changed, the key, and each field with its value before and after.
class DiffRows final : public ProcedureRows {
 public:
  DiffRows(ExecContext& c, std::unique_ptr<StreamDiff> diff, const tdtp::Schema& schema)
      : diff_(std::move(diff)), schema_(schema), cells_(schema_, {}), names_(cells_.keys(c.arena)) {}

  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    if (!or_throw(diff_->next(entry_))) return false;
    using Change = StreamDiff::Change;
    row[0] = Value::string(entry_.change == Change::added     ? "added"
                           : entry_.change == Change::removed ? "removed"
                                                              : "modified");
    const auto& shown = entry_.change == Change::added ? entry_.after : entry_.before;
    const auto key = arena.array<MapEntry>(diff_->keys().size());
    for (std::size_t i = 0; i < key.size(); ++i) {
      const std::size_t column = diff_->keys()[i];
      ::new (&key[i]) MapEntry{names_[column], cells_.value(column, shown[column], arena)};
    }
    row[1] = Value::map(key);
    row[2] = fields(arena);
    c.bound(arena.footprint());
    return true;
  }

 private:
  Value fields(Arena& arena) {
    std::vector<std::size_t> columns = entry_.columns;
    if (entry_.change != StreamDiff::Change::modified) {
      columns.resize(names_.size());
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = i;
    }
    const auto entries = arena.array<MapEntry>(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto both = arena.array<MapEntry>(2);
      ::new (&both[0]) MapEntry{"old", value(entry_.before, columns[i], arena)};
      ::new (&both[1]) MapEntry{"new", value(entry_.after, columns[i], arena)};
      ::new (&entries[i]) MapEntry{names_[columns[i]], Value::map(both)};
    }
    return Value::map(entries);
  }
  Value value(const std::vector<std::string_view>& cells, std::size_t column, Arena& arena) const {
    return cells.empty() ? Value() : cells_.value(column, cells[column], arena);
  }

  std::unique_ptr<StreamDiff> diff_;
  tdtp::Schema schema_;
  CellReader cells_;
  std::vector<std::string_view> names_;
  StreamDiff::Entry entry_;
};

/// User for (:User); nothing for the name of a file.
std::optional<std::string> label_in(const std::string& text) {
  if (!text.starts_with("(:") || !text.ends_with(")") || text.size() < 4) return std::nullopt;
  return text.substr(2, text.size() - 3);
}

std::unique_ptr<ProcedureRows> diff(ExecContext& c, std::span<const Value> a) {
  const std::string before = text_argument("tdtp.diff", "old", a[0]), after = text_argument("tdtp.diff", "new", a[1]);
  ProcedureOptions options("tdtp.diff", a[2]);
  tdtp::DiffOptions how;
  how.ignore_case = options.flag("ignoreCase", false);
  how.keys = options.texts("keys");
  options.done();
  how.memory = std::min(how.memory, c.memory_limit / 4);
  how.going_on = [&c] { return !c.stopping(); };
  auto file = open_tdtp(c, before);
  const tdtp::Schema schema = file->schema();
  std::unique_ptr<tdtp::RowSource> old_table, new_table;
  if (const auto label = label_in(after)) {
    const auto id = c.store.find_label(*label);
    if (!id) throw QueryError(Status::argument_error, "tdtp.diff: there is no label '" + *label + "'");
    new_table = std::make_unique<NodeRows>(c, *id, file->header(), schema, false);
    old_table = std::make_unique<PlainCells>(std::move(file));
  } else {
    old_table = std::move(file);
    new_table = open_tdtp(c, after);
  }
  auto found = StreamDiff::open(*old_table, *new_table, how);
  c.check();
  if (!found) throw QueryError(std::move(found).error());
  return std::make_unique<DiffRows>(c, std::move(*found), schema);
}

}  // namespace

void add_tdtp_diff(ProcedureRegistry& r) {
  r.add({.name = "tdtp.diff",
         .description =
             "Compares a TDTP table of the import folder by key with another one, or with the nodes that have a label: "
             "'(:User)'. Options: keys, ignoreCase.",
         .mode = ProcedureMode::read,
         .arguments = {{"old", Type::string}, {"new", Type::string}, options_argument()},
         .columns = {{"change", Type::string}, {"key", Type::map}, {"fields", Type::map}},
         .open = later(diff)});
}

}  // namespace packhouse::cypher
