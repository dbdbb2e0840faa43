#include <atomic>
#include <thread>
#include <vector>

#include "support.hpp"

using namespace packhouse;
using namespace packhouse::auth;
using namespace std::chrono_literals;
using cypher::Privilege;

TEST_CASE("who may log in") {
  TestUsers t;
  const Login login = must(t.log_in("neo4j", "first-password"));
  CHECK(login.user == "neo4j");
  CHECK_FALSE(login.password_expired);
  CHECK(outcome(t.log_in("neo4j", "wrong")) == "Unauthorized");
  CHECK(outcome(t.log_in("Neo4j", "first-password")) == "Unauthorized");
  CHECK(outcome(t.log_in("", "")) == "Unauthorized");
  CHECK(outcome(t.log_in("nobody", "first-password")) == "Unauthorized");
}

TEST_CASE("tokens that are none are refused, right password or not") {
  TestUsers t;
  const Token tokens[] = {
      {},
      {.scheme = "none"},
      {.scheme = "bearer", .credentials = "first-password"},
      {.scheme = "none", .principal = "neo4j", .credentials = "first-password"},
      {.scheme = "Basic", .principal = "neo4j", .credentials = "first-password"},
      {.principal = "neo4j", .credentials = "first-password"},
      {.scheme = "basic", .credentials = "first-password"},
      {.scheme = "basic", .principal = "neo4j"},
  };
  must(t.log_in("neo4j", "first-password"));
  for (const Token& token : tokens) {
    CHECK(outcome(t.users->log_in(token)) == "Unauthorized");
    CHECK_FALSE(t.users->recognise(token));
  }
}

TEST_CASE("a password that was right is recognised at once, until it changes") {
  TestUsers t;
  const Token token{.scheme = "basic", .principal = "neo4j", .credentials = "first-password"};
  CHECK_FALSE(t.users->recognise(token));
  must(t.users->log_in(token));
  REQUIRE(t.users->recognise(token));
  CHECK(t.users->recognise(token)->user == "neo4j");
  CHECK_FALSE(t.users->recognise({.scheme = "basic", .principal = "neo4j", .credentials = "first-passwore"}));
  const auto admin = t.users->begin("neo4j", false);
  const MapEntry change[] = {{"old_password", Value::string("first-password")}, {"password", Value::string("other-password")}};
  CHECK(must(admin->run({"ALTER CURRENT USER", change})) == 1);
  CHECK(t.users->recognise(token));  // not committed yet
  must(admin->commit());
  CHECK_FALSE(t.users->recognise(token));
  CHECK(outcome(t.users->log_in(token)) == "Unauthorized");
  CHECK(outcome(t.log_in("neo4j", "other-password")) == "ok");
}

TEST_CASE("failures in a row lock the name, also for the right password, also when it is recognised") {
  TestUsers t;
  const Token right{.scheme = "basic", .principal = "neo4j", .credentials = "first-password"};
  must(t.users->log_in(right));
  for (int i = 0; i < 3; ++i) CHECK(outcome(t.log_in("neo4j", "wrong")) == "Unauthorized");
  CHECK(outcome(t.log_in("neo4j", "wrong")) == "AuthenticationRateLimit");
  CHECK(outcome(t.users->log_in(right)) == "AuthenticationRateLimit");
  CHECK_FALSE(t.users->recognise(right));
  t.now += 5s;
  CHECK(t.users->recognise(right));
  CHECK(outcome(t.users->log_in(right)) == "ok");
  for (int i = 0; i < 3; ++i) CHECK(outcome(t.log_in("nobody", "wrong")) == "Unauthorized");
  CHECK(outcome(t.log_in("nobody", "wrong")) == "AuthenticationRateLimit");
}

TEST_CASE("guesses that come at once don't get more tries") {
  TestUsers t;
  std::atomic<int> unauthorized{0}, limited{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 5; ++k) {
        const auto result = t.users->log_in({.scheme = "basic", .principal = "neo4j", .credentials = "guess"});
        if (!result) ++(result.error().status() == Status::unauthorized ? unauthorized : limited);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(unauthorized == 3);
  CHECK(limited == 37);
}

TEST_CASE("the first password may have to be changed before anything else") {
  auto engine = std::make_shared<storage::memory::Engine>();
  Options options;
  options.cost = {1, 8, 1};
  const auto users = must(Users::open(must(storage::Store::open(std::make_unique<SharedEngine>(engine))), options));
  CHECK(users->empty());
  CHECK(outcome(users->create_first("short", true)) == "InvalidArguments");
  CHECK(users->empty());
  must(users->create_first("long enough", true));
  CHECK(must(users->log_in({.scheme = "basic", .principal = "neo4j", .credentials = "long enough"})).password_expired);
  CHECK(outcome(users->check("neo4j", Privilege::own_password)) == "ok");
  for (const Privilege p : {Privilege::own_account, Privilege::read, Privilege::administration}) {
    CHECK(outcome(users->check("neo4j", p)) == "CredentialsExpired");
  }
}

TEST_CASE("users and roles survive a restart") {
  TestUsers t;
  const auto admin = t.users->begin("neo4j", false);
  const MapEntry create[] = {{"name", Value::string("ada")}, {"password", Value::string("ada-password")}};
  must(admin->run({"CREATE USER", create}));
  const Value roles[] = {Value::string("reader"), Value::string("editor")}, names[] = {Value::string("ada")};
  const MapEntry grant[] = {{"roles", Value::list(roles)}, {"users", Value::list(names)}};
  CHECK(must(admin->run({"GRANT ROLES", grant})) == 2);
  must(admin->commit());
  t.reopen();
  CHECK(must(t.log_in("ada", "ada-password")).password_expired);
  const auto all = t.users->begin("neo4j", true)->users();
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "ada");
  CHECK(all[0].roles == std::vector<std::string>{"editor", "reader"});
  CHECK(all[0].password_change_required);
  CHECK(all[1].name == "neo4j");
  CHECK(all[1].roles == std::vector<std::string>{"admin"});
}

TEST_CASE("a change that the disk refuses is not made") {
  TestUsers t;
  const auto admin = t.users->begin("neo4j", false);
  const MapEntry create[] = {{"name", Value::string("ada")}, {"password", Value::string("ada-password")}};
  must(admin->run({"CREATE USER", create}));
  t.engine->fail_after(1, true);
  CHECK_FALSE(admin->commit().has_value());
  CHECK(outcome(t.log_in("ada", "ada-password")) == "Unauthorized");
  CHECK(outcome(t.log_in("neo4j", "first-password")) == "ok");
  t.engine->heal();
  t.reopen();
  CHECK(t.users->begin("neo4j", true)->users().size() == 1);
}

TEST_CASE("who has gone or was suspended must log in again") {
  TestUsers t;
  CHECK(outcome(t.users->check("nobody", Privilege::read)) == "AuthorizationExpired");
}

TEST_CASE("of two transactions that change the same user one has to do it again") {
  TestUsers t;
  const auto one = t.users->begin("neo4j", false), two = t.users->begin("neo4j", false), other = t.users->begin("neo4j", false);
  const MapEntry ada[] = {{"name", Value::string("ada")}, {"password", Value::string("ada-password")}};
  const MapEntry bob[] = {{"name", Value::string("bob")}, {"password", Value::string("bob-password")}};
  must(one->run({"CREATE USER", ada}));
  must(two->run({"CREATE USER", ada}));
  must(other->run({"CREATE USER", bob}));
  must(one->commit());
  CHECK(two->commit().error().status() == Status::conflict);
  must(other->commit());
  CHECK(t.users->begin("neo4j", true)->users().size() == 3);
}
