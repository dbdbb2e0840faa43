#include "handlers/session.hpp"

namespace packhouse::handlers {

Reply Session::rollback() {
  drop_transaction();
  protocol::write_success(out_);
  return Reply::done();
}

Reply Session::reset() {
  drop_transaction();
  expired_.reset();
  alone_ = 0;
  protocol::write_success(out_);
  return Reply::done();
}

}  // namespace packhouse::handlers
