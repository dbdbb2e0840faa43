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

void ExecContext::begin_parts(std::string_view what) {
  const std::string name(what);
  // The words are known to clients, which then run the query again on its own (CLIENTS.md).
  if (parts == Parts::explicit_transaction) {
    throw QueryError(Status::transaction_start_failed,
                     "A query with '" + name +
                         "' can only be executed in an implicit transaction, but tried to execute in an explicit "
                         "transaction.");
  }
  if (parts == Parts::among_others) {
    throw QueryError(Status::argument_error,
                     name + " commits as it goes: the query must be this call alone, with YIELD and RETURN");
  }
  parts = Parts::begun;
}

void ExecContext::too_much(std::size_t asked) const {
  throw QueryError(Status::out_of_memory, "The query needs more memory than it may use: the limit is " +
                                              std::to_string(memory_limit) + " bytes, " + std::to_string(asked) +
                                              " were asked for");
}

}  // namespace packhouse::cypher
