#pragma once
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "auth/users.hpp"
#include "storage/memory/engine.hpp"

namespace packhouse::auth {

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// "ok", or the last part of the error's code: "Unauthorized".
template <class T>
std::string outcome(const Result<T>& result) {
  if (result) return "ok";
  const std::string code(result.error().code());
  return code.substr(code.rfind('.') + 1);
}

/// Lets a store own an engine that outlives it.
class SharedEngine final : public storage::kv::Engine {
 public:
  explicit SharedEngine(std::shared_ptr<storage::memory::Engine> inner) : inner_(std::move(inner)) {}
  Result<std::unique_ptr<storage::kv::Snapshot>> snapshot() override { return inner_->snapshot(); }
  Result<std::unique_ptr<storage::kv::Batch>> begin_batch() override { return inner_->begin_batch(); }
  Result<void> sync() override { return inner_->sync(); }
  std::uint64_t size_bytes() const override { return inner_->size_bytes(); }

 private:
  std::shared_ptr<storage::memory::Engine> inner_;
};

/// Users in memory, with cheap hashes and a clock that the test moves. Begins with neo4j / "first-password".
class TestUsers {
 public:
  TestUsers() {
    options_.cost = {1, 8, 1};
    options_.clock = [this] { return now; };
    open();
    must(users->create_first("first-password", false));
  }
  /// As after a restart of the server.
  void reopen() {
    users.reset();
    engine = engine->take_over();
    open();
  }
  Result<Login> log_in(std::string_view name, std::string_view password) {
    return users->log_in({.scheme = "basic", .principal = name, .credentials = password});
  }

  std::chrono::steady_clock::time_point now{};
  std::shared_ptr<storage::memory::Engine> engine = std::make_shared<storage::memory::Engine>();
  std::unique_ptr<Users> users;

 private:
  void open() { users = must(Users::open(must(storage::Store::open(std::make_unique<SharedEngine>(engine))), options_)); }
  Options options_;
};

}  // namespace packhouse::auth
