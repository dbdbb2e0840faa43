#include <doctest/doctest.h>

#include "protocol/frames.hpp"
#include "tests/protocol/peer.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

std::string joined(std::string_view input, std::size_t piece, std::size_t limit = 1 << 20) {
  Dechunker in;
  const auto bytes = unhex(input);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    in.feed(Bytes(bytes).subspan(at, std::min(piece, bytes.size() - at)), limit);
  }
  std::string text;
  while (!in.empty()) {
    const MessagePtr m = in.pop();
    text += m->too_large ? "(too large)" : '[' + hex(m->bytes.view()) + ']';
    in.recycle(nullptr);
  }
  return text;
}

Buffer frame_of(std::size_t payload) {
  Buffer out;
  out.put(0xEE);  // something before it
  ChunkFrame frame(out);
  std::byte* const p = out.extend(payload);
  for (std::size_t i = 0; i < payload; ++i) p[i] = static_cast<std::byte>(i * 31 >> 3);
  frame.close();
  return out;
}

}  // namespace

TEST_CASE("messages come out whole however the bytes are cut") {
  const std::pair<const char*, const char*> cases[] = {
      {"00 02 B0 0F 00 00", "[B0 0F]"},
      {"00 00 00 02 B0 0F 00 00", "[B0 0F]"},  // NOOP first
      {"00 00 00 00 00 00", ""},               // NOOPs only
      {"00 01 B0 00 01 0F 00 00 00 00 00 02 B0 02 00 00", "[B0 0F][B0 02]"},
      {"00 02 B0 0F", ""},  // not ended yet
      {"00 01 B3 00 03 10 8D 52 00 01 45 00 00", "[B3 10 8D 52 45]"},
  };
  for (const auto& [input, expected] : cases) {
    for (std::size_t piece = 1; piece < 18; ++piece) {
      CAPTURE(input);
      CAPTURE(piece);
      CHECK(joined(input, piece) == expected);
    }
  }
}

TEST_CASE("a message above the limit is reported as soon as its chunk begins, and skipped to its end") {
  const std::string_view input = "00 02 B0 0F 00 00  00 03 01 02 03 00 02 04 05 00 00  00 02 B0 02 00 00";
  for (const std::size_t piece : {1UL, 2UL, 3UL, 100UL}) {
    CHECK(joined(input, piece, 4) == "[B0 0F](too large)[B0 02]");
    CHECK(joined(input, piece, 5) == "[B0 0F][01 02 03 04 05][B0 02]");
  }
  CHECK(joined("FF FF", 1, 8192) == "(too large)");  // nothing of it needs to arrive
}

TEST_CASE("announced bytes reserve nothing, and the backlog counts what is held") {
  Dechunker in;
  in.feed(unhex("FF FF 01"), 1 << 30);
  CHECK(in.backlog() < 2048);
  in.clear();
  CHECK(in.backlog() == 0);
  for (int i = 0; i < 1000; ++i) in.feed(unhex("00 02 B0 0F 00 00"), 8192);
  CHECK(in.size() == 1000);
  CHECK(in.backlog() >= 1000 * sizeof(Message));
  while (!in.empty()) in.recycle(in.pop());
  CHECK(in.backlog() == 0);
}

TEST_CASE("memory of messages is used again, unless it is large") {
  Dechunker in;
  in.feed(unhex("00 02 B0 0F 00 00"), 8192);
  MessagePtr first = in.pop();
  const Message* const address = first.get();
  in.recycle(std::move(first));
  in.feed(unhex("00 02 B0 02 00 00"), 8192);
  MessagePtr second = in.pop();
  CHECK(second.get() == address);
  CHECK(hex(second->bytes.view()) == "B0 02");
  second->bytes.reserve(1 << 20);
  in.recycle(std::move(second));
  in.feed(unhex("00 01 B0"), 8192);
  CHECK(in.backlog() < 4096);
}

TEST_CASE("output up to 65535 bytes is one chunk, more is split into full ones and a rest") {
  for (const std::size_t size : {0UL, 1UL, 65534UL, 65535UL, 65536UL, 131070UL, 131071UL, 300009UL}) {
    CAPTURE(size);
    const Buffer out = frame_of(size);
    const std::size_t chunks = size == 0 ? 1 : (size + 65534) / 65535;
    CHECK(out.size() == 1 + size + 2 * chunks + 2);
    CHECK(out[0] == std::byte{0xEE});
    Dechunker in;
    in.feed(out.view().subspan(1), 1 << 20);
    if (size == 0) continue;  // reads as NOOPs: the protocol has no empty messages
    REQUIRE(in.size() == 1);
    const MessagePtr m = in.pop();
    REQUIRE(m->bytes.size() == size);
    bool same = true;
    for (std::size_t i = 0; i < size; ++i) same &= m->bytes[i] == static_cast<std::byte>(i * 31 >> 3);
    CHECK(same);
  }
  const Buffer record = frame_of(300009);
  for (std::size_t i = 0, at = 1; i < 4; ++i, at += 2 + 65535) CHECK(hex(record.view().subspan(at, 2)) == "FF FF");
  CHECK(hex(record.view().subspan(1 + 4 * 65537, 2)) == "93 ED");  // 37869
}

TEST_CASE("a frame that is not closed leaves no trace") {
  Buffer out;
  out.put(7);
  {
    RecordFrame record(out, 3);
    packstream::Writer(out).write_string("half a row");
  }
  {
    SuccessFrame success(out);
    success.integer("t_last", 1);
  }
  CHECK(hex(out.view()) == "07");
}

TEST_CASE("answers in bytes") {
  Buffer out;
  const auto check = [&](const char* expected) {
    CHECK(hex(out.view()) == expected);
    out.clear();
  };
  write_success(out), check("00 03 B1 70 A0 00 00");
  write_ignored(out), check("00 02 B0 7E 00 00");
  {
    RecordFrame record(out, 1);
    packstream::Writer(out).write_integer(1);
    record.close();
  }
  check("00 04 B1 71 91 01 00 00");
  const std::vector<std::string_view> fields{"n"};
  for (const bool with_qid : {false, true}) {
    SuccessFrame m(out);
    m.strings("fields", fields);
    m.integer("t_first", 0);
    if (with_qid) m.integer("qid", 0);
    m.close();
    check(with_qid ? "00 1B B1 70 A3 86 66 69 65 6C 64 73 91 81 6E 87 74 5F 66 69 72 73 74 00 83 71 69 64 00 00 00"
                   : "00 16 B1 70 A2 86 66 69 65 6C 64 73 91 81 6E 87 74 5F 66 69 72 73 74 00 00 00");
  }
  SuccessFrame m(out);
  m.string("bookmark", "b:1");
  m.string("type", "r");
  m.integer("t_last", 0);
  m.string("db", "neo4j");
  m.close();
  check(
      "00 28 B1 70 A4 88 62 6F 6F 6B 6D 61 72 6B 83 62 3A 31 84 74 79 70 65 81 72 86 74 5F 6C 61 73 74 00 82 64 62 85 "
      "6E 65 "
      "6F 34 6A 00 00");
}

TEST_CASE("a SUCCESS may have more entries than a tiny map holds") {
  Buffer out;
  SuccessFrame m(out);
  for (char c = 'a'; c < 'a' + 17; ++c) m.integer(std::string_view(&c, 1), c - 'a');
  m.close();
  CHECK(hex(out.view().subspan(0, 12)) == "00 3A B1 70 DA 00 00 00 11 81 61 00");
  CHECK(describe(out) == "SUCCESS");
}
