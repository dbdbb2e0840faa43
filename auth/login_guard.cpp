#include "auth/login_guard.hpp"

#include <algorithm>

namespace packhouse::auth {

LoginGuard::LoginGuard(std::int64_t most_failures, std::chrono::milliseconds lock_time, Clock clock)
    : most_failures_(most_failures), lock_time_(lock_time), clock_(std::move(clock)) {}

bool LoginGuard::permitted(const std::string& name) const {
  if (most_failures_ <= 0) return true;
  const std::scoped_lock lock(mutex_);
  const auto found = records_.find(name);
  return found == records_.end() || found->second.failures < most_failures_ || clock_() >= found->second.last + lock_time_;
}

void LoginGuard::failed(const std::string& name) {
  if (most_failures_ <= 0) return;
  const std::scoped_lock lock(mutex_);
  if (records_.size() >= most_names && !records_.contains(name)) make_room();
  Record& record = records_[name];
  ++record.failures;
  record.last = clock_();
}

void LoginGuard::succeeded(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  records_.erase(name);
}

/// Somebody tries many names: forgets those whose lock is over, else the one that failed longest ago.
void LoginGuard::make_room() {
  const auto now = clock_();
  std::erase_if(records_, [&](const auto& r) { return now >= r.second.last + lock_time_; });
  if (records_.size() < most_names) return;
  records_.erase(std::ranges::min_element(records_, {}, [](const auto& r) { return r.second.last; }));
}

}  // namespace packhouse::auth
