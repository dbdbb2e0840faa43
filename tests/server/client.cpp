#include "tests/server/client.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>

namespace packhouse::tests {

Client::Client(const std::string& address) {
  const auto parsed = config::parse_address(address);
  REQUIRE(parsed.has_value());
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(socket_ >= 0);
  const timeval patience{20, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(parsed->port);
  REQUIRE(::inet_pton(AF_INET, parsed->host.c_str(), &to.sin_addr) == 1);
  REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
}

Client::~Client() { ::close(socket_); }

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // closed by the server, which reading will tell
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string Client::receive(std::size_t n) {
  std::string out;
  while (out.size() < n) {
    char piece[4096];
    const auto got = ::recv(socket_, piece, std::min(sizeof piece, n - out.size()), 0);
    if (got <= 0) break;
    out.append(piece, static_cast<std::size_t>(got));
  }
  return out;
}

std::string Client::rest() { return receive(std::size_t{1} << 24); }

std::string Client::until(std::string_view end) {
  std::string out;
  while (!out.ends_with(end)) {
    const std::string one = receive(1);
    if (one.empty()) break;
    out += one;
  }
  return out;
}

std::string temporary_folder() {
  static std::atomic<int> number = 0;
  return (std::filesystem::temp_directory_path() / ("packhouse_server_" + std::to_string(::getpid()) + "_" + std::to_string(++number))).string();
}

Running::Running(config::Settings settings) : folder_(temporary_folder()) {
  settings.data = folder_;
  settings.bolt = "127.0.0.1:0";
  if (settings.http != "off") settings.http = "127.0.0.1:0";
  settings.threads = 2;
  auto made = server::Server::make(settings);
  REQUIRE_MESSAGE(made.has_value(), (made ? std::string() : made.error().message()));
  server_ = std::move(*made);
  std::promise<void> ready;
  thread_ = std::thread([&] { server_->run([&] { ready.set_value(); }); });
  ready.get_future().wait();
}

void Running::stop() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

Running::~Running() {
  stop();
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace packhouse::tests
