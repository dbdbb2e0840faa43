#include "handlers/session.hpp"
#include "protocol/hello.hpp"

namespace packhouse::handlers {

Reply Session::hello(const protocol::Hello& request, const protocol::Connection& connection) {
  filter_ = request.filter;
  connection_ = &connection;
  live_->agent(request.user_agent);
  return request.auth ? log_in(*request.auth, &Session::greet) : greet();
}

Reply Session::greet() {
  protocol::HelloAnswer answer{.agent = server_.agent, .connection_id = connection_id_};
  if (server_.receive_timeout_s > 0) answer.receive_timeout_s = server_.receive_timeout_s;
  protocol::SuccessFrame frame(out_, dialect_);
  protocol::write_hello(frame, *connection_, *request_.as<protocol::Hello>(), answer);
  if (login_ && login_->password_expired) frame.boolean("credentials_expired", true);
  frame.close();
  return Reply::done();
}

Reply Session::logon(const protocol::Logon& request) { return log_in(request.auth, &Session::logged_on); }

Reply Session::logged_on() {
  protocol::SuccessFrame frame(out_, dialect_);
  if (features_.has(protocol::Feature::advertised_address)) frame.string("advertised_address", server_.advertised_address);
  if (login_ && login_->password_expired) frame.boolean("credentials_expired", true);
  frame.close();
  return Reply::done();
}

}  // namespace packhouse::handlers
