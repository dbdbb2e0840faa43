#include "cypher/exec/run/notifications.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace packhouse::cypher {
namespace {

struct Words {
  const char *code, *title, *description, *gql_status, *gql_description;
};

bool known(const plan::UnknownName& u, const storage::Store& store) {
  switch (u.kind) {
    case plan::UnknownName::Kind::label: return store.find_label(u.name).has_value();
    case plan::UnknownName::Kind::type: return store.find_type(u.name).has_value();
    case plan::UnknownName::Kind::key: return store.find_key(u.name).has_value();
  }
  return true;
}

Notification unknown(const plan::UnknownName& u, const ast::Statement& statement) {
  static constexpr Words words[] = {
      {"UnknownLabelWarning", "The provided label is not in the database.",
       "One of the labels in your query is not available in the database, make sure you didn't misspell it or that the label is "
       "available when you run this statement in your application (the missing label name is: {})",
       "01N50", "warn: label does not exist. The label `{}` does not exist in database `neo4j`. Verify that the spelling is correct."},
      {"UnknownRelationshipTypeWarning", "The provided relationship type is not in the database.",
       "One of the relationship types in your query is not available in the database, make sure you didn't misspell it or that "
       "the label is available when you run this statement in your application (the missing relationship type is: {})",
       "01N51", "warn: relationship type does not exist. The relationship type `{}` does not exist in database `neo4j`. Verify that "
       "the spelling is correct."},
      {"UnknownPropertyKeyWarning", "The provided property key is not in the database",
       "One of the property names in your query is not available in the database, make sure you didn't misspell it or that the "
       "label is available when you run this statement in your application (the missing property name is: {})",
       "01N52", "warn: property key does not exist. The property `{}` does not exist in database `neo4j`. Verify that the spelling "
       "is correct."},
  };
  const Words& w = words[static_cast<std::size_t>(u.kind)];
  return {std::string("Neo.ClientNotification.Statement.") + w.code, w.title, fmt::format(fmt::runtime(w.description), u.name),
          "WARNING", "UNRECOGNIZED", w.gql_status, fmt::format(fmt::runtime(w.gql_description), u.name),
          ast::position_of(statement.text, u.at)};
}

struct WarningWords {
  plan::Warning::Kind kind;
  const char *code, *title, *description, *severity, *category, *gql_status, *gql_description;
};

constexpr const char deprecation[] = "Neo.ClientNotification.Statement.FeatureDeprecationWarning";
constexpr const char deprecation_title[] = "This feature is deprecated and will be removed in future versions.";

/// {0} is Warning::detail, {1} Warning::pattern.
constexpr WarningWords warning_words[] = {
    {plan::Warning::Kind::cartesian_product, "Neo.ClientNotification.Statement.CartesianProduct",
     "This query builds a cartesian product between disconnected patterns.",
     "If a part of a query contains multiple disconnected patterns, this will build a cartesian product between all those parts. This "
     "may produce a large amount of data and slow down query processing. While occasionally intended, it may often be possible to "
     "reformulate the query that avoids the use of this cross product, perhaps by adding a relationship between the different parts "
     "or by using OPTIONAL MATCH (identifier is: ({0}))",
     "INFORMATION", "PERFORMANCE", "03N90",
     "info: cartesian product. The disconnected patterns `{1}` build a cartesian product. A cartesian product may produce a large "
     "amount of data and slow down query processing."},
    {plan::Warning::Kind::unbounded_length, "Neo.ClientNotification.Statement.UnboundedVariableLengthPattern",
     "The provided pattern is unbounded, consider adding an upper limit to the number of node hops.",
     "Using shortest path with an unbounded pattern will likely result in long execution times. It is recommended to use an upper "
     "limit to the number of node hops in your pattern.",
     "INFORMATION", "PERFORMANCE", "03N91",
     "info: unbounded variable length pattern. The provided pattern `{1}` is unbounded. Shortest path with an unbounded pattern may "
     "result in long execution times. Use an upper limit (e.g. `[*..5]`) on the number of node hops in your pattern."},
    {plan::Warning::Kind::deprecated_function, deprecation, deprecation_title, "The query used a deprecated function: `{0}`.", "WARNING",
     "DEPRECATION", "01N02",
     "warn: feature deprecated without replacement. `{0}` is deprecated and will be removed without a replacement."},
    {plan::Warning::Kind::deprecated_subquery, deprecation, deprecation_title,
     "CALL subquery without a variable scope clause is now deprecated. Use CALL ({0}) {{ ... }}", "WARNING", "DEPRECATION", "01N00",
     "warn: feature deprecated. CALL subquery without a variable scope clause is deprecated. Use CALL ({0}) {{ ... }}."},
    {plan::Warning::Kind::hinted_index_missing, "Neo.ClientNotification.Schema.HintedIndexNotFound",
     "The request (directly or indirectly) referred to an index that does not exist.",
     "The hinted index does not exist, please check the schema (index is: {0})", "WARNING", "HINT", "01N31",
     "warn: hinted index not found. Unable to create a plan with `{1}` because the index does not exist."},
    {plan::Warning::Kind::hinted_join_missing, "Neo.ClientNotification.Statement.JoinHintUnfulfillableWarning",
     "The database was unable to plan a hinted join.",
     "The hinted join was not planned. This could happen because no generated plan contained the join key, please try using a "
     "different join key or restructure your query. (hinted join key identifier is: `{0}`)",
     "WARNING", "HINT", "01N30",
     "warn: join hint unfulfillable. Unable to create a plan with `JOIN ON {0}`. Try to change the join key(s) or restructure your "
     "query."},
};

Notification warning(const plan::Warning& w, const ast::Statement& statement) {
  const WarningWords& words = *std::ranges::find(warning_words, w.kind, &WarningWords::kind);
  const auto fill = [&](const char* text) { return fmt::format(fmt::runtime(text), w.detail, w.pattern); };
  return {words.code,     words.title,      fill(words.description),     words.severity,
          words.category, words.gql_status, fill(words.gql_description), ast::position_of(statement.text, w.at)};
}

}  // namespace

std::vector<Notification> notifications_of(const plan::Plan& plan, const ast::Statement& statement, const storage::Store& store) {
  std::vector<Notification> out;
  for (const auto& u : plan.unknown) {
    if (!known(u, store)) out.push_back(unknown(u, statement));
  }
  for (const auto& w : plan.warnings) out.push_back(warning(w, statement));
  return out;
}

Notification already_exists(std::string command, std::string existing) {
  return {"Neo.ClientNotification.Schema.IndexOrConstraintAlreadyExists",
          fmt::format("`{}` has no effect.", command),
          fmt::format("{} already exists.", existing),
          "INFORMATION", "SCHEMA", "00NA0",
          fmt::format("note: successful completion - index or constraint already exists. The command '{}' has no effect. The index or "
                      "constraint specified by '{}' already exists.", command, existing),
          std::nullopt};
}

Notification does_not_exist(std::string command, std::string name) {
  return {"Neo.ClientNotification.Schema.IndexOrConstraintDoesNotExist",
          fmt::format("`{}` has no effect.", command),
          fmt::format("`{}` does not exist.", name),
          "INFORMATION", "SCHEMA", "00NA1",
          fmt::format("note: successful completion - index or constraint does not exist. The command '{}' has no effect. The specified "
                      "index or constraint '{}' does not exist.", command, name),
          std::nullopt};
}

}  // namespace packhouse::cypher
