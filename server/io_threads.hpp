#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace packhouse::server {

namespace asio = boost::asio;

/// A few threads, each with an io_context of its own: a connection stays on one of them, so sessions need no strands
/// and share no queue. (DESIGN.md section 8 had one io_context for all; docs/ARCHITECTURE.md says why not.)
class IoThreads {
 public:
  explicit IoThreads(std::size_t count);
  ~IoThreads();  ///< stops and joins
  void start();
  /// Ends the threads once their work is done; `abandon` ends them at once.
  void stop(bool abandon);
  asio::io_context& first() { return contexts_.front()->io; }
  /// Round robin.
  asio::io_context& next();
  std::size_t count() const { return contexts_.size(); }
  asio::io_context& at(std::size_t i) { return contexts_[i]->io; }

 private:
  struct Context {
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  };
  std::vector<std::unique_ptr<Context>> contexts_;
  std::vector<std::thread> threads_;
  std::size_t turn_ = 0;
};

}  // namespace packhouse::server
