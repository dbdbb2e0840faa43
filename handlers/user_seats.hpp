#pragma once
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"

namespace packhouse::handlers {

/// How many connections each user has, and no more than the limit. Thread-safe; outlives its seats.
class UserSeats {
 public:
  /// One connection of a user, for as long as it exists.
  class Seat {
   public:
    Seat() = default;
    Seat(Seat&& o) noexcept : of_(std::exchange(o.of_, nullptr)), user_(std::move(o.user_)) {}
    Seat& operator=(Seat&& o) noexcept {
      std::swap(of_, o.of_);
      std::swap(user_, o.user_);
      return *this;
    }
    ~Seat() {
      if (of_) of_->leave(user_);
    }

   private:
    friend class UserSeats;
    Seat(UserSeats& of, std::string user) : of_(&of), user_(std::move(user)) {}
    UserSeats* of_ = nullptr;
    std::string user_;
  };

  /// 0: no limit, nothing is counted. Before the first take().
  void limit(std::size_t most) { most_ = most; }

  /// Errors: database_unavailable, which drivers may try again.
  Result<Seat> take(const std::string& user) {
    if (most_ == 0) return Seat();
    const std::scoped_lock lock(mutex_);
    std::size_t& taken = taken_[user];
    if (taken >= most_) {
      return fail(Status::database_unavailable, "User '" + user + "' already has " + std::to_string(taken) +
                                                    " connections, as many as max_connections_per_user allows. Close one of them first.");
    }
    ++taken;
    return Seat(*this, user);
  }

 private:
  void leave(const std::string& user) {
    const std::scoped_lock lock(mutex_);
    const auto it = taken_.find(user);
    if (it != taken_.end() && --it->second == 0) taken_.erase(it);
  }

  std::size_t most_ = 0;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> taken_;
};

}  // namespace packhouse::handlers
