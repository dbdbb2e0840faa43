#include "server/io_threads.hpp"

#include <algorithm>

namespace packhouse::server {

IoThreads::IoThreads(std::size_t count) {
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) contexts_.push_back(std::make_unique<Context>());
}

IoThreads::~IoThreads() { stop(true); }

void IoThreads::start() {
  for (const auto& c : contexts_) threads_.emplace_back([&io = c->io] { io.run(); });
}

void IoThreads::stop(bool abandon) {
  for (const auto& c : contexts_) {
    c->work.reset();
    if (abandon) c->io.stop();
  }
  for (std::thread& t : threads_) t.join();
  threads_.clear();
}

asio::io_context& IoThreads::next() {
  turn_ = (turn_ + 1) % contexts_.size();
  return contexts_[turn_]->io;
}

}  // namespace packhouse::server
