#pragma once
#include <string_view>

#include "tests/protocol/peer.hpp"

namespace packhouse::tests {

/// Answers requests like a server whose every result is the one row [1]; queries that begin with
/// "RETRUN" fail at RUN, with "FAIL" at PULL. Statements that wait behind a PULL are answered with it. Enough of handlers/ to hold whole conversations.
class ToyServer {
 public:
  explicit ToyServer(Connection& connection) : connection_(connection) {}

  /// Answers everything that waits.
  void serve();

 private:
  void answer(const Request& request);
  void run(const Run& run);
  void pull();
  void take_along();
  void write_columns();
  void write_row();
  void write_summary();

  Connection& connection_;
  std::uint32_t open_ = 0;
  std::int64_t next_qid_ = 0;
  bool in_transaction_ = false, fails_ = false;
};

/// Feeds `bytes` in pieces, serving after each, or only at the end; returns all output.
std::vector<std::byte> converse(Bytes bytes, std::size_t piece, bool serve_after_each);

}  // namespace packhouse::tests
