#include "cypher/exec/run/plan_cache.hpp"

#include <algorithm>

#include "cypher/error.hpp"
#include "cypher/plan/planner.hpp"
#include "cypher/semantic/analyse.hpp"
#include "cypher/syntax/parser.hpp"

namespace packhouse::cypher {
namespace {

/// Neo4j counts queries that call DBMS procedures as schema statements, as it does calls on their own.
bool calls_dbms(const ast::Statement& s) {
  return std::ranges::any_of(s.procedures, [](const auto& p) { return p->mode == ProcedureMode::dbms; });
}

bool only_calls(const ast::Query& q) {
  if (q.parts.size() != 1 || q.parts[0].clauses.size() != 1) return false;
  const auto* call = std::get_if<ast::CallProcedure>(&q.parts[0].clauses[0].node);
  return call && call->standalone;
}

/// The summary's `type`, as BOLT.md 9.1 lists it.
StatementType type_of(const ast::Statement& s, bool was_show, bool bare_databases) {
  const auto* q = std::get_if<ast::Query*>(&s.body);
  if (!q) return StatementType::schema;
  if (was_show) return bare_databases ? StatementType::schema : StatementType::read;
  if (!s.writes) return only_calls(**q) || calls_dbms(s) ? StatementType::schema : StatementType::read;
  return s.columns.empty() ? StatementType::write : StatementType::read_write;
}

/// Of a SHOW command, before analysis turns it into a query. What follows a YIELD or WHERE may read the graph.
Privilege privilege_of(const ast::Show& s) {
  if (s.what == "USERS" || s.what == "ROLES") return Privilege::administration;
  const bool own = s.what == "CURRENT USER" || s.what == "TRANSACTIONS" || s.what == ast::terminate_transactions;
  const bool plain = std::ranges::all_of(s.arguments, [](const ast::Expr* e) { return e->as<ast::Literal>() || e->as<ast::Parameter>(); });
  return own && plain && !s.has_yield && s.where == nullptr ? Privilege::own_account : Privilege::read;
}

Privilege privilege_of(const ast::Statement& s) {
  if (const auto* command = std::get_if<ast::Administration*>(&s.body)) {
    return (*command)->command == "ALTER CURRENT USER" ? Privilege::own_password : Privilege::administration;
  }
  if (!std::holds_alternative<ast::Query*>(s.body)) return Privilege::schema;
  const bool schema = std::ranges::any_of(s.procedures, [](const auto& p) { return p->mode == ProcedureMode::schema; });
  return schema ? Privilege::schema : s.writes ? Privilege::write : Privilege::read;
}

/// Passwords don't belong into a cache.
bool may_be_kept(const Prepared& p) { return !std::holds_alternative<ast::Administration*>(p.statement.body); }

/// Have the counts changed so much that another plan may be better?
bool drifted(double then, double now) {
  return std::max(then, now) > 1000 && (now > then * 4 + 100 || then > now * 4 + 100);
}

/// For as long as it lives, what is read of the transaction is read for planning.
class PlanningReads {
 public:
  explicit PlanningReads(storage::Transaction& tx) : tx_(tx), before_(tx.count_reads(false)) {}
  ~PlanningReads() { tx_.count_reads(before_); }
  PlanningReads(const PlanningReads&) = delete;
  PlanningReads& operator=(const PlanningReads&) = delete;

