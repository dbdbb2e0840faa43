#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {

void add_catalog_procedures(ProcedureRegistry& registry);  ///< db.labels, db.ping …
void add_dbms_procedures(ProcedureRegistry& registry);     ///< dbms.components …
void add_vector_procedures(ProcedureRegistry& registry);   ///< db.index.vector.*, db.create.*
void add_fulltext_procedures(ProcedureRegistry& registry); ///< db.index.fulltext.*
void add_schema_tables(ProcedureRegistry& registry);       ///< show.indexes, show.constraints
void add_server_tables(ProcedureRegistry& registry);       ///< show.functions, show.procedures, show.databases
void add_current_user_table(ProcedureRegistry& registry);  ///< show.current_user
void add_transaction_tables(ProcedureRegistry& registry);  ///< show.transactions, show.terminate_transactions
void add_activity_procedures(ProcedureRegistry& registry); ///< dbms.listConnections, tx.getMetaData …
void add_column_procedures(ProcedureRegistry& registry);    ///< column.*
void add_routing_procedures(ProcedureRegistry& registry, const std::string& address);  ///< … getRoutingTable

/// Names that begin with "show." are tables behind SHOW commands; they can't be called and aren't listed.
inline bool is_show_table(std::string_view name) { return name.starts_with("show."); }
/// What each of them takes: the word before the noun ("VECTOR", or ""), and what follows it.
std::vector<ProcedureArgument> show_arguments();

/// "STRING", "LIST<ANY>", "INTEGER | FLOAT" …: how signatures write a static type.
std::string type_text(Type t);
/// "db.labels() :: (label :: STRING)".
std::string signature_of(const Procedure& p);
/// "toString(input :: ANY) :: STRING".
std::string signature_of(const Function& f);

/// "2026-11-21T18:00:00.123Z".
std::string instant_text(Instant t);
/// `$a.b` of a name: quoted with backticks where needed.
std::string quoted_name(std::string_view name);

}  // namespace packhouse::cypher
