#include "cypher/exec/context.hpp"

#include <string>

#include "cypher/error.hpp"

namespace packhouse::cypher {

void ExecContext::stopped() const {
  switch (stop_.reason()) {
    case StopSignal::Reason::timeout:
      throw QueryError(Status::timed_out,
                       "The transaction has been terminated: it took longer than the configured or requested timeout");
    case StopSignal::Reason::reset:
    case StopSignal::Reason::terminated:
    case StopSignal::Reason::none: break;
  }
  throw QueryError(Status::terminated, "The transaction has been terminated. Retry your operation in a new transaction");
}

void ExecContext::too_much(std::size_t asked) const {
  throw QueryError(Status::out_of_memory, "The query needs more memory than it may use: the limit is " +
                                              std::to_string(memory_limit) + " bytes, " + std::to_string(asked) +
                                              " were asked for");
}

}  // namespace packhouse::cypher
