#include <algorithm>
#include <filesystem>

#include "codec/json/writer.hpp"
#include "cypher/procedures/table.hpp"
#include "cypher/procedures/tdtp/columns.hpp"
#include "cypher/procedures/tdtp/files.hpp"
#include "cypher/procedures/tdtp/node_rows.hpp"
#include "cypher/procedures/tdtp/options.hpp"
#include "cypher/procedures/tdtp/tdtp.hpp"
#include "tdtp/file.hpp"
#include "tdtp/stream.hpp"
#include "value/write.hpp"

namespace packhouse::cypher {
namespace {

using RowsPtr = std::unique_ptr<ProcedureRows>;
using Arguments = std::span<const Value>;
using Source = std::unique_ptr<tdtp::RowSource>;

tdtp::Header header_of(const std::string& table) {
  tdtp::Header h;
  h.type = "reference";
  h.table_name = table;
  return h;
}

/// The one row that tells what was written: the names of the files, as they can be read, and how many rows.
RowsPtr written(const std::string& file, const std::string& path, const tdtp::StreamReport& report, const std::string& read = {}) {
  if (auto r = tdtp::remove_former(path, report.files.size(), read); !r) cannot_write(file, std::move(r).error());
  auto out = std::make_unique<Table>(2);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < report.files.size(); ++i)
    names.push_back(tdtp::part_path(file, i + 1, report.files.size()));
  const std::vector<std::string_view> views(names.begin(), names.end());
  out->add({out->texts(views), Value::integer(static_cast<std::int64_t>(report.rows_written))});
  return out;
}

RowsPtr write_rows(ExecContext& c, const std::string& file, const std::function<Result<Source>()>& open,
                   const tdtp::ExportOptions& options) {
  const std::string path = tdtp_target(c, file);
  auto report = tdtp::export_rows(open, path, options);
  if (!report) cannot_write(file, std::move(report).error());
  return written(file, path, *report);
}

RowsPtr export_label(ExecContext& c, const std::string& label, LabelId id, const std::string& file,
                     ProcedureOptions& options) {
  const auto how = export_options(options);
  auto fields = given_columns("tdtp.export", options.value("fields"));
  const auto keys = options.texts("keys");
  const std::string table = options.text("table").value_or(label);
  options.done();
  const auto schema = columns_of_label(c, id, std::move(fields), keys);
  const auto open = [&]() -> Result<Source> {
    return std::make_unique<NodeRows>(c, id, header_of(table), schema, !how.compress);
  };
  return write_rows(c, file, open, how);
}

/// Users for some/Users.tdtp.xml.
std::string table_named_by(const std::string& file) {
  const std::string name = std::filesystem::path(file).filename().string();
  return name.substr(0, name.find('.', 1));
}

/// The query runs once for its columns, unless their types are given, and twice for the parts and their rows.
RowsPtr export_query(ExecContext& c, const std::string& text, const std::string& file, ProcedureOptions& options) {
  const auto how = export_options(options);
  auto fields = given_columns("tdtp.export", options.value("fields"));
  const auto keys = options.texts("keys");
  const std::string table = options.text("table").value_or(table_named_by(file));
  const Value parameters = options.value("parameters");
  if (!parameters.is_null() && !parameters.is(Kind::map)) options.refuse("parameters", "a map");
  options.done();
  const auto run = [&] { return std::make_unique<NestedQuery>(c, text, parameters); };
  const auto columns = columns_of_query(c, "tdtp.export", *run(), std::move(fields), keys);
  const auto open = [&]() -> Result<Source> {
    return std::make_unique<QueryRows>(c, run(), header_of(table), columns, !how.compress);
  };
  return write_rows(c, file, open, how);
}

/// A label, if there is one of that name; else a query, if it is more than one word.
RowsPtr export_any(ExecContext& c, Arguments a) {
  constexpr std::string_view name = "tdtp.export";
  const std::string source = text_argument(name, "source", a[0]), file = text_argument(name, "file", a[1]);
  ProcedureOptions options(name, a[2]);
  const auto id = c.store.find_label(source);
  if (id && c.tx.node_count(*id) > 0) return export_label(c, source, *id, file, options);
  if (!id && source.find_first_of(" \t\r\n(") != std::string::npos) return export_query(c, source, file, options);
  throw QueryError(Status::argument_error, "tdtp.export: there are no nodes with the label '" + source + "'");
}

RowsPtr write_list(ExecContext& c, Arguments a) {
  constexpr std::string_view name = "tdtp.write";
  const std::string file = text_argument(name, "file", a[0]), table = text_argument(name, "table", a[1]);
  ProcedureOptions options(name, a[4]);
  const auto how = export_options(options);
  const auto keys = options.texts("keys");
  options.done();
  if (!a[3].is(Kind::list)) throw QueryError(Status::argument_error, "tdtp.write: expected a list of rows");
  const auto rows = a[3].as_list();
  const auto schema = columns_of_list(c, name, rows, a[2], keys);
  const auto open = [&]() -> Result<Source> {
    return std::make_unique<ListRows>(c, rows, header_of(table), schema, !how.compress);
  };
  return write_rows(c, file, open, how);
}

// ---- tdtp.process ------------------------------------------------------------------------------

std::string json_of(const Value& v) {
  Buffer json;
  codec::json::Writer writer(json, {.typed = false});
  or_throw(write(v, writer));
  return std::string(as_text(json));
}

/// The name of a processor; empty for what is none.
std::string_view type_of(const Value& step) {
  const Value* type = step.is(Kind::map) ? find(step.as_map(), "type") : nullptr;
  return type && type->is(Kind::string) ? type->as_string() : std::string_view();
}

/// Reading decompresses anyway, and how the file is written says the last step: both are no matter of the rows.
struct Steps {
  std::vector<Value> chain;
  std::optional<tdtp::ExportOptions> compress;
};

Steps steps_of(const Value& v) {
  Steps out;
  const auto items = v.is(Kind::list) ? v.as_list() : std::span(&v, 1);
  out.chain.assign(items.begin(), items.end());
  if (!out.chain.empty() && type_of(out.chain.front()) == "decompress") out.chain.erase(out.chain.begin());
  if (out.chain.empty() || type_of(out.chain.back()) != "compress") return out;
  const Value* params = find(out.chain.back().as_map(), "params");
  ProcedureOptions options("tdtp.process: compress", params ? *params : Value());
  const auto level = options.count("level");
  options.done();
  out.compress.emplace();
  out.compress->compress = true;
  out.compress->level = std::clamp<std::int64_t>(level.value_or(3), 1, 22);
  out.chain.pop_back();
  return out;
}

RowsPtr process(ExecContext& c, Arguments a) {
  constexpr std::string_view name = "tdtp.process";
  const std::string in = text_argument(name, "file", a[0]), out = text_argument(name, "out", a[2]);
  if (!a[1].is(Kind::map) && !a[1].is(Kind::list)) {
    throw QueryError(Status::argument_error, "tdtp.process: expected a processor {type, params}, or a list of them");
  }
  const Steps steps = steps_of(a[1]);
  auto chain = tdtp::Chain::parse(json_of(Value::list(steps.chain)));
  if (!chain) throw QueryError(Status::argument_error, "tdtp.process: " + chain.error().message());
  (void)tdtp_files(c, in);
  const std::string target = tdtp_target(c, out);
  const auto place = tdtp_place(c, in);
  const auto going_on = [&c](std::uint64_t, std::uint64_t) { return !c.stopping(); };
  const auto run = [&]() -> Result<tdtp::StreamReport> {
    if (!steps.compress) return tdtp::copy_file(place, target, {"", &*chain}, {}, going_on);
    tdtp::FileSet between;  // never published: gone at the end
    PACKHOUSE_TRY(const std::string copy, between.add(target));
    PACKHOUSE_CHECK(tdtp::copy_file(place, copy, {"", &*chain}, {}, going_on));
    return tdtp::export_file(copy, target, *steps.compress, {}, going_on);
  };
  auto report = run();
  c.check();
  if (!report) cannot_write(out, std::move(report).error());
  return written(out, target, *report, place);
}

}  // namespace

