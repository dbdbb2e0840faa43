#include <optional>

#include "cypher/exec/run/nested_query.hpp"
#include "cypher/procedures/apoc/apoc.hpp"
#include "cypher/procedures/families.hpp"

// apoc.cypher.run and .doIt, apoc.when and .case, apoc.do.when and .case: queries given as text.
namespace packhouse::cypher::apoc {
namespace {

/// The query with its parameters as variables too, as APOC has them: WITH $a AS a …
std::string with_variables(std::string_view text, std::span<const MapEntry> parameters) {
  std::string out;
  for (const auto& [key, value] : parameters) {
    const std::string name = quoted_name(key);
    out += (out.empty() ? "WITH $" : ", $") + name + " AS " + name;
  }
  return out.empty() ? std::string(text) : out + " " + std::string(text);
}

/// A map for each row of a query.
class QueryRows final : public ProcedureRows {
 public:
  QueryRows(ExecContext& c, std::string_view text, const Value& parameters, bool may_write)
      : text_(with_variables(text, parameters.is(Kind::map) ? parameters.as_map() : std::span<const MapEntry>())) {
    query_.emplace(c, text_, parameters, NestedQuery::Options{.may_write = may_write});
  }

  bool next(ExecContext&, Arena& arena, std::span<Value> row) override {
    paused_ = false;
    while (at_ == rows_) {
      const auto state = query_->advance();
      if (state == NestedQuery::State::done) return false;
      if (state == NestedQuery::State::paused) return paused_ = true, false;
      at_ = 0;
      rows_ = query_->rows();
    }
    const auto& columns = query_->columns();
    const auto entries = arena.array<MapEntry>(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      ::new (&entries[i]) MapEntry{arena.copy(columns[i]), deep_copy(query_->value(i, at_), arena)};
    }
    ++at_;
    row[0] = Value::map(entries);
    return true;
  }
  bool paused() const override { return paused_; }

 private:
  std::string text_;
  std::optional<NestedQuery> query_;
  RowIndex at_ = 0, rows_ = 0;
  bool paused_ = false;
};

/// No query at all gives one empty map.
Rows run(ExecContext& c, std::string_view text, const Value& parameters, bool may_write) {
  if (!text.empty()) return std::make_unique<QueryRows>(c, text, parameters, may_write);
  auto table = std::make_unique<Table>(1);
  table->add({Value::map({})});
  return table;
}

template <bool may_write>
Rows run_statement(ExecContext& c, const Call& call) {
  (void)call.map(1, "params");
  const std::string_view text = call.text(0, "statement");
  return std::make_unique<QueryRows>(c, text, call[1], may_write);
}

template <bool may_write>
Rows when(ExecContext& c, const Call& call) {
  if (!call[0].is_null() && !call[0].is(Kind::boolean)) call.refuse("'condition' must be a BOOLEAN");
  (void)call.map(3, "params");
  return run(c, call[0].is_true() ? call.text(1, "ifQuery") : call.text(2, "elseQuery"), call[3], may_write);
}

/// [condition, query, condition, query …]
template <bool may_write>
Rows first_case(ExecContext& c, const Call& call) {
  const auto cases = call.list(0, "conditionals");
  (void)call.map(2, "params");
  if (cases.size() % 2 != 0) call.refuse("Conditionals must be an even-sized collection of boolean, query entries");
  for (std::size_t i = 0; i < cases.size(); i += 2) {
    if (!cases[i].is_null() && !cases[i].is(Kind::boolean)) call.refuse("a condition must be a BOOLEAN");
    if (!cases[i + 1].is(Kind::string)) call.refuse("a query must be a STRING");
    if (cases[i].is_true()) return run(c, cases[i + 1].as_string(), call[2], may_write);
  }
  return run(c, call.text(1, "elseQuery"), call[2], may_write);
}

}  // namespace

void add_cypher(ProcedureRegistry& registry) {
  Family family(registry);
  const ProcedureArgument statement{"statement", Type::string}, if_query{"ifQuery", Type::string}, conditions{"conditionals", Type::list};
  const ProcedureArgument else_query{.name = "elseQuery", .type = Type::string, .default_value = "\"\"", .has_default = true,
                                     .fallback = Value::string("")};
  const std::vector<ProcedureColumn> value{{"value", Type::map}};
  const auto add = [&](std::string_view name, std::string description, bool writes, std::vector<ProcedureArgument> arguments,
                       Family::Open open) {
    family.add(name, std::move(description), writes ? ProcedureMode::write : ProcedureMode::read, std::move(arguments), value, open);
  };
  add("apoc.cypher.run", "Runs a reading query given as text.", false, {statement, {"params", Type::map}}, run_statement<false>);
  add("apoc.cypher.doIt", "Runs a query given as text, which may write.", true, {statement, {"params", Type::map}}, run_statement<true>);
  const std::vector<ProcedureArgument> branches{{"condition", Type::boolean}, if_query, else_query, optional_map("params")},
      many{conditions, else_query, optional_map("params")};
  add("apoc.when", "Runs one of two reading queries given as text.", false, branches, when<false>);
  add("apoc.do.when", "Runs one of two queries given as text, which may write.", true, branches, when<true>);
  add("apoc.case", "Runs the reading query whose condition is the first to be true.", false, many, first_case<false>);
  add("apoc.do.case", "Runs the query whose condition is the first to be true; it may write.", true, many, first_case<true>);
}

}  // namespace packhouse::cypher::apoc
