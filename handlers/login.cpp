#include "handlers/session.hpp"

namespace packhouse::handlers {
namespace {

auth::Token token_of(const protocol::AuthToken& t) { return {t.scheme, t.principal, t.credentials}; }

/// Commands that change users; SHOW USERS, which needs the same privilege, only reads.
bool changes_users(const cypher::Run& run) {
  const bool about_users = run.privilege() == cypher::Privilege::administration || run.privilege() == cypher::Privilege::own_password;
  return about_users && run.type() == cypher::StatementType::schema;
}

}  // namespace

/// With authentication off every token is taken (BOLT.md section 12, the column "auth off"). A password that is not
/// known yet is checked on a worker: that takes tens of milliseconds.
Reply Session::log_in(const protocol::AuthToken& token, Step then) {
  log_out();
  if (!server_.users) return (this->*then)();
  login_ = server_.users->recognise(token_of(token));
  if (login_) return let_in(then);
  after_login_ = then;
  step_ = &Session::verify;
  return Reply::of(Reply::Kind::more);
}

Reply Session::verify() {
  const auto* logon = request_.as<protocol::Logon>();
  auto login = server_.users->log_in(token_of(logon ? logon->auth : *request_.as<protocol::Hello>()->auth));
  if (!login) return Reply::failed(std::move(login).error());
  login_ = std::move(*login);
  return let_in(after_login_);
}

/// The password was right; but a user may have only so many connections.
Reply Session::let_in(Step then) {
  auto seat = server_.seats->take(login_->user);
  if (!seat) return Reply::failed(std::move(seat).error());
  seat_ = std::move(*seat);
  live_->user(login_->user);
  return (this->*then)();
}

void Session::log_out() {
  login_.reset();
  seat_ = {};
  live_->user({});
}

Result<void> Session::authorise(const cypher::Run& run) {
  if (!server_.users) return ok;
  PACKHOUSE_CHECK(server_.users->check(login_->user, run.privilege()));
  OpenTransaction& t = *transaction_;
  t.changes_users = t.changes_users || changes_users(run);
  t.changes_data = t.changes_data || run.privilege() == cypher::Privilege::write || run.privilege() == cypher::Privilege::schema;
  if (!t.changes_users || !t.changes_data) return ok;
  return packhouse::fail(Status::forbidden_transaction_type, "Users and data can't be changed in the same transaction.");
}

}  // namespace packhouse::handlers
