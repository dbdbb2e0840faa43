#include "cypher/procedures/registry.hpp"

#include <algorithm>
#include <mutex>

#include "cypher/procedures/families.hpp"
#include "cypher/procedures/record_schemas.hpp"
#include "cypher/procedures/tdtp/tdtp.hpp"

namespace packhouse::cypher {

std::shared_ptr<const Procedure> ProcedureRegistry::find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto it = std::ranges::find_if(procedures_, [&](const auto& p) { return p->name == name; });
  return it == procedures_.end() ? nullptr : *it;
}

std::vector<std::shared_ptr<const Procedure>> ProcedureRegistry::all() const {
  const std::shared_lock lock(mutex_);
  auto copy = procedures_;
  std::ranges::sort(copy, {}, [](const auto& p) -> const std::string& { return p->name; });
  return copy;
}

void ProcedureRegistry::add(Procedure p) {
  auto made = std::make_shared<const Procedure>(std::move(p));
  const std::unique_lock lock(mutex_);
  std::erase_if(procedures_, [&](const auto& old) { return old->name == made->name; });
  procedures_.push_back(std::move(made));
  ++version_;
}

void ProcedureRegistry::remove(std::string_view name) {
  const std::unique_lock lock(mutex_);
  if (std::erase_if(procedures_, [&](const auto& old) { return old->name == name; }) > 0) ++version_;
}

std::uint64_t ProcedureRegistry::version() const {
  const std::shared_lock lock(mutex_);
  return version_;
}

std::vector<ProcedureArgument> show_arguments() { return {{"filter", Type::string}, {"arguments", Type::list}}; }

void add_builtin_procedures(ProcedureRegistry& registry) {
  add_catalog_procedures(registry);
  add_dbms_procedures(registry);
  add_schema_tables(registry);
  add_server_tables(registry);
  add_current_user_table(registry);
  add_record_schema_procedures(registry, "packos", storage::RecordSchemaKind::packos);
  add_record_schema_procedures(registry, "datapacker", storage::RecordSchemaKind::json);
  add_vector_procedures(registry);
  add_fulltext_procedures(registry);
  add_transaction_tables(registry);
  add_activity_procedures(registry);
  add_column_procedures(registry);
  add_tdtp_reading(registry);
  add_tdtp_writing(registry);
  add_tdtp_import(registry);
  add_tdtp_diff(registry);
}

}  // namespace packhouse::cypher
