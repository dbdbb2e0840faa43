#include "tests/handlers/conversation.hpp"

#include <doctest/doctest.h>

#include "packstream/decode.hpp"
#include "tests/protocol/pack.hpp"
#include "tests/support/hex.hpp"
#include "value/print.hpp"

namespace packhouse::tests {
namespace {

std::unique_ptr<storage::Store> in_memory() {
  auto store = storage::Store::open(std::make_unique<storage::memory::Engine>());
  REQUIRE(store.has_value());
  return std::move(*store);
}

constexpr std::size_t whole = 1 << 20;  // bytes of a printed answer

std::string describe(protocol::Message& m, const packstream::Dialect& dialect, std::string& failure) {
  const auto tag = static_cast<protocol::Answer>(m.bytes[1]);
  if (tag == protocol::Answer::ignored) return "IGNORED";
  const auto value = packstream::decode_value(m.bytes.view().subspan(2), m.arena, dialect);
  REQUIRE_MESSAGE(value.has_value(), (value ? std::string() : value.error().message()));
  if (tag == protocol::Answer::record) return "RECORD " + print(*value, whole);
  if (tag == protocol::Answer::success) return "SUCCESS " + print(*value, whole);
  failure = print(*value, whole);
  const auto code = protocol::text_of(*value, "code"), newer = protocol::text_of(*value, "neo4j_code");
  return "FAILURE " + std::string(code ? *code : newer.value());
}

}  // namespace

House::House(std::unique_ptr<storage::Store> of)
    : store(std::move(of)), engine(*store), context{*store, engine, "Neo4j/5.26.0 (Packhouse)", "localhost:7687"} {}
House::House() : House(in_memory()) {}
House::House(const std::filesystem::path& folder) : House(std::move(storage::Store::open(folder).value())) {}

Conversation::Conversation(House& house, protocol::Version version) : session_(house.context, "bolt-" + std::to_string(++house.conversations)) {
  session_.on_wake([this] {
    woken_.store(true);
    woken_.notify_one();
  });
  const std::vector<std::byte> v{std::byte{0}, std::byte{0}, std::byte{version.minor}, std::byte{version.major}};
  connection_.feed(unhex("60 60 B0 17" + hex(v) + "00 00 00 00 00 00 00 00 00 00 00 00"));
  connection_.output().clear();
  const bool agent = version >= protocol::Version{5, 3};
  const auto hello = send(protocol::Tag::hello, agent ? "{user_agent: 'test/1', bolt_agent: {product: 'test/1'}}"
                                                      : "{user_agent: 'test/1', scheme: 'none'}");
  REQUIRE_MESSAGE(hello.starts_with("SUCCESS"), hello);
  if (connection_.has(protocol::Feature::logon)) {
    const auto logon = send(protocol::Tag::logon, "{scheme: 'none'}");
    REQUIRE_MESSAGE(logon.starts_with("SUCCESS"), logon);
  }
}

void Conversation::post(protocol::Tag tag, std::string_view fields) { post_bytes(pack(tag, fields)); }

void Conversation::post_bytes(std::string_view hex) {
  Buffer chunk;
  protocol::ChunkFrame frame(chunk);
  chunk.append(unhex(hex));
  frame.close();
  connection_.feed(chunk.view());
}

void Conversation::settle(handlers::Reply reply) {
  using Kind = handlers::Reply::Kind;
  if (!reply.returned.empty()) connection_.give_back(std::move(reply.returned));
  waiting_ = reply.kind == Kind::waiting;
  under_way_ = reply.kind == Kind::more || reply.kind == Kind::flush || reply.kind == Kind::waiting;
  out_.append(session_.output().view());
  session_.output().clear();
  if (reply.kind == Kind::answered) connection_.answered(reply.outcome);
  if (reply.kind == Kind::failed) connection_.failure(*reply.error);
  if (under_way_ && connection_.interrupted()) session_.interrupt(cypher::StopSignal::Reason::reset);
  out_.append(connection_.output().view());
  connection_.output().clear();
}

bool Conversation::step() {
  if (under_way_) {
    settle(session_.resume());
    return under_way_;
  }
  auto request = connection_.next();
  out_.append(connection_.output().view());
  connection_.output().clear();
  idle_ = !request;
  if (request) settle(session_.start(std::move(*request), connection_));
  return under_way_;
}

void Conversation::work() {
  for (idle_ = false; !idle_;) {
    if (step() && waiting_) {
      woken_.wait(false);
      woken_.store(false);
    }
  }
}

std::string Conversation::take() {
  protocol::Dechunker dechunker;
  dechunker.feed(out_.view(), std::size_t{1} << 30);
  out_.clear();
  std::string text;
  while (!dechunker.empty()) {
    const protocol::MessagePtr m = dechunker.pop();
    text += (text.empty() ? "" : "; ") + describe(*m, connection_.dialect(), failure_);
  }
  return text;
}

std::string Conversation::take_hex() {
  const std::string bytes = hex(std::vector<std::byte>(out_.view().begin(), out_.view().end()));
  out_.clear();
  return bytes;
}

std::string Conversation::send(protocol::Tag tag, std::string_view fields) {
  post(tag, fields);
  work();
  return take();
}

std::string Conversation::send_all(const std::vector<std::pair<protocol::Tag, std::string>>& messages) {
  for (const auto& [tag, fields] : messages) post(tag, fields);
  work();
  return take();
}

std::string Conversation::run(std::string_view query, std::string_view parameters, std::string_view extra) {
  return send(protocol::Tag::run, "'" + std::string(query) + "' " + std::string(parameters) + ' ' + std::string(extra));
}

std::string entry(const std::string& answer, std::string_view key) {
  const std::string head = std::string(key) + ": ";
  const auto at = answer.find(head);
  if (at == std::string::npos) return {};
  const std::string rest = answer.substr(at + head.size());
  if (rest.starts_with('\'')) return rest.substr(1, rest.find('\'', 1) - 1);
  return rest.substr(0, rest.find_first_of(",}"));
}

}  // namespace packhouse::tests
