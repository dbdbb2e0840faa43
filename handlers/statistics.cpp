#include "handlers/statistics.hpp"

#include <algorithm>

namespace packhouse::handlers {

void Statistics::query_succeeded(std::chrono::steady_clock::duration took) {
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count(), 0));
  const auto place = std::ranges::lower_bound(bounds_us, us) - bounds_us.begin();
  durations_.add(static_cast<Class>(place));
  counters_.add(Counter::microseconds, us);
  query_ended(Outcome::succeeded);
}

Statistics::Outcome Statistics::outcome_of(const Error& error) {
  if (error.status() == Status::terminated || error.status() == Status::timed_out) return Outcome::terminated;
  if (error.code().starts_with("Neo.ClientError.")) return Outcome::client_error;
  return error.retryable() ? Outcome::transient_error : Outcome::database_error;
}

}  // namespace packhouse::handlers
