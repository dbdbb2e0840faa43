#include "auth/login_guard.hpp"

#include "support.hpp"

using namespace packhouse::auth;
using namespace std::chrono_literals;

namespace {
struct Guarded {
  std::chrono::steady_clock::time_point now{};
  LoginGuard guard{3, 5s, [this] { return now; }};
};
}  // namespace

TEST_CASE("three failures in a row lock a name for the time set") {
  Guarded g;
  for (int i = 0; i < 3; ++i) {
    CHECK(g.guard.permitted("ada"));
    g.guard.failed("ada");
  }
  CHECK_FALSE(g.guard.permitted("ada"));
  CHECK(g.guard.permitted("bob"));
  g.now += 4999ms;
  CHECK_FALSE(g.guard.permitted("ada"));
  g.now += 1ms;
  CHECK(g.guard.permitted("ada"));
}

TEST_CASE("after the lock one attempt is let through, and failing locks again") {
  Guarded g;
  for (int i = 0; i < 3; ++i) g.guard.failed("ada");
  g.now += 5s;
  CHECK(g.guard.permitted("ada"));
  g.guard.failed("ada");
  CHECK_FALSE(g.guard.permitted("ada"));
  g.now += 5s;
  g.guard.succeeded("ada");
  g.guard.failed("ada");
  CHECK(g.guard.permitted("ada"));
}

TEST_CASE("a success begins the count anew") {
  Guarded g;
  for (int round = 0; round < 10; ++round) {
    g.guard.failed("ada");
    g.guard.failed("ada");
    CHECK(g.guard.permitted("ada"));
    g.guard.succeeded("ada");
  }
}

TEST_CASE("0 means no limit") {
  LoginGuard guard(0, 5s, [] { return std::chrono::steady_clock::time_point{}; });
  for (int i = 0; i < 100; ++i) guard.failed("ada");
  CHECK(guard.permitted("ada"));
}

TEST_CASE("a flood of names neither fills the memory nor frees a name that was locked last") {
  Guarded g;
  for (int i = 0; i < 10'050; ++i) {
    g.now += 1us;
    for (int k = 0; k < 3; ++k) g.guard.failed("name" + std::to_string(i));
  }
  CHECK_FALSE(g.guard.permitted("name10049"));
  CHECK(g.guard.permitted("name0"));  // forgotten
}
