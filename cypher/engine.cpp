#include "cypher/engine.hpp"

#include "cypher/exec/run/administration_run.hpp"
#include "cypher/exec/run/binding.hpp"
#include "cypher/exec/run/plan_cache.hpp"
#include "cypher/exec/run/query_run.hpp"
#include "cypher/exec/run/schema_run.hpp"
#include "cypher/procedures/object.hpp"

namespace packhouse::cypher {
namespace {

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
  PACKHOUSE_CHECK(check_database(prepared->statement, options.database));
  PACKHOUSE_CHECK(check_access(*prepared, transaction));
  PACKHOUSE_CHECK(check_transaction(*prepared, options));
  PACKHOUSE_TRY(auto values, bind_parameters(prepared->statement, parameters));
  if (prepared->is_query) {
    return std::make_unique<QueryRun>(std::move(prepared), transaction, std::move(values), parameters, options, impl_->cache);
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
