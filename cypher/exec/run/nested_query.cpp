#include "cypher/exec/run/nested_query.hpp"

#include <algorithm>
#include <utility>

#include "cypher/error.hpp"
#include "cypher/exec/run/binding.hpp"
#include "cypher/syntax/limits.hpp"

namespace packhouse::cypher {
namespace {

[[noreturn]] void refuse(Status status, const std::string& why) { throw QueryError(status, "In the query given as text: " + why); }

/// Positions are places in the inner text, which the client does not take them for: they go into the message, unless they
/// are in it anyway.
[[noreturn]] void inner_error(const Error& e) {
  std::string message = e.message();
  if (e.position() && message.find("(line ") == std::string::npos) {
    message += " (line " + std::to_string(e.position()->line) + ", column " + std::to_string(e.position()->column) + ")";
  }
  throw QueryError(Error(e.status(), "In the query given as text: " + message).with_gql(e.gql_status()));
}

void check_allowed(const ExecContext& caller, const Prepared& p, const NestedQuery::Options& options) {
  const ast::Statement& s = p.statement;
  if (!p.is_query) refuse(Status::argument_error, "expected a query, but this is a command");
  if (s.explain != ast::ExplainMode::none) refuse(Status::argument_error, "EXPLAIN and PROFILE are not supported here");
  if (p.privilege != Privilege::read && p.privilege != Privilege::write) {
    refuse(Status::forbidden, "it may only read and write data");
  }
  if (s.in_transactions) {
    refuse(Status::transaction_start_failed,
           "a query with 'CALL { ... } IN TRANSACTIONS' can only be executed in an implicit transaction");
  }
  if (!p.writes) return;
  if (!options.may_write) refuse(Status::access_mode, "it writes, but here it may only read");
  if (!caller.writes) refuse(Status::access_mode, "Writing in read access mode not allowed.");
}

PreparedPtr prepare(ExecContext& caller, std::string_view text, const NestedQuery::Options& options) {
  if (caller.compiler == nullptr) refuse(Status::internal, "there is nothing here that could run it");
  if (caller.nesting >= NestedQuery::deepest) {
    refuse(Status::argument_error,
           "more than " + std::to_string(NestedQuery::deepest) + " queries given as text are inside each other");
  }
  auto prepared = caller.compiler->prepare(text, caller.tx);
  if (!prepared) inner_error(prepared.error());
  // It runs at the end of the stack that the queries around it use, which is made for one as high as may be.
  if (caller.height + (*prepared)->statement.height > ast::max_height) {
    refuse(Status::argument_error, "together with the queries around it its expressions have too many terms");
  }
  if (auto here = check_database((*prepared)->statement, caller.database); !here) inner_error(here.error());
  check_allowed(caller, **prepared, options);
  return std::move(*prepared);
}

std::vector<Value> bind(const Prepared& prepared, const Value& parameters) {
  auto values = bind_parameters(prepared.statement, parameters);
  if (!values) inner_error(values.error());
  return std::move(*values);
}

}  // namespace

NestedQuery::NestedQuery(ExecContext& caller, std::string_view text, const Value& parameters, Options options)
    : caller_(caller),
      prepared_(prepare(caller, text, options)),
      parameters_(bind(*prepared_, parameters)),
      context_(caller.tx, parameters_, arena_, caller.stop_signal()),
      batch_(prepared_->plan->slots),
      steps_(*prepared_) {
  context_.clock = caller.clock;
  context_.database = caller.database;
  context_.user = caller.user;
  context_.administration = caller.administration;
  context_.activity = caller.activity;
  context_.compiler = caller.compiler;
  context_.nesting = caller.nesting + 1;
  context_.height = caller.height + prepared_->statement.height;
  context_.writes = prepared_->writes;
  context_.import_folder = caller.import_folder;
  if (parameters.is(Kind::map)) context_.parameter_map = parameters.as_map();
}

NestedQuery::~NestedQuery() { caller_.release(accounted_); }

NestedQuery::State NestedQuery::advance() {
  if (done_) return State::done;
  caller_.check();
  // What is left of the caller's memory.
  const std::size_t others = caller_.kept() - accounted_;
  context_.memory_limit = caller_.memory_limit - std::min(others, caller_.memory_limit);
  try {
    if (!opened_) steps_.open(context_);
    opened_ = true;
    const Run::State state = steps_.work(context_, batch_);
    done_ = state == Run::State::done;
    if (done_) steps_.close();
    account();
    return done_ ? State::done : state == Run::State::rows ? State::rows : State::paused;
  } catch (const QueryError& e) {
    if (!e.error.position()) throw;
    inner_error(e.error);
  }
}

void NestedQuery::account() {
  caller_.db_hits += std::exchange(context_.db_hits, 0);
  const std::size_t now = context_.kept();
  if (now < accounted_) caller_.release(accounted_ - now);
  if (now > accounted_) caller_.keep(now - accounted_);
  accounted_ = now;
}

}  // namespace packhouse::cypher
