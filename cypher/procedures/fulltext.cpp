#include <algorithm>
#include <string>
#include <vector>

#include "cypher/procedures/families.hpp"
#include "cypher/procedures/index_query.hpp"
#include "cypher/procedures/table.hpp"
#include "fulltext/analyzer.hpp"

// db.index.fulltext.* (docs/FULLTEXT.md).
namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using Arguments = std::span<const Value>;
using storage::EntityType;

/// Indexes over more entities than this are asked on a thread of the worker pool.
constexpr std::uint64_t asked_at_once = 5'000;

std::uint64_t count_option(std::string_view procedure, std::string_view name, const Value& v, std::uint64_t otherwise) {
  if (v.is_null()) return otherwise;
  if (!v.is(Kind::integer) || v.as_integer() < 0) {
    procedure_failed(procedure, "'" + std::string(name) + "' must be an INTEGER that is not negative");
  }
  return static_cast<std::uint64_t>(v.as_integer());
}

/// Searches when the first row is wanted, and gives out what was found.
class Found final : public ProcedureRows {
 public:
  Found(ExecContext& c, std::string_view procedure, EntityType entity, Arguments a)
      : procedure_(procedure), entity_(entity), text_(text_argument(procedure, "queryString", a[1])) {
    const storage::Index& index = index_argument(c, procedure, storage::IndexType::fulltext, entity, a[0]);
    index_ = index.id;
    elsewhere_ = entities_of(c, index) > asked_at_once;
    if (a[2].is_null()) return;
    if (!a[2].is(Kind::map)) procedure_failed(procedure, "'options' must be a MAP, but was " + std::string(type_name(a[2].kind())));
    for (const MapEntry& e : a[2].as_map()) {
      if (e.key == "skip") skip_ = count_option(procedure, e.key, e.value, skip_);
      if (e.key == "limit") limit_ = count_option(procedure, e.key, e.value, limit_);
      if (e.key == "analyzer" && !e.value.is_null()) analyzer_ = text_argument(procedure, e.key, e.value);
    }
  }

  bool paused() const override { return paused_; }
  bool next(ExecContext& c, Arena&, std::span<Value> row) override {
    paused_ = elsewhere_ && !searched_ && !paused_;
    if (paused_) return false;
    if (!searched_) search(c);
    if (at_ == matches_.size()) return false;
    const storage::FulltextMatch& m = matches_[at_++];
    row[0] = entity_value(entity_, m.id);
    row[1] = Value::real(static_cast<double>(m.score));
    return true;
  }

 private:
  void search(ExecContext& c) {
    searched_ = true;
    const storage::FulltextQuery query{.index = index_, .text = text_, .analyzer = analyzer_, .skip = skip_, .limit = limit_,
                                       .pause = [&c](std::size_t bytes) { return pause_search(c, bytes); }};
    auto found = c.tx.fulltext_search(query);
    if (!found && found.error().status() == Status::argument_error) procedure_failed(procedure_, found.error().message());
    if (!found && found.error().status() == Status::syntax_error) {
      procedure_failed(procedure_, found.error().message(), "org.apache.lucene.queryparser.classic.ParseException");
    }
    matches_ = or_throw(std::move(found));
  }

  const std::string procedure_;
  const EntityType entity_;
  const std::string text_;
  IndexId index_{};
  std::uint64_t skip_ = 0, limit_ = ~std::uint64_t{0};
  std::optional<std::string> analyzer_;
  bool elsewhere_ = false, paused_ = false, searched_ = false;
  std::vector<storage::FulltextMatch> matches_;
  std::size_t at_ = 0;
};

Rows list_analyzers(ExecContext&, Arguments) {
  auto table = std::make_unique<Table>(3);
  for (const fulltext::Analyzer& a : fulltext::analyzers()) {
    table->add({table->text(a.name), table->text(a.description), table->texts(a.stop_words)});
  }
  return table;
}

}  // namespace

void add_fulltext_procedures(ProcedureRegistry& registry) {
  ProcedureArgument options{"options", Type::map};
  options.default_value = "{}";
  options.has_default = true;
  options.fallback = Value::map({});
  const std::vector<ProcedureArgument> asked{{"indexName", Type::string}, {"queryString", Type::string}, options};
  const auto query = [&](std::string name, std::string description, ProcedureColumn column, EntityType entity) {
    registry.add({.name = name, .description = std::move(description), .arguments = asked,
                  .columns = {std::move(column), {"score", Type::floating}},
                  .open = [name, entity](ExecContext& c, Arguments a) -> Rows { return std::make_unique<Found>(c, name, entity, a); }});
  };
  query("db.index.fulltext.queryNodes", "Finds nodes by words, with their scores; best first.", {"node", Type::node}, EntityType::node);
  query("db.index.fulltext.queryRelationships", "Finds relationships by words, with their scores; best first.",
        {"relationship", Type::relationship}, EntityType::relationship);
  registry.add({.name = "db.index.fulltext.listAvailableAnalyzers", .description = "Lists the analyzers of full-text indexes.",
                .columns = {{"analyzer", Type::string}, {"description", Type::string}, {"stopwords", Type::list}},
                .open = list_analyzers});
  registry.add({.name = "db.index.fulltext.awaitEventuallyConsistentIndexRefresh",
                .description = "Waits for full-text indexes to be up to date (they always are).",
                .open = [](ExecContext&, Arguments) -> Rows { return std::make_unique<Table>(0); }});
}

}  // namespace packhouse::cypher