 private:
  storage::Transaction& tx_;
  const bool before_;
};

bool fits(const Prepared& p, storage::Transaction& tx) {
  if (!p.plan) return false;
  const auto& schema = tx.schema();
  if (p.schema != schema.version) return false;
  for (const IndexId used : p.plan->indexes) {
    const bool there = std::any_of(schema.indexes.begin(), schema.indexes.end(), [&](const storage::Index& i) {
      return i.id == used && i.state == storage::IndexState::online;
    });
    if (!there) return false;
  }
  return !drifted(p.node_count, static_cast<double>(tx.node_count())) &&
         !drifted(p.relationship_count, static_cast<double>(tx.relationship_count()));
}

Result<void> add_plan(Prepared& p, storage::Transaction& tx) {
  try {
    p.plan = std::make_unique<const plan::Plan>(plan::make_plan(p.statement, tx));
  } catch (QueryError& e) {
    return tl::make_unexpected(std::move(e.error));
  }
  p.schema = tx.schema().version;
  p.node_count = static_cast<double>(tx.node_count());
  p.relationship_count = static_cast<double>(tx.relationship_count());
  return ok;
}

}  // namespace

PreparedPtr PlanCache::find(std::string_view text) {
  const auto found = entries_.find(text);
  if (found == entries_.end()) return nullptr;
  if (found->second.prepared->procedures != procedures_.version()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second.place);
  return found->second.prepared;
}

void PlanCache::drop(std::string_view text) {
  const auto old = entries_.find(text);
  if (old == entries_.end()) return;
  recent_.erase(old->second.place);
  const PreparedPtr kept = old->second.prepared;  // the key lives in it
  entries_.erase(old);
}

void PlanCache::put(const PreparedPtr& prepared) {
  const std::string_view text = prepared->statement.text;
  drop(text);
  while (entries_.size() >= most) {
    drop(recent_.back());
  }
  recent_.push_front(text);
  entries_.emplace(text, Entry{prepared, recent_.begin()});
}

Result<PreparedPtr> PlanCache::analysed(std::string_view text) const {
  PACKHOUSE_TRY(ast::Statement statement, parse(text));
  auto p = std::make_shared<Prepared>();
  p->statement = std::move(statement);
  p->procedures = procedures_.version();
  const auto* admin = std::get_if<ast::Administration*>(&p->statement.body);
  if (admin != nullptr && !is_user_command((*admin)->command)) {
    return fail(Status::unsupported_administration_command, "Unsupported administration command: " + std::string((*admin)->command));
  }
  const auto* show = std::get_if<ast::Show*>(&p->statement.body);
  const bool was_show = show != nullptr;
  const Privilege of_show = was_show ? privilege_of(**show) : Privilege::read;
  const bool bare_databases = was_show && (*show)->what.starts_with("DATABASE") && !(*show)->has_yield;
  AnalysisContext context;
  context.procedures = &procedures_;
  PACKHOUSE_CHECK(analyse(p->statement, context));
  p->is_query = std::holds_alternative<ast::Query*>(p->statement.body);
  p->writes = p->is_query ? p->statement.writes : admin == nullptr;
  p->privilege = p->statement.explain == ast::ExplainMode::explain ? Privilege::read
                 : was_show                                        ? of_show
                                                                   : privilege_of(p->statement);
  p->type = type_of(p->statement, was_show, bare_databases);
  return p;
}

Result<PreparedPtr> PlanCache::prepare(std::string_view text) {
  {
    const std::lock_guard lock(mutex_);
    if (auto p = find(text)) return p;
  }
  PACKHOUSE_TRY(PreparedPtr p, analysed(text));
  if (!may_be_kept(*p)) return p;
  const std::lock_guard lock(mutex_);
  put(p);
  return p;
}

Result<PreparedPtr> PlanCache::prepare(std::string_view text, storage::Transaction& tx) {
  const PlanningReads planning(tx);
  {
    const std::lock_guard lock(mutex_);
    if (auto p = find(text)) {
      if (!p->is_query || fits(*p, tx)) {
        ++hits_;
        return p;
      }
      if (!p->plan) ++misses_;
      if (!p->plan) {
        // Analysed for its type only. Planning changes the tree, so it is done while nobody else can find it.
        if (auto planned = add_plan(*p, tx); !planned) {
          drop(text);  // the tree may be half planned
          return tl::make_unexpected(std::move(planned).error());
        }
        return p;
      }
    }
  }
  PACKHOUSE_TRY(PreparedPtr p, analysed(text));
  if (!may_be_kept(*p)) return p;
  if (p->is_query) PACKHOUSE_CHECK(add_plan(*p, tx));
  const std::lock_guard lock(mutex_);
  ++misses_;
  put(p);
  return p;
}

PlanCacheStatistics PlanCache::statistics() {
  const std::lock_guard lock(mutex_);
  return {hits_, misses_, entries_.size()};
}

}  // namespace packhouse::cypher
