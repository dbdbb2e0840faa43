#include "handlers/session.hpp"

namespace packhouse::handlers {

Reply Session::run(const protocol::Run& request, const protocol::Connection& connection) {
  if (transaction_) {  // explicit: effects of earlier statements come first
    step_ = &Session::run_settled;
    return run_settled();
  }
  auto type = server_.engine.type_of(request.query);
  if (!type) return fail(std::move(type).error());
  const bool reads = request.extra.mode == protocol::TransactionExtra::Mode::read || *type == cypher::StatementType::read;
  auto opened = open_transaction(request.extra, reads ? storage::AccessMode::read : storage::AccessMode::write, false);
  if (!opened) return fail(std::move(opened).error());
  if (!reads && may_lead(request, connection)) {
    transaction_->shared = std::make_unique<SharedCommit>(request, server_.shared_commit_time);
  }
  return run_settled();
}

Reply Session::run_settled() {
  if (auto reply = settle()) return std::move(*reply);
  const auto& request = *request_.as<protocol::Run>();
  const auto began = std::chrono::steady_clock::now();
  auto result = open_result(request.query, request.parameters, std::move(request_.message));
  if (!result) return fail(std::move(result).error());
  (*result)->opened = began;
  write_run_success(**result);
  return Reply::done({false, transaction_->open_results()});
}

void Session::write_run_success(const OpenResult& result) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - result.opened);
  protocol::SuccessFrame frame(out_, dialect_);
  frame.strings("fields", std::span(result.run->columns()));
  frame.integer("t_first", took.count());
  if (transaction_->explicit_) {
    if (features_.has(protocol::Feature::pull_n)) frame.integer("qid", result.qid);
  } else if (features_.has(protocol::Feature::home_database) && transaction_->home_database) {
    frame.string("db", transaction_->database);
  }
  frame.close();
}

}  // namespace packhouse::handlers
