#include "handlers/session.hpp"
#include "protocol/hello.hpp"

namespace packhouse::handlers {

Reply Session::hello(const protocol::Hello& request, const protocol::Connection& connection) {
  filter_ = request.filter;
  protocol::HelloAnswer answer{.agent = server_.agent, .connection_id = connection_id_};
  if (server_.receive_timeout_s > 0) answer.receive_timeout_s = server_.receive_timeout_s;
  protocol::SuccessFrame frame(out_, dialect_);
  protocol::write_hello(frame, connection, request, answer);
  frame.close();
  return Reply::done();
}

/// Authentication is off: every token is taken (BOLT.md section 12, the column "auth off").
Reply Session::logon(const protocol::Logon&) {
  protocol::SuccessFrame frame(out_, dialect_);
  if (features_.has(protocol::Feature::advertised_address)) frame.string("advertised_address", server_.advertised_address);
  frame.close();
  return Reply::done();
}

}  // namespace packhouse::handlers
