#pragma once
#include "cypher/engine.hpp"
#include "protocol/frames.hpp"
#include "protocol/request.hpp"
#include "protocol/version.hpp"

namespace packhouse::handlers {

struct SummaryOptions {
  std::uint64_t rows = 0;  ///< rows that the result gave out
  protocol::NotificationFilter filter;
  protocol::Features features;
};

/// The parts of a final summary that come from the run: type, stats, plan or profile, notifications or statuses
/// (BOLT.md section 9). The run is done.
void write_result_summary(protocol::SuccessFrame& out, const cypher::Run& run, const SummaryOptions& options);

}  // namespace packhouse::handlers
