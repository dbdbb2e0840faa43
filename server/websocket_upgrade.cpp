#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "config/settings.hpp"
#include "server/websocket.hpp"

namespace packhouse::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t key_length = 24;  // 16 bytes in base64

HttpAnswer refuse(std::string_view status, std::string body, std::string_view headers = {}) {
  body += '\n';
  HttpAnswer answer;
  answer.text = "HTTP/1.1 " + std::string(status) + "\r\nServer: Packhouse\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n" +
                std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return answer;
}

/// What proves to the client that it was understood (RFC 6455, 4.2.2).
std::string accept_key(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> out;
  const int n = EVP_EncodeBlock(out.data(), digest.data(), SHA_DIGEST_LENGTH);
  return {out.begin(), out.begin() + n};
}

std::string_view host_of(std::string_view origin) {
  const auto scheme = origin.find("://");
  if (scheme == origin.npos) return {};
  std::string_view host = origin.substr(scheme + 3);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

bool OriginRule::admits(std::string_view origin) const {
  if (any || origin.empty()) return true;
  if (allowed.empty()) return config::is_loopback(host_of(origin));
  for (std::size_t from = 0; from <= allowed.size();) {
    const std::size_t to = std::min(allowed.find(',', from), allowed.size());
    if (std::string_view(allowed).substr(from, to - from) == origin) return true;
    from = to + 1;
  }
  return false;
}

std::string https_required() { return refuse("400 Bad Request", "This port wants TLS.").text; }

HttpAnswer answer_upgrade(std::string_view head, const OriginRule& origins) {
  http::request_parser<http::empty_body> parser;
  beast::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error || !parser.is_header_done()) return refuse("400 Bad Request", "This is neither Bolt nor HTTP.");
  const auto& request = parser.get();
  if (!beast::websocket::is_upgrade(request)) {
    return refuse("200 OK", "This is a Bolt port: connect with a Neo4j driver, over TCP or WebSocket. Health checks and metrics are served "
                            "on the HTTP port.");
  }
  if (request[http::field::sec_websocket_version] != "13") {
    return refuse("426 Upgrade Required", "Only version 13 of WebSocket is spoken here.", "Sec-WebSocket-Version: 13\r\n");
  }
  const auto key = request[http::field::sec_websocket_key];
  if (key.size() != key_length) return refuse("400 Bad Request", "Sec-WebSocket-Key must be 16 bytes in base64.");
  const auto origin = request[http::field::origin];
  if (!origins.admits({origin.data(), origin.size()})) {
    return refuse("403 Forbidden", "Pages of this origin may not connect; see the setting websocket_origins.");
  }
  return {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
              accept_key({key.data(), key.size()}) + "\r\n\r\n",
          true};
}

}  // namespace packhouse::server
