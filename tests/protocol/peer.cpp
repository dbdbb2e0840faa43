#include "tests/protocol/peer.hpp"

#include <doctest/doctest.h>

#include "packstream/decode.hpp"

namespace packhouse::tests {
namespace {

std::string describe_message(Message& m) {
  REQUIRE(m.bytes.size() >= 2);
  switch (static_cast<Answer>(m.bytes[1])) {
    case Answer::success: return "SUCCESS";
    case Answer::record: return "RECORD";
    case Answer::ignored: return "IGNORED";
    case Answer::failure: break;
  }
  const auto map = packstream::decode_value(m.bytes.view().subspan(2), m.arena);
  REQUIRE(map);
  const auto code = text_of(*map, "code");
  std::string text(code ? *code : text_of(*map, "neo4j_code").value());
  for (const std::string_view prefix : {"Neo.", "ClientError."}) {
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
  }
  return "FAILURE " + text;
}

}  // namespace

std::string describe(Bytes output) {
  Dechunker dechunker;
  dechunker.feed(output, std::size_t{1} << 30);
  std::string text;
  while (!dechunker.empty()) {
    const MessagePtr m = dechunker.pop();
    if (!text.empty()) text += ", ";
    text += describe_message(*m);
  }
  return text;
}

std::string framed(std::string_view packstream) {
  Buffer out;
  ChunkFrame frame(out);
  out.append(unhex(packstream));
  frame.close();
  return hex(out.view());
}

Peer::Peer(Version v, Connection::Limits limits) : connection(limits) {
  if (v == Version{}) return;
  const std::vector<std::byte> version{std::byte{0}, std::byte{0}, std::byte{v.minor}, std::byte{v.major}};
  send_raw("60 60 B0 17" + hex(version) + "00 00 00 00 00 00 00 00 00 00 00 00");
  REQUIRE(connection.state() == State::negotiation);
  connection.output().clear();
}

void Peer::send(std::string_view packstream) {
  send_raw(framed(packstream));
}

std::string Peer::sent() {
  std::string text = hex(connection.output().view());
  connection.output().clear();
  return text;
}

std::string Peer::answers() {
  std::string text = describe(connection.output());
  connection.output().clear();
  return text;
}

void Peer::succeed(Outcome outcome) {
  auto request = connection.next();
  REQUIRE(request);
  connection.success(outcome);
  connection.recycle(std::move(*request));
}

void Peer::login() {
  send(hello_message(connection.version()));
  succeed();
  if (connection.has(Feature::logon)) {
    send(request_message(Tag::logon, connection.version()));
    succeed();
  }
  REQUIRE(connection.state() == State::ready);
  connection.output().clear();
}

void Peer::go_to(State state) {
  const Version v = connection.version();
  if (state >= State::authentication) send(hello_message(v)), succeed();
  if (state >= State::ready && connection.has(Feature::logon)) send(request_message(Tag::logon, v)), succeed();
  if (state == State::tx_ready || state == State::tx_streaming) send(request_message(Tag::begin, v)), succeed();
  if (state == State::streaming || state == State::tx_streaming) send(request_message(Tag::run, v)), succeed();
  if (state == State::failed) {
    send(request_message(Tag::run, v));
    REQUIRE(connection.next());
    connection.failure({Status::syntax_error, "made to fail"});
  }
  connection.output().clear();
  REQUIRE(connection.state() == state);
}

std::string hello_message(Version v) {
  if (v < Version{5, 1})
    return "B1 01 A2 8A 75 73 65 72 5F 61 67 65 6E 74 86 65 78 2F 31 2E 30 86 73 63 68 65 6D 65 84 6E 6F 6E 65";
  if (v < Version{5, 3}) return "B1 01 A1 8A 75 73 65 72 5F 61 67 65 6E 74 86 65 78 2F 31 2E 30";
  return "B1 01 A2 8A 75 73 65 72 5F 61 67 65 6E 74 86 65 78 2F 31 2E 30 8A 62 6F 6C 74 5F 61 67 65 6E 74 A1 87 70 72 "
         "6F "
         "64 75 63 74 86 65 78 2F 31 2E 30";
}

std::string request_message(Tag tag, Version v) {
  const bool fields = v >= Version{4, 0};
  switch (tag) {
    case Tag::hello: return hello_message(v);
    case Tag::logon:
      return "B1 6A A3 86 73 63 68 65 6D 65 85 62 61 73 69 63 89 70 72 69 6E 63 69 70 61 6C 85 6E 65 6F 34 6A 8B 63 72 "
             "65 64 "
             "65 6E 74 69 61 6C 73 84 70 61 73 73";
    case Tag::logoff: return "B0 6B";
    case Tag::goodbye: return "B0 02";
    case Tag::reset: return "B0 0F";
    case Tag::run: return "B3 10 8D 52 45 54 55 52 4E 20 31 20 41 53 20 6E A0 A0";
    case Tag::begin: return "B1 11 A0";
    case Tag::commit: return "B0 12";
    case Tag::rollback: return "B0 13";
    case Tag::pull: return fields ? "B1 3F A1 81 6E FF" : "B0 3F";
    case Tag::discard: return fields ? "B1 2F A1 81 6E FF" : "B0 2F";
    case Tag::route: return v >= Version{4, 4} ? "B3 66 A0 90 A0" : "B3 66 A0 90 C0";
    case Tag::telemetry: return "B1 54 03";
  }
  return {};
}

}  // namespace packhouse::tests
