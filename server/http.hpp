#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "storage/store.hpp"

namespace packhouse::server {

namespace asio = boost::asio;

/// What the HTTP listener tells.
struct HttpFacts {
  storage::Store& store;
  std::string bolt_address;  ///< for the discovery document at /
};

/// Serves one HTTP connection: GET / (discovery, as Neo4j's), /health, /health/live, /health/ready.
asio::awaitable<void> serve_http(asio::ip::tcp::socket socket, const HttpFacts& facts);

}  // namespace packhouse::server
