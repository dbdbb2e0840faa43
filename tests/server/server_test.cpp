#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/server/client.hpp"

using namespace packhouse;
using tests::Client;
using tests::Running;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string request(Running& r, const std::string& text) {
  Client c(r.server().http_address());
  c.send(text);
  return c.rest();
}

constexpr std::string_view handshake{"\x60\x60\xB0\x17\x00\x00\x04\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20};
constexpr std::string_view version_5_4{"\x00\x00\x04\x05", 4};

}  // namespace

TEST_CASE("what the HTTP listener answers") {
  Running r;
  struct Case {
    const char* request;
    const char* status;
    const char* body;
  };
  const std::string discovery = "\"bolt_direct\":\"bolt://" + r.server().bolt_address() + "\"";
  const Case cases[] = {
      {"GET / HTTP/1.1", "200 OK", discovery.c_str()},
      {"GET /health HTTP/1.1", "200 OK", "\"status\":\"up\""},
      {"GET /health/live HTTP/1.1", "200 OK", "\"status\":\"up\""},
      {"GET /health/ready HTTP/1.1", "200 OK", "\"status\":\"up\""},
      {"GET /nope HTTP/1.1", "404 Not Found", "not found"},
      {"GET /../etc/passwd HTTP/1.1", "404 Not Found", "not found"},
      {"POST / HTTP/1.1", "405 Method Not Allowed", "only GET"},
      {"DELETE /health HTTP/1.1", "405 Method Not Allowed", "only GET"},
  };
  for (const Case& k : cases) {
    CAPTURE(std::string(k.request));
    const auto answer = request(r, std::string(k.request) + "\r\nHost: x\r\nConnection: close\r\n\r\n");
    CAPTURE(answer);
    CHECK(answer.starts_with(std::string("HTTP/1.1 ") + k.status));
    CHECK(has(answer, k.body));
  }
  const auto head = request(r, "HEAD /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 200 OK"));
  CHECK(head.ends_with("\r\n\r\n"));
}

TEST_CASE("HTTP connections are kept, and closed when they misbehave") {
  Running r;
  Client c(r.server().http_address());
  for (int i = 0; i < 3; ++i) {
    c.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(has(c.until("}"), "200 OK"));
  }
  for (const std::string& bad : {std::string("nonsense\r\n\r\n"), "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
                                 std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")}) {
    const auto answer = request(r, bad);
    CHECK_FALSE(has(answer, "200 OK"));
  }
  CHECK(has(request(r, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "200 OK"));
}

TEST_CASE("Bolt shakes hands; what isn't Bolt is closed") {
  config::Settings settings;
  settings.http = "off";
  Running r(settings);
  CHECK(r.server().http_address().empty());
  Client good(r.server().bolt_address());
  good.send(handshake);
  CHECK(good.receive(4) == version_5_4);
  for (const std::string& bad : {std::string("\x01\x02\x03\x04", 4) + std::string(16, '\0'), std::string(20, '\xFF')}) {
    Client c(r.server().bolt_address());
    c.send(bad);
    CHECK(c.rest().size() <= 4);
  }
}

TEST_CASE("no more than max_connections") {
  config::Settings settings;
  settings.max_connections = 2;
  Running r(settings);
  Client a(r.server().bolt_address()), b(r.server().bolt_address());
  for (Client* c : {&a, &b}) {
    c->send(handshake);
    CHECK(c->receive(4) == version_5_4);
  }
  Client third(r.server().bolt_address());
  third.send(handshake);
  CHECK(third.rest().empty());
}

TEST_CASE("stopping closes idle connections and lets the ports go") {
  Running r;
  const std::string address = r.server().bolt_address();
  Client c(address);
  c.send(handshake);
  REQUIRE(c.receive(4) == version_5_4);
  r.stop();
  CHECK(c.rest().empty());
  config::Settings again;
  again.data = tests::temporary_folder();
  again.bolt = address;
  again.http = "off";
  {
    auto made = server::Server::make(again);
    CHECK_MESSAGE(made.has_value(), (made ? std::string() : made.error().message()));
  }
  std::filesystem::remove_all(again.data);
}

TEST_CASE("a server that can't start says why") {
  Running r;
  config::Settings s;
  s.data = tests::temporary_folder();
  s.http = "off";
  s.bolt = r.server().bolt_address();
  auto busy = server::Server::make(s);
  REQUIRE_FALSE(busy.has_value());
  CHECK(has(busy.error().message(), "cannot listen on " + s.bolt));
  s.bolt = "0.0.0.0:0";
  auto open = server::Server::make(s);
  REQUIRE_FALSE(open.has_value());
  CHECK(has(open.error().message(), "allow_unauthenticated"));
  std::filesystem::remove_all(s.data);
  std::ofstream(s.data) << "a file";
  s.bolt = "127.0.0.1:0";
  auto no_folder = server::Server::make(s);
  REQUIRE_FALSE(no_folder.has_value());
  CHECK_FALSE(no_folder.error().message().empty());
  std::filesystem::remove(s.data);
}

TEST_CASE("a server that never ran, and one stopped before it runs") {
  config::Settings s;
  s.data = tests::temporary_folder();
  s.bolt = "127.0.0.1:0";
  s.http = "off";
  {
    auto made = server::Server::make(s);
    REQUIRE(made.has_value());
  }
  {
    auto made = server::Server::make(s);
    REQUIRE(made.has_value());
    (*made)->stop();
    (*made)->run([] {});
  }
  std::filesystem::remove_all(s.data);
}
