#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace packhouse::auth {

/// Slows down who guesses passwords: after so many failures in a row for a name, logins with it are refused for a
/// while, also with the right password. When that time is over one attempt is let through; failing again locks again.
/// Names that don't exist count as others do, so that the answer tells nothing. Thread-safe.
class LoginGuard {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// most_failures 0: no limit.
  LoginGuard(std::int64_t most_failures, std::chrono::milliseconds lock_time, Clock clock);

  bool permitted(const std::string& name) const;
  void failed(const std::string& name);
  void succeeded(const std::string& name);

 private:
  struct Record {
    std::int64_t failures = 0;
    std::chrono::steady_clock::time_point last;
  };
  static constexpr std::size_t most_names = 10'000;
  void make_room();

  const std::int64_t most_failures_;
  const std::chrono::milliseconds lock_time_;
  const Clock clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Record> records_;
};

}  // namespace packhouse::auth
