#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <string>

namespace packhouse::server {

/// "HOST:PORT", with brackets around an IPv6 host.
inline std::string address_text(const boost::asio::ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

}  // namespace packhouse::server
