#pragma once
#include <array>
#include <chrono>

#include "base/counters.hpp"
#include "base/error.hpp"

namespace packhouse::handlers {

/// What a server has done, for whoever watches it. Written by all sessions, read by anybody at any time.
class Statistics {
 public:
  /// How a query ended. A result that was left behind before its end counts as terminated.
  enum class Outcome : std::uint8_t { succeeded, client_error, transient_error, database_error, terminated };
  static constexpr std::size_t outcomes = 5;
  /// Upper bounds of the classes of durations, in microseconds; one more class takes what is longer.
  static constexpr std::array<std::uint64_t, 15> bounds_us{100,     250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,
                                                           50'000,  100'000, 250'000, 500'000, 1'000'000, 5'000'000, 30'000'000};

  void transaction_begun() { counters_.add(Counter::begun); }
  void transaction_ended(bool committed) { counters_.add(committed ? Counter::committed : Counter::rolled_back); }
  /// From the RUN to the last row, time in which the client did not ask for rows included.
  void query_succeeded(std::chrono::steady_clock::duration took);
  void query_ended(Outcome outcome) { counters_.add(counter(outcome)); }
  static Outcome outcome_of(const Error& error);

  std::uint64_t transactions_begun() const { return counters_[Counter::begun]; }
  std::uint64_t transactions_committed() const { return counters_[Counter::committed]; }
  std::uint64_t transactions_rolled_back() const { return counters_[Counter::rolled_back]; }
  std::uint64_t queries(Outcome outcome) const { return counters_[counter(outcome)]; }
  /// Successful queries in the given class of durations, not added up.
  std::uint64_t queries_in_class(std::size_t i) const { return durations_[static_cast<Class>(i)]; }
  std::uint64_t query_microseconds() const { return counters_[Counter::microseconds]; }

 private:
  enum class Counter : std::uint8_t { begun, committed, rolled_back, microseconds, first_outcome, count_ = first_outcome + outcomes };
  enum class Class : std::uint8_t { count_ = bounds_us.size() + 1 };
  static Counter counter(Outcome o) { return static_cast<Counter>(static_cast<int>(Counter::first_outcome) + static_cast<int>(o)); }

  Counters<Counter> counters_;
  Counters<Class> durations_;
};

}  // namespace packhouse::handlers
