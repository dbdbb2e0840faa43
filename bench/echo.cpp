// The bare Asio server that our request rates are compared with (DESIGN.md section 12): it reads Bolt bytes, finds the
// ends of messages, and answers every PULL with the bytes that a RETURN 1 is answered with, doing nothing else.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

std::string chunk(std::string_view payload) {
  std::string out;
  out += static_cast<char>(payload.size() >> 8);
  out += static_cast<char>(payload.size());
  return out.append(payload).append(2, '\0');
}

// The answers to HELLO, LOGON and any RUN, and to PULL: a record and a summary like the real ones, alike in size.
using namespace std::string_literals;
const std::string hello = chunk("\xB1\x70\xA2\x86server\x8CNeo4j/5.26.0\x8D"s + "connection_id\x86" + "bolt-1");
const std::string empty = chunk("\xB1\x70\xA0"s);
const std::string run = chunk("\xB1\x70\xA2\x86" "fields\x91\x81x\x87t_first\x00"s);
const std::string pull = chunk("\xB1\x71\x91\x01"s) + chunk("\xB1\x70\xA4\x88" "bookmark\xD0\x3B"s + "PH:" + std::string(56, '0') +
                                                        "\x86t_last\x00\x82" "db\x85neo4j\x84type\x81r"s);

const std::string& answer(unsigned char tag) {
  switch (tag) {
    case 0x01: return hello;
    case 0x10: return run;
    case 0x3F: return pull;
    default: return empty;
  }
}

asio::awaitable<void> serve(tcp::socket socket) {
  socket.set_option(tcp::no_delay(true));
  std::array<char, 65536> in;
  std::string out, rest;
  bool shaken = false;
  for (;;) {
    const auto [error, n] = co_await socket.async_read_some(asio::buffer(in), quiet);
    if (error) co_return;
    rest.append(in.data(), n);
    std::size_t at = 0;
    if (!shaken && rest.size() >= 20) {
      out.append("\0\0\4\5", 4);
      at = 20;
      shaken = true;
    }
    while (shaken && rest.size() - at >= 6) {
      const std::size_t size = static_cast<unsigned char>(rest[at]) * 256u + static_cast<unsigned char>(rest[at + 1]);
      if (rest.size() - at < size + 4) break;
      out += answer(static_cast<unsigned char>(rest[at + 3]));
      at += size + 4;
    }
    rest.erase(0, at);
    if (out.empty()) continue;
    const auto [write_error, m] = co_await asio::async_write(socket, asio::buffer(out), quiet);
    if (write_error) co_return;
    out.clear();
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, std::vector<std::unique_ptr<asio::io_context>>& contexts) {
  for (std::size_t i = 0;; ++i) {
    asio::io_context& io = *contexts[i % contexts.size()];
    auto [error, socket] = co_await acceptor.async_accept(io, quiet);
    if (error) co_return;
    auto session = serve(std::move(socket));
    asio::co_spawn(io, std::move(session), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto port = static_cast<unsigned short>(argc > 1 ? std::atoi(argv[1]) : 7700);
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  for (int i = 0; i < 2; ++i) contexts.push_back(std::make_unique<asio::io_context>(1));
  tcp::acceptor acceptor(*contexts[0], {asio::ip::address_v4::loopback(), port});
  auto listening = accept(acceptor, contexts);
  asio::co_spawn(*contexts[0], std::move(listening), asio::detached);
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards;
  for (const auto& c : contexts) guards.emplace_back(c->get_executor());
  std::printf("ready bolt://127.0.0.1:%u\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  std::thread second([&] { contexts[1]->run(); });
  contexts[0]->run();
  second.join();
}
