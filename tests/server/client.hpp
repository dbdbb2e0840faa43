#pragma once
#include <string>
#include <string_view>
#include <thread>

#include "config/settings.hpp"
#include "server/server.hpp"

namespace packhouse::tests {

/// A blocking TCP connection to "127.0.0.1:port" of a server under test. Gives up after some seconds of silence.
class Client {
 public:
  explicit Client(const std::string& address);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes);
  /// Exactly n bytes, fewer when the server closes first.
  std::string receive(std::size_t n);
  /// Everything until the server closes.
  std::string rest();
  /// Up to and with `end`, or what came before the server closed.
  std::string until(std::string_view end);

 private:
  int socket_ = -1;
};

/// A server in this process, on free ports and a folder of its own that is removed at the end.
class Running {
 public:
  explicit Running(config::Settings settings = {});
  ~Running();
  server::Server& server() { return *server_; }
  /// Stops and waits until run() has returned.
  void stop();

 private:
  std::string folder_;
  std::unique_ptr<server::Server> server_;
  std::thread thread_;
};

/// A fresh name under the temporary folder.
std::string temporary_folder();

}  // namespace packhouse::tests
