#include "cypher/engine.hpp"

#include "base/ascii.hpp"
#include "cypher/exec/run/administration_run.hpp"
#include "cypher/exec/run/plan_cache.hpp"
#include "cypher/exec/run/query_run.hpp"
#include "cypher/exec/run/schema_run.hpp"
#include "cypher/procedures/object.hpp"
#include "cypher/semantic/types.hpp"

namespace packhouse::cypher {
namespace {

/// Scalars that can't be what the statement takes them for: found before it runs, as for literals in their places.
Result<void> check_parameter_types(const ast::Statement& statement, std::span<const Value> values) {
  for (const ast::ParameterUse& use : statement.parameter_uses) {
    if (semantic::fits(semantic::type_of(values[use.index]), use.types)) continue;
    const std::string message = "Type mismatch for parameter '" + statement.parameters[use.index] + "': expected " +
                                semantic::describe(semantic::of(use.types)) + " but was " +
                                std::string(type_name(values[use.index].kind()));
    return tl::make_unexpected(Error(Status::syntax_error, message)
                                   .with_gql("22G03")
                                   .caused_by(Error(Status::syntax_error, message).with_gql("22N27")));
  }
  return ok;
}

/// The values of the statement's parameters in its order, or which ones are missing.
Result<std::vector<Value>> bind_parameters(const ast::Statement& statement, const Value& given) {
  std::vector<Value> values(statement.parameters.size());
  const auto map = given.is(Kind::map) ? given.as_map() : std::span<const MapEntry>();
  std::string missing;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const Value* v = find(map, statement.parameters[i])) {
      values[i] = *v;
    } else {
      missing += (missing.empty() ? "" : ", ") + statement.parameters[i];
    }
  }
  if (missing.empty() || statement.explain == ast::ExplainMode::explain) {
    PACKHOUSE_CHECK(check_parameter_types(statement, values));
    return values;
  }
  return fail(Status::parameter_missing, "Expected parameter(s): " + missing);
}

/// USE may name the database that the session is in, in any case of letters.
Result<void> check_database(const Prepared& p, std::string_view database) {
  const std::string_view named = p.statement.use;
  if (named.empty() || same_ignoring_case(named, database)) return ok;
  return fail(Status::database_not_found, "Database does not exist. Database name: '" + std::string(named) + "'.");
}

Result<void> check_access(const Prepared& p, const storage::Transaction& tx) {
  if (!p.writes || p.statement.explain == ast::ExplainMode::explain || tx.mode() == storage::AccessMode::write) return ok;
  return fail(Status::access_mode, p.is_query ? "Writing in read access mode not allowed."
                                              : "Schema operations are not allowed in read access mode.");
}

/// The words are known to clients, which then run the query again on its own (CLIENTS.md).
Result<void> check_transaction(const Prepared& p, const RunOptions& options) {
  if (!p.statement.in_transactions || options.implicit_transaction || p.statement.explain == ast::ExplainMode::explain) return ok;
  return fail(Status::transaction_start_failed,
              "A query with 'CALL { ... } IN TRANSACTIONS' can only be executed in an implicit transaction, but tried to execute "
              "in an explicit transaction.");
}

tl::unexpected<Error> unsupported(std::string_view command, std::string_view why) {
  return fail(Status::unsupported_administration_command,
              "Unsupported administration command: " + std::string(command) + " (" + std::string(why) + ")");
}

}  // namespace

struct Engine::Impl {
  explicit Impl(storage::Store& s) : store(s), objects(objects::built_in_registry()), cache(s, procedures) {}
  storage::Store& store;
  std::shared_ptr<objects::Registry> objects;
  ProcedureRegistry procedures;
  PlanCache cache;
};

Engine::Engine(storage::Store& store) : impl_(std::make_unique<Impl>(store)) {
  add_builtin_procedures(impl_->procedures);
  add_object_procedures(impl_->procedures, impl_->objects);
  add_object_stream_procedures(impl_->procedures, impl_->objects);
  add_object_catalog_procedures(impl_->procedures, impl_->objects);
}
Engine::~Engine() = default;

Result<std::unique_ptr<Run>> Engine::run(storage::Transaction& transaction, std::string_view text, const Value& parameters,
                                         const RunOptions& options) {
  PACKHOUSE_TRY(PreparedPtr prepared, impl_->cache.prepare(text, transaction));
  PACKHOUSE_CHECK(check_database(*prepared, options.database));
  PACKHOUSE_CHECK(check_access(*prepared, transaction));
  PACKHOUSE_CHECK(check_transaction(*prepared, options));
  PACKHOUSE_TRY(auto values, bind_parameters(prepared->statement, parameters));
  if (prepared->is_query) {
    return std::make_unique<QueryRun>(std::move(prepared), transaction, std::move(values), parameters, options);
  }
  if (const auto* command = std::get_if<ast::Administration*>(&prepared->statement.body)) {
    if (options.administration == nullptr) return unsupported((*command)->command, "authentication is off");
    return std::make_unique<AdministrationRun>(std::move(prepared), transaction, std::move(values), parameters, options);
  }
  return std::make_unique<SchemaRun>(std::move(prepared), transaction, std::move(values), parameters, options);
}

Result<StatementType> Engine::type_of(std::string_view text) {
  PACKHOUSE_TRY(const PreparedPtr prepared, impl_->cache.prepare(text));
  return prepared->type;
}

ProcedureRegistry& Engine::procedures() { return impl_->procedures; }

objects::Registry& Engine::objects() { return *impl_->objects; }

PlanCacheStatistics Engine::plan_cache() const { return impl_->cache.statistics(); }

}  // namespace packhouse::cypher
