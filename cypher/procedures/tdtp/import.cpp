#include "cypher/procedures/table.hpp"
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

std::unique_ptr<ProcedureRows> import_table(ExecContext& c, std::span<const Value> a) {
  ProcedureOptions options("tdtp.import", a[1]);
  const auto query = row_query(options);
  ImportOptions how = import_options(options);
  options.done();
  QueriedTable table(c, text_argument("tdtp.import", "file", a[0]), query);
  if (how.label.empty()) how.label = table.header().table_name;
  TableImporter importer(c, table.schema(), how);
  importer.begin(c);
  while (const auto row = table.next(c)) importer.add(c, *row);
  auto out = std::make_unique<Table>(5);
  const ImportCounts& n = importer.counts();
  out->add({out->text(how.label), Value::integer(n.rows), Value::integer(n.created), Value::integer(n.updated),
            Value::integer(n.unchanged)});
  return out;
}

}  // namespace

void add_tdtp_import(ProcedureRegistry& r) {
  r.add({.name = "tdtp.import",
         .description =
             "Puts the rows of a TDTP table of the import folder into nodes, found by key or made. Options: label "
             "(default: "
             "the table's name), keys, mapping, where, orderBy, limit, offset, typed, exactDecimal, emptyAsNull.",
         .mode = ProcedureMode::write,
         .arguments = {{"file", Type::string}, options_argument()},
         .columns = {{"label", Type::string},
                     {"rows", Type::integer},
                     {"created", Type::integer},
                     {"updated", Type::integer},
                     {"unchanged", Type::integer}},
         .open = import_table});
}

}  // namespace packhouse::cypher
