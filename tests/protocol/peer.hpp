#pragma once
#include <string>
#include <string_view>

#include "protocol/connection.hpp"
#include "tests/support/hex.hpp"

namespace packhouse::tests {

using namespace packhouse::protocol;

/// The client's end of a Connection in tests: sends hex, reads answers back as text.
struct Peer {
  Connection connection;

  /// Shakes hands for exactly this version; {0, 0}: nothing is sent yet.
  explicit Peer(Version v = {5, 4}, Connection::Limits limits = {});

  /// One message, given as PackStream in hex, framed as a chunk. Or raw bytes.
  void send(std::string_view packstream);
  void send_raw(std::string_view hex) { connection.feed(unhex(hex)); }

  /// What the server has sent since: "SUCCESS {..}" as PackStream hex, in one line.
  std::string sent();
  /// The same in words: "SUCCESS", "RECORD", "IGNORED", "FAILURE Request.Invalid", joined by ", ".
  std::string answers();

  /// HELLO, and LOGON where the version has it, both answered by SUCCESS; the output is dropped.
  void login();
  /// Takes the next request, which must be there, and answers it with SUCCESS.
  void succeed(Outcome outcome = {});
  /// Leads a fresh peer to a state.
  void go_to(State state);
};

/// "B1 01 ...", without chunk headers, valid for the version.
std::string hello_message(Version v);
std::string request_message(Tag tag, Version v);
/// Messages in a server's output, in words.
std::string describe(Bytes output);
/// A chunked message in hex: header, payload, end.
std::string framed(std::string_view packstream);

}  // namespace packhouse::tests