void add_tdtp_writing(ProcedureRegistry& r) {
  const std::vector<ProcedureColumn> columns{{"files", Type::list}, {"rows", Type::integer}};
  r.add({.name = "tdtp.export",
         .description =
             "Writes the nodes with a label, or the rows of a query that only reads, as a TDTP table in the import "
             "folder, in parts if it is large. Options: fields, keys, table, parameters (of the query), compress, level, "
             "checksum, partBytes.",
         .mode = ProcedureMode::write,
         .arguments = {{"source", Type::string}, {"file", Type::string}, options_argument()},
         .columns = columns,
         .alone = true,
         .open = later(export_any)});
  r.add(
      {.name = "tdtp.write",
       .description =
           "Writes a list of rows (maps, nodes, relationships or lists) as a TDTP table in the import folder. Options: "
           "keys, compress, level, checksum, partBytes.",
       .mode = ProcedureMode::write,
       .arguments = {{"file", Type::string},
                     {"table", Type::string},
                     {"fields", Type::list},
                     {"rows", Type::list},
                     options_argument()},
       .columns = columns,
       .alone = true,
       .open = later(write_list)});
  r.add({.name = "tdtp.process",
         .description =
             "Writes a copy of a TDTP table of the import folder that went through processors (field_masker, "
             "field_normalizer, field_validator, and compress at the end).",
         .mode = ProcedureMode::write,
         .arguments = {{"file", Type::string}, {"processors", Type::list | Type::map}, {"out", Type::string}},
         .columns = columns,
         .alone = true,
         .open = later(process)});
}

}  // namespace packhouse::cypher
