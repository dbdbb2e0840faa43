#pragma once
#include <chrono>
#include <memory>

#include "cypher/engine.hpp"
#include "protocol/request.hpp"

namespace packhouse::handlers {

/// One result that a RUN opened: the statement's run, how many of its rows were sent, and the message that its
/// parameters are views of.
struct OpenResult {
  std::int64_t qid = 0;
  std::uint64_t number = 0;          ///< of the statement, for LiveConnection
  protocol::MessagePtr message;      // declared before `run`, which points into it
  std::unique_ptr<cypher::Run> run;  // null once the result is finished
  protocol::NotificationFilter filter;
  std::chrono::steady_clock::time_point opened = std::chrono::steady_clock::now();
  bool settled = false;              ///< all effects are done: advance() has given rows, or its end
  bool finished = false;             ///< its summary is written
  bool exhausted = false;            ///< advance() said done
  cypher::RowIndex next_row = 0;     ///< of the batch at hand
  cypher::RowIndex rows_at_hand = 0;
  std::uint64_t rows_seen = 0;       ///< sent or discarded

  bool open() const { return run != nullptr; }
};

}  // namespace packhouse::handlers
