#include <algorithm>
#include <filesystem>

#include "cypher/procedures/table.hpp"
#include "cypher/procedures/tdtp/files.hpp"
#include "cypher/procedures/tdtp/options.hpp"
#include "cypher/procedures/tdtp/rows.hpp"
#include "cypher/procedures/tdtp/tdtp.hpp"
#include "tdtp/time.hpp"

namespace packhouse::cypher {

std::string text_argument(std::string_view procedure, std::string_view name, const Value& v) {
  if (v.is(Kind::string) && !v.as_string().empty()) return std::string(v.as_string());
  throw QueryError(Status::argument_error, std::string(procedure) + ": expected a string that is not empty for '" +
                                               std::string(name) + "', got " + std::string(type_name(v.kind())));
}

namespace {

using RowsPtr = std::unique_ptr<ProcedureRows>;
using Arguments = std::span<const Value>;

/// Rows of a file as maps, read as they are asked for.
class ReadRows final : public ProcedureRows {
 public:
  ReadRows(ExecContext& c, std::string_view file, const tdtp::tdtql::Query& query, const CellOptions& cells)
      : table_(c, file, query), cells_(table_.schema(), cells), names_(cells_.keys(c.arena)) {}

  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    const auto found = table_.next(c);
    if (!found) return false;
    row[0] = cells_.map(*found, names_, arena);
    c.bound(arena.footprint());  // one row may have megabytes
    return true;
  }

 private:
  QueriedTable table_;
  CellReader cells_;
  std::vector<std::string_view> names_;
};

RowsPtr read(ExecContext& c, Arguments a) {
  ProcedureOptions options("tdtp.read", a[1]);
  const auto query = row_query(options);
  const auto cells = cell_options(options);
  options.done();
  return std::make_unique<ReadRows>(c, text_argument("tdtp.read", "file", a[0]), query, cells);
}

RowsPtr filter(ExecContext& c, Arguments a) {
  ProcedureOptions options("tdtp.filter", a[2]);
  const auto query = row_query(options, text_argument("tdtp.filter", "where", a[1]));
  const auto cells = cell_options(options);
  options.done();
  return std::make_unique<ReadRows>(c, text_argument("tdtp.filter", "file", a[0]), query, cells);
}

RowsPtr page(ExecContext& c, Arguments a) {
  ProcedureOptions options("tdtp.page", a[1]);
  const auto query = row_query(options);
  const auto cells = cell_options(options);
  options.done();
  QueriedTable table(c, text_argument("tdtp.page", "file", a[0]), query);
  const CellReader reader(table.schema(), cells);
  auto out = std::make_unique<Table>(6);
  const auto names = reader.keys(out->arena());
  std::vector<Value> rows;
  while (const auto row = table.next(c)) {
    rows.push_back(reader.map(*row, names, out->arena()));
    c.bound(out->arena().footprint() + rows.size() * sizeof(Value));
  }
  const auto items = out->arena().array<Value>(rows.size());
  std::ranges::uninitialized_copy(rows, items);
  const auto context = table.context();
  const auto number = [](std::size_t n) { return Value::integer(static_cast<std::int64_t>(n)); };
  out->add({Value::list(items), number(context.total), number(context.matched), number(context.returned),
            Value::boolean(context.more), context.more ? number(context.next_offset) : Value()});
  return out;
}

Value describe(const tdtp::Field& f, Table& out) {
  std::vector<MapEntry> entries{{"name", out.text(f.name)}, {"type", out.text(f.type)}, {"key", Value::boolean(f.key)}};
  const auto number = [&](std::string_view name, std::int64_t n) {
    if (n != 0) entries.push_back({name, Value::integer(n)});
  };
  const auto text = [&](std::string_view name, std::string_view s) {
    if (!s.empty()) entries.push_back({name, out.text(s)});
  };
  number("length", f.length);
  number("precision", f.precision);
  number("scale", f.scale);
  text("timezone", f.timezone);
  text("subtype", f.subtype);
  if (f.readonly) entries.push_back({"readonly", Value::boolean(true)});
  const auto kept = out.arena().array<MapEntry>(entries.size());
  std::ranges::uninitialized_copy(entries, kept);
  return Value::map(kept);
}

RowsPtr info(ExecContext& c, Arguments a) {
  const std::string file = text_argument("tdtp.info", "file", a[0]);
  const auto reader = open_tdtp(c, file);
  std::int64_t count = 0;
  for (tdtp::Rows rows;;) {
    c.check();
    auto more = reader->next(rows);
    if (!more) cannot_read(file, std::move(more).error());
    if (!*more) break;
    count += static_cast<std::int64_t>(rows.size());
  }
  auto out = std::make_unique<Table>(8);
  const auto& fields = reader->schema().fields;
  const auto described = out->arena().array<Value>(fields.size());
  std::vector<std::string_view> keys;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    ::new (&described[i]) Value(describe(fields[i], *out));
    if (fields[i].key) keys.push_back(fields[i].name);
  }
  const tdtp::Header& h = reader->header();
  const auto written = tdtp::parse_rfc3339(h.timestamp);
  out->add({out->text(h.table_name), out->text(h.type), Value::list(described), out->texts(keys), Value::integer(count),
            Value::integer(static_cast<std::int64_t>(reader->parts())),
            Value::integer(static_cast<std::int64_t>(reader->size())),
            written ? Value::datetime({written->seconds, written->nanos, Zone::offset(0)}) : Value()});
  return out;
}

}  // namespace

void add_tdtp_reading(ProcedureRegistry& r) {
  r.add({.name = "tdtp.read",
         .description =
             "Reads the rows of a TDTP table in the import folder. Options: where, orderBy, limit, offset, typed, "
             "exactDecimal, emptyAsNull.",
         .mode = ProcedureMode::read,
         .arguments = {{"file", Type::string}, options_argument()},
         .columns = {{"row", Type::map}},
         .open = later(read)});
  r.add({.name = "tdtp.filter",
         .description = "Reads the rows of a TDTP table that a condition lets through. Options as tdtp.read.",
         .mode = ProcedureMode::read,
         .arguments = {{"file", Type::string}, {"where", Type::string}, options_argument()},
         .columns = {{"row", Type::map}},
         .open = later(filter)});
  r.add({.name = "tdtp.page",
         .description =
             "Reads a page of a TDTP table, with the totals and where the next page begins. Options as tdtp.read.",
         .mode = ProcedureMode::read,
         .arguments = {{"file", Type::string}, options_argument()},
         .columns = {{"rows", Type::list},
                     {"total", Type::integer},
                     {"matched", Type::integer},
                     {"returned", Type::integer},
                     {"more", Type::boolean},
                     {"nextOffset", Type::integer}},
         .open = later(page)});
  r.add({.name = "tdtp.info",
         .description = "Describes a TDTP table in the import folder; reads and checks all of it.",
         .mode = ProcedureMode::read,
         .arguments = {{"file", Type::string}},
         .columns = {{"table", Type::string},
                     {"type", Type::string},
                     {"fields", Type::list},
                     {"keys", Type::list},
                     {"rows", Type::integer},
                     {"parts", Type::integer},
                     {"bytes", Type::integer},
                     {"written", Type::datetime}},
         .open = later(info)});
}

}  // namespace packhouse::cypher
