#include <doctest/doctest.h>

#include "protocol/handshake.hpp"
#include "tests/protocol/peer.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

/// Sends magic and proposals, unused ones filled up; the answer in hex.
std::string answer_to(std::string proposals, Handshake& shake) {
  std::vector<std::byte> bytes = unhex("60 60 B0 17" + proposals);
  REQUIRE(bytes.size() <= 20);
  bytes.resize(20);
  Buffer out;
  CHECK(shake.feed(bytes, out) == 20);
  return hex(out.view());
}

constexpr std::string_view manifest = "00 00 01 FF 05 00 00 00 03 00 04 04 04 00 04 04 05 00 02 08 05 00 00 00 06 00";

}  // namespace

TEST_CASE("the first proposal that fits decides, and within it the highest minor") {
  const std::pair<const char*, const char*> cases[] = {
      {"00 00 04 04  00 00 04 05", "00 00 04 04"},
      {"00 08 08 05  00 02 04 04  00 00 01 04  00 00 00 03", "00 00 08 05"},
      {"00 09 09 05", "00 00 08 05"},
      {"00 14 14 05", "00 00 08 05"},
      {"00 01 06 05", "00 00 06 05"},
      {"00 01 05 05", "00 00 04 05"},  // 5.5 was never released
      {"00 00 05 05", "00 00 00 00"},
      {"00 00 00 03  00 00 04 04", "00 00 00 03"},
      {"00 09 01 04", "00 00 01 04"},  // a range larger than the minor is cut
      {"FF 00 04 05", "00 00 04 05"},  // the first byte is reserved
      {"00 03 03 04", "00 00 03 04"},
      {"00 00 01 06  00 00 00 06", "00 00 00 06"},
      {"00 01 01 06", "00 00 00 06"},
      {"00 00 00 07  00 00 00 01  00 00 00 02", "00 00 00 00"},
      {"00 00 02 FF  00 00 04 05", "00 00 04 05"},  // a manifest version unknown here
      {"00 00 00 FF  00 00 04 05", "00 00 04 05"},
      {"", "00 00 00 00"},
  };
  for (const auto& [proposals, answer] : cases) {
    CAPTURE(proposals);
    Handshake shake;
    CHECK(answer_to(proposals, shake) == answer);
    REQUIRE(shake.done());
    CHECK_FALSE(shake.used_manifest());
    CHECK(shake.refused() == (std::string_view(answer) == "00 00 00 00"));
    if (!shake.refused())
      CHECK(hex(unhex(answer)) == hex(std::vector{std::byte{0}, std::byte{0}, std::byte{shake.version().minor},
                                                  std::byte{shake.version().major}}));
  }
}

TEST_CASE("every version offered can be had, and no other") {
  for (unsigned major = 0; major < 9; ++major) {
    for (unsigned minor = 0; minor < 12; ++minor) {
      const Version v{static_cast<std::uint8_t>(major), static_cast<std::uint8_t>(minor)};
      CAPTURE(to_string(v));
      Handshake shake;
      answer_to(hex(std::vector{std::byte{0}, std::byte{0}, std::byte{v.minor}, std::byte{v.major}}), shake);
      CHECK(shake.refused() == !is_supported(v));
      if (!shake.refused()) CHECK(shake.version() == v);
    }
  }
}

TEST_CASE("the manifest is offered in one piece and answered by one version") {
  const std::string drivers = "00 00 01 FF 00 08 08 05 00 02 04 04 00 00 00 03";
  struct Case {
    const char *choice, *taken;
    Version version;
  };
  const Case cases[] = {
      {"00 00 08 05 00", "5", {5, 8}},          {"00 00 00 06 00", "5", {6, 0}}, {"00 00 00 03 00", "5", {3, 0}},
      {"00 00 02 04 80 80 00", "7", {4, 2}},     // capabilities in a long form of 0
      {"00 00 08 05 00 00 03 B1", "5", {5, 8}},  // the first message follows at once
  };
  for (const auto& [choice, taken, version] : cases) {
    CAPTURE(choice);
    Handshake shake;
    CHECK(answer_to(drivers, shake) == manifest);
    CHECK_FALSE(shake.done());
    Buffer out;
    CHECK(std::to_string(shake.feed(unhex(choice), out)) == taken);
    CHECK(out.empty());  // there is no answer to the choice
    REQUIRE(shake.done());
    CHECK_FALSE(shake.refused());
    CHECK(shake.version() == version);
    CHECK(shake.used_manifest());
  }
  for (const char* choice : {"00 00 05 05", "00 01 08 05", "00 00 01 06", "00 00 00 00", "00 00 08 05 01",
                             "00 00 08 05 80 01", "00 00 08 05 80 80 80 80 80 80 80 80 80 80 80"}) {
    CAPTURE(choice);
    Handshake shake;
    answer_to(drivers, shake);
    Buffer out;
    shake.feed(unhex(choice), out);
    CHECK(shake.refused());
    CHECK(out.empty());
  }
}

TEST_CASE("a range on the manifest's own proposal is a range of manifest versions") {
  Handshake shake;
  CHECK(answer_to("00 01 01 FF", shake) == manifest);
  Handshake second;
  CHECK(answer_to("00 01 02 FF", second) == manifest);
}

TEST_CASE("varints") {
  const std::pair<std::uint64_t, const char*> cases[] = {
      {0, "00"},      {9, "09"},           {127, "7F"},           {128, "80 01"},
      {300, "AC 02"}, {16384, "80 80 01"}, {1851775, "FF 82 71"}, {~std::uint64_t{0}, "FF FF FF FF FF FF FF FF FF 01"},
  };
  for (const auto& [value, bytes] : cases) {
    Buffer out;
    write_varint(out, value);
    CHECK(hex(out.view()) == bytes);
  }
}

TEST_CASE("anything but Bolt is told by its first bytes") {
  const std::pair<const char*, Opening> cases[] = {
      {"", Opening::unknown},          {"60 60", Opening::unknown},
      {"60 60 B0 17", Opening::bolt},  {"47 45 54 20 2F", Opening::http},
      {"16 03 01 02", Opening::tls},   {"16 03", Opening::tls},
      {"50 4F 53 54", Opening::other}, {"00 00 00 00", Opening::other},
      {"60 60 B0 18", Opening::other},
  };
  for (const auto& [bytes, opening] : cases) {
    CAPTURE(bytes);
    CHECK(recognise(unhex(bytes)) == opening);
  }
  for (const char* wrong : {"60 61", "00", "47 45 54 20 2F 20 48 54", "60 60 B0 18"}) {
    Peer peer({0, 0});
    peer.send_raw(wrong);
    CHECK(peer.connection.defunct());
    CHECK(peer.connection.output().empty());  // closed without an answer
  }
}

TEST_CASE("the handshake may come byte by byte, the first message in the same segment") {
  const std::string opening =
      "60 60 B0 17 00 00 01 FF 00 08 08 05 00 02 04 04 00 00 00 03 00 00 08 05 00" + framed(hello_message({5, 8}));
  for (const bool split : {false, true}) {
    Peer peer({0, 0});
    const auto bytes = unhex(opening);
    if (split) {
      for (const std::byte b : bytes) peer.connection.feed(Bytes(&b, 1));
    } else {
      peer.connection.feed(bytes);
    }
    CHECK(peer.sent() == manifest);
    CHECK(peer.connection.version() == Version{5, 8});
    const auto request = peer.connection.next();
    REQUIRE(request);
    CHECK(request->as<Hello>());
  }
}
