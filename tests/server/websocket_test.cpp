#include "server/websocket.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "tests/support/hex.hpp"

using namespace packhouse;
using server::OriginRule;
using server::WebSocketFrames;

namespace {

using Raw = std::vector<std::byte>;

Raw raw(std::string_view hex) { return tests::unhex(hex); }

/// Without blanks.
std::string hex(Bytes bytes) {
  std::string out = tests::hex(bytes);
  std::erase(out, ' ');
  return out;
}

/// What comes out when the bytes come in pieces of `piece`.
std::string decode(WebSocketFrames& frames, Raw bytes, std::size_t piece) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto part = std::span(bytes).subspan(at, std::min(piece, bytes.size() - at));
    out += hex(part.first(frames.decode(part)));
  }
  return out;
}

}  // namespace

TEST_CASE("frames give their payload, however they are cut") {
  struct Case {
    const char* name;
    const char* bytes;
    const char* payload;
    const char* replies;
    bool closed;
  };
  const Case cases[] = {
      {"RFC 6455 5.7: masked Hello, but binary", "82 85 37 FA 21 3D 7F 9F 4D 51 58", "48656C6C6F", "", false},
      {"empty frame", "82 80 01 02 03 04", "", "", false},
      {"two frames", "82 81 00 00 00 00 AA 82 82 00 00 00 00 BB CC", "AABBCC", "", false},
      {"fragments with a ping between", "02 81 00 00 00 00 AA 89 82 01 01 01 01 10 20 80 81 00 00 00 00 BB", "AABB", "8A021121", false},
      {"16-bit length", "82 FE 00 02 FF 00 00 00 FF 01", "0001", "", false},
      {"64-bit length", "82 FF 00 00 00 00 00 00 00 01 00 00 00 00 AA", "AA", "", false},
      {"pong is ignored", "8A 81 00 00 00 00 AA 82 81 00 00 00 00 BB", "BB", "", false},
      {"empty ping", "89 80 00 00 00 00", "", "8A00", false},
      {"close with a reason", "88 84 00 00 00 00 03 E9 68 69", "", "880203E9", true},
      {"close without", "88 80 00 00 00 00", "", "8800", true},
      {"nothing counts after a close", "88 80 00 00 00 00 82 81 00 00 00 00 AA 89 80 00 00 00 00", "", "8800", true},
      {"text", "81 81 00 00 00 00 41", "", "880203EB", true},
      {"not masked", "82 01 AA", "", "880203EA", true},
      {"reserved bit", "C2 81 00 00 00 00 AA", "", "880203EA", true},
      {"unknown opcode", "83 80 00 00 00 00", "", "880203EA", true},
      {"unknown control opcode", "8B 80 00 00 00 00", "", "880203EA", true},
      {"continuation of nothing", "80 81 00 00 00 00 AA", "", "880203EA", true},
      {"message inside a message", "02 81 00 00 00 00 AA 82 81 00 00 00 00 BB", "AA", "880203EA", true},
      {"fragmented ping", "09 80 00 00 00 00", "", "880203EA", true},
      {"long ping", "89 FE 00 7E 00 00 00 00", "", "880203EA", true},
      {"length of 2^63", "82 FF 80 00 00 00 00 00 00 00 00 00 00 00", "", "880203EA", true},
  };
  for (const Case& k : cases) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{1000}}) {
      CAPTURE(std::string(k.name));
      CAPTURE(piece);
      WebSocketFrames frames;
      CHECK(decode(frames, raw(k.bytes), piece) == k.payload);
      CHECK(hex(frames.replies()) == k.replies);
      CHECK(frames.closed() == k.closed);
    }
  }
}

