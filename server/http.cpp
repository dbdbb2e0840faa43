#include "server/http.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace packhouse::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t header_limit = 8192;
constexpr int most_connections = 200;  // it is for a few tools
constexpr std::uint64_t body_limit = 64 * 1024;

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

/// Counts as one for as long as it exists.
class Counted {
 public:
  explicit Counted(std::atomic<int>& count) : count_(count), before_(count.fetch_add(1)) {}
  ~Counted() { count_.fetch_sub(1); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  int before() const { return before_; }

 private:
  std::atomic<int>& count_;
  const int before_;
};

std::string health(std::string_view status, const HttpFacts& facts) {
  return R"({"status":")" + std::string(status) + R"(","commits":)" + std::to_string(facts.metrics.store.last_sequence()) + "}";
}

Response answer(const Request& request, const HttpFacts& facts) {
  Response response(http::status::ok, request.version());
  response.set(http::field::server, "Packhouse");
  response.set(http::field::content_type, "application/json");
  response.keep_alive(request.keep_alive());
  const std::string_view target(request.target().data(), request.target().size());
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    response.result(http::status::method_not_allowed);
    response.body() = R"({"error":"only GET is served here"})";
  } else if (target == "/") {
    response.body() = R"({"bolt_direct":"bolt://)" + facts.bolt_address + R"(","bolt_routing":"neo4j://)" + facts.bolt_address +
                      R"(","neo4j_version":"5.26.0","neo4j_edition":"community"})";
  } else if (target == "/metrics") {
    response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    response.body() = exposition(facts.metrics);
  } else if (target == "/health/live") {
    response.body() = health("up", facts);
  } else if (target == "/health" || target == "/health/ready") {
    const bool ready = facts.serving.load();
    if (!ready) response.result(http::status::service_unavailable);
    response.body() = health(ready ? "up" : "stopping", facts);
  } else {
    response.result(http::status::not_found);
    response.body() = R"({"error":"not found"})";
  }
  if (request.method() == http::verb::head) response.body().clear();
  response.prepare_payload();
  return response;
}

}  // namespace

asio::awaitable<void> serve_http(asio::ip::tcp::socket socket, HttpFacts& facts) {
  const Counted counted(facts.connections);
  if (counted.before() >= most_connections) co_return;
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer(header_limit + body_limit);
  for (;;) {
    stream.expires_after(std::chrono::seconds(30));
    http::request_parser<http::string_body> parser;
    parser.header_limit(header_limit);
    parser.body_limit(body_limit);
    const auto [read_error, n] = co_await http::async_read(stream, buffer, parser, quiet);
    if (read_error) break;
    Response response = answer(parser.get(), facts);
    const auto [write_error, m] = co_await http::async_write(stream, response, quiet);
    if (write_error || !response.keep_alive()) break;
  }
  beast::error_code ignored;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

}  // namespace packhouse::server
