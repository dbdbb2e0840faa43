#include "handlers/session.hpp"

namespace packhouse::handlers {

Reply Session::begin(const protocol::Begin& request) {
  const auto mode = request.extra.mode == protocol::TransactionExtra::Mode::read ? storage::AccessMode::read : storage::AccessMode::write;
  if (auto opened = open_transaction(request.extra, mode, true); !opened) return Reply::failed(std::move(opened).error());
  protocol::SuccessFrame frame(out_, dialect_);
  if (features_.has(protocol::Feature::home_database) && transaction_->home_database) frame.string("db", transaction_->database);
  frame.close();
  transaction_->message = std::move(request_.message);
  return Reply::done();
}

}  // namespace packhouse::handlers