TEST_CASE("a frame larger than any buffer is passed on as it comes") {
  WebSocketFrames frames;
  CHECK(decode(frames, raw("82 FF 7F FF FF FF FF FF FF FF 00 00 00 00 AA"), 1000) == "AA");
  Raw more(100'000);
  CHECK(frames.decode(more) == more.size());
  CHECK_FALSE(frames.closed());
}

TEST_CASE("pings without anybody who reads the answers cost little memory") {
  WebSocketFrames frames;
  for (int i = 0; i < 10'000; ++i) decode(frames, raw("89 81 00 00 00 00 AA"), 1000);
  CHECK(frames.replies().size() < 8192);
  decode(frames, raw("88 80 00 00 00 00"), 1000);
  CHECK(hex(frames.replies().view().last(2)) == "8800");
}

TEST_CASE("what is sent becomes one binary frame") {
  for (const auto& [size, head] : {std::pair<std::size_t, std::string>{0, "8200"}, {125, "827D"}, {126, "827E007E"}, {65'535, "827EFFFF"},
                                   {65'536, "827F0000000000010000"}}) {
    CAPTURE(size);
    Buffer out;
    out.put(0x99);  // sealed before
    std::memset(out.extend(size), 0x55, size);
    WebSocketFrames::seal(out, 1);
    CHECK(out.size() == 1 + head.size() / 2 + size);
    CHECK(hex(out.view().first(1 + head.size() / 2)) == "99" + head);
    if (size > 0) CHECK(hex(out.view().last(1)) == "55");
  }
}

TEST_CASE("the answer to HTTP at the Bolt port") {
  const std::string upgrade = "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n";
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", version = "Sec-WebSocket-Version: 13\r\n";
  struct Case {
    std::string head;
    const char* status;
    const char* has;
  };
  const Case cases[] = {
      {"GET / HTTP/1.1\r\nHost: x\r\n" + upgrade + key + version, "101", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"},
      {"GET /any/path HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:8080\r\n" + upgrade + key + version, "101", ""},
      {"GET / HTTP/1.1\r\nHost: x\r\nOrigin: http://[::1]:8080\r\n" + upgrade + key + version, "101", ""},
      {"GET / HTTP/1.1\r\nHost: x\r\nOrigin: https://example.com\r\n" + upgrade + key + version, "403", "websocket_origins"},
      {"GET / HTTP/1.1\r\nHost: x\r\nOrigin: http://127.example.com\r\n" + upgrade + key + version, "403", "websocket_origins"},
      {"GET / HTTP/1.1\r\nHost: x\r\nOrigin: null\r\n" + upgrade + key + version, "403", "websocket_origins"},
      {"GET / HTTP/1.1\r\nHost: x\r\n" + upgrade + key, "426", "Sec-WebSocket-Version: 13"},
      {"GET / HTTP/1.1\r\nHost: x\r\n" + upgrade + key + "Sec-WebSocket-Version: 8\r\n", "426", "Sec-WebSocket-Version: 13"},
      {"GET / HTTP/1.1\r\nHost: x\r\n" + upgrade + version, "400", "Sec-WebSocket-Key"},
      {"GET / HTTP/1.1\r\nHost: x\r\n", "200", "Bolt"},
      {"POST / HTTP/1.1\r\nHost: x\r\n", "200", "Bolt"},
      {"HELLO", "400", "neither Bolt nor HTTP"},
      {"GET / HTTP/9.9\r\n", "400", ""},
      {"GET / HTTP/1.1\r\nno colon\r\n", "400", ""},
  };
  for (const Case& k : cases) {
    CAPTURE(k.head);
    const auto answer = server::answer_upgrade(k.head + "\r\n", OriginRule{.any = false});
    CHECK(answer.text.starts_with("HTTP/1.1 " + std::string(k.status)));
    CHECK(answer.text.find(k.has) != std::string::npos);
    CHECK(answer.upgraded == (std::string(k.status) == "101"));
  }
}

TEST_CASE("which origins may connect") {
  CHECK(OriginRule{}.admits("https://example.com"));
  const OriginRule listed{.any = false, .allowed = "https://a.example,http://b.example:8080"};
  CHECK(listed.admits(""));
  CHECK(listed.admits("https://a.example"));
  CHECK(listed.admits("http://b.example:8080"));
  CHECK_FALSE(listed.admits("http://b.example"));
  CHECK_FALSE(listed.admits("http://localhost"));
  CHECK_FALSE(listed.admits("https://a.example,http://b.example:8080"));
}
