#include "base/sha256.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace packhouse;

// The examples of FIPS 180-4's authors (CSRC), and lengths around the padding's edges checked with another program.
TEST_CASE("SHA-256 of known texts") {
  struct Row {
    std::string text;
    std::string_view hex;
  };
  const std::vector<Row> rows{
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
      {std::string(55, 'x'), "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072"},
      {std::string(56, 'x'), "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e"},
      {std::string(63, 'x'), "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2"},
      {std::string(64, 'x'), "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c"},
      {std::string(65, 'x'), "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9"},
  };
  for (const auto& [text, hex] : rows) {
    CAPTURE(text.size());
    CHECK(Sha256::of(as_bytes(text)).hex() == hex);
  }
}

TEST_CASE("SHA-256 in pieces of any length is the same, and the state can be copied midway") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7);
  const Digest whole = Sha256::of(as_bytes(text));
  for (std::size_t piece = 1; piece < 200; ++piece) {
    Sha256 hash;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      Sha256 copy = hash;
      copy.add(as_bytes(std::string_view("something else")));
      hash.add(as_bytes(std::string_view(text).substr(at, piece)));
    }
    CAPTURE(piece);
    CHECK(hash.size() == text.size());
    CHECK(hash.digest() == whole);
    CHECK(hash.digest() == whole);  // asking changes nothing
  }
}

TEST_CASE("digests as text") {
  const Digest d = Sha256::of(as_bytes(std::string_view("abc")));
  CHECK(Digest::from_hex(d.hex()) == d);
  CHECK_FALSE(Digest::from_hex("abc"));
  CHECK_FALSE(Digest::from_hex(d.hex().substr(1) + "g"));
}
