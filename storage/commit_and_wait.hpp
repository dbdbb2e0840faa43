#pragma once
#include <future>
#include <utility>

#include "storage/graph.hpp"

namespace packhouse::storage {

/// Commits and blocks until that is durable, or refused: for threads that serve nobody else.
inline Result<void> commit_and_wait(Transaction& tx) {
  std::promise<Result<std::uint64_t>> promise;
  auto outcome = promise.get_future();
  tx.commit([&promise](Result<std::uint64_t> r) { promise.set_value(std::move(r)); });
  if (auto done = outcome.get(); !done) return tl::make_unexpected(std::move(done).error());
  return ok;
}

}  // namespace packhouse::storage
