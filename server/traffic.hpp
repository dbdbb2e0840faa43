#pragma once
#include <optional>

#include "base/counters.hpp"
#include "server/wire.hpp"

namespace packhouse::server {

/// What has come and gone on the Bolt port. Written by all sessions, read by anybody at any time.
class Traffic {
 public:
  /// One connection, from when it was taken until it is gone; its transport becomes known in between.
  class Connection {
   public:
    explicit Connection(Traffic& traffic) : traffic_(traffic) { traffic_.counters_.add(opened(unknown)); }
    ~Connection() { traffic_.counters_.add(closed(index_)); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    bool known() const { return index_ != unknown; }
    void travels_in(Transport transport) {
      traffic_.counters_.add(closed(unknown));
      index_ = static_cast<std::size_t>(transport);
      traffic_.counters_.add(opened(index_));
    }
    void received(std::size_t bytes) { traffic_.counters_.add(Counter::received, bytes); }
    void sent(std::size_t bytes) { traffic_.counters_.add(Counter::sent, bytes); }
    void login_failed() { traffic_.counters_.add(Counter::failed_logins); }

   private:
    Traffic& traffic_;
    std::size_t index_ = unknown;
  };

  void refused() { counters_.add(Counter::refused); }

  /// Nothing stands for those of which nothing is known yet.
  std::uint64_t open(std::optional<Transport> t) const {
    const std::uint64_t gone = counters_[closed(index(t))], come = counters_[opened(index(t))];  // in this order: never less than none
    return come - gone;
  }
  std::uint64_t total(Transport t) const { return counters_[opened(index(t))]; }
  /// Connections that ended before they had said anything.
  std::uint64_t silent() const {
    std::uint64_t known = 0;
    for (std::size_t i = 0; i < unknown; ++i) known += counters_[opened(i)];
    const std::uint64_t gone = counters_[closed(unknown)];
    return gone > known ? gone - known : 0;
  }
  std::uint64_t refusals() const { return counters_[Counter::refused]; }
  std::uint64_t failed_logins() const { return counters_[Counter::failed_logins]; }
  std::uint64_t received_bytes() const { return counters_[Counter::received]; }
  std::uint64_t sent_bytes() const { return counters_[Counter::sent]; }

 private:
  static constexpr std::size_t unknown = transport_count;
  enum class Counter : std::uint8_t {
    received, sent, refused, failed_logins, first_opened,
    first_closed = first_opened + transport_count + 1,
    count_ = first_closed + transport_count + 1
  };
  static constexpr std::size_t index(std::optional<Transport> t) { return t ? static_cast<std::size_t>(*t) : unknown; }
  static constexpr Counter opened(std::size_t i) { return static_cast<Counter>(static_cast<std::size_t>(Counter::first_opened) + i); }
  static constexpr Counter closed(std::size_t i) { return static_cast<Counter>(static_cast<std::size_t>(Counter::first_closed) + i); }

  Counters<Counter> counters_;
};

}  // namespace packhouse::server
