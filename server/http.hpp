#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <atomic>
#include <string>

#include "server/metrics.hpp"

namespace packhouse::server {

namespace asio = boost::asio;

/// What the HTTP listener tells.
struct HttpFacts {
  MetricSources metrics;
  std::string bolt_address;  ///< for the discovery document at /
  std::atomic<bool> serving{true};  ///< false while stopping: not ready any more
  std::atomic<int> connections{0};
};

/// Serves one HTTP connection: GET / (discovery, as Neo4j's), /health, /health/live, /health/ready, /metrics.
asio::awaitable<void> serve_http(asio::ip::tcp::socket socket, HttpFacts& facts);

}  // namespace packhouse::server
