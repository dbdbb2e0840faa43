#include "support.hpp"
#include "tests/handlers/conversation.hpp"

#include "cypher/procedures/users.hpp"

using namespace packhouse;
using namespace packhouse::auth;
using protocol::Tag;

namespace {

constexpr const char* right = "{scheme: 'basic', principal: 'neo4j', credentials: 'first-password'}";

/// A client on a server with users, not logged in yet. (The harness itself logs in without them.)
struct Client {
  explicit Client(protocol::Version version = {5, 4}) : conversation(house, version) {
    cypher::add_user_tables(house.engine.procedures());
    house.context.users = t.users.get();
    REQUIRE(conversation.send(Tag::logoff) == "SUCCESS {}");
  }
  std::string logon(const std::string& token) { return conversation.send(Tag::logon, token); }
  std::string run(std::string_view query, std::string_view extra = "{}") {
    const std::string answer = conversation.run(query, "{}", extra);
    return answer.starts_with("SUCCESS") ? conversation.pull() : answer;
  }
  /// What a new transaction of neo4j sees.
  std::size_t users() const { return t.users->begin("neo4j", true)->users().size(); }

  TestUsers t;
  tests::House house;
  tests::Conversation conversation;
};

}  // namespace

TEST_CASE("LOGON with the right password, and again after LOGOFF") {
  Client c;
  CHECK(c.logon(right) == "SUCCESS {}");
  CHECK(c.run("RETURN 1").find("RECORD [1]") == 0);
  CHECK(c.conversation.send(Tag::logoff) == "SUCCESS {}");
  CHECK(c.logon(right) == "SUCCESS {}");
  CHECK(c.run("SHOW CURRENT USER").find("RECORD ['neo4j', ['admin'], false, false, null]") == 0);
  CHECK(c.conversation.send(Tag::reset) == "SUCCESS {}");
  CHECK(c.run("RETURN 1").find("RECORD [1]") == 0);  // RESET logs nobody off
}

TEST_CASE("a failed LOGON ends the connection, and nothing behind it is answered") {
  for (const char* token : {"{}", "{scheme: 'none'}", "{scheme: 'basic', principal: 'neo4j', credentials: 'wrong'}",
                            "{scheme: 'basic', principal: 'nobody', credentials: 'first-password'}",
                            "{scheme: 'bearer', credentials: 'first-password'}", "{scheme: 'basic', principal: 'neo4j', credentials: 1}"}) {
    const std::string shown = token;
    CAPTURE(shown);
    Client c;
    CHECK(c.conversation.send_all({{Tag::logon, token}, {Tag::run, "'RETURN 1' {} {}"}}) == "FAILURE Neo.ClientError.Security.Unauthorized");
    CHECK(c.conversation.connection().defunct());
  }
}

TEST_CASE("the password is checked in a second step, which may be on another thread") {
  Client c;
  c.conversation.post(Tag::logon, right);
  CHECK(c.conversation.step());        // under way
  CHECK_FALSE(c.conversation.step());  // done
  CHECK(c.conversation.take() == "SUCCESS {}");
  CHECK(c.conversation.send(Tag::logoff) == "SUCCESS {}");
  c.conversation.post(Tag::logon, right);
  CHECK_FALSE(c.conversation.step());  // known by now
  CHECK(c.conversation.take() == "SUCCESS {}");
}

TEST_CASE("large requests behind LOGOFF and LOGON are taken while the password is checked") {
  Client c;
  CHECK(c.logon(right) == "SUCCESS {}");
  CHECK(c.conversation.send(Tag::logoff) == "SUCCESS {}");
  c.t.reopen();  // the password isn't known any more
  c.house.context.users = c.t.users.get();
  c.conversation.post(Tag::logon, right);
  REQUIRE(c.conversation.step());
  const std::string large(100'000, 'x');
  c.conversation.post(Tag::run, "'RETURN size($s)' {s: '" + large + "'} {}");
  CHECK_FALSE(c.conversation.step());
  CHECK(c.conversation.take() == "SUCCESS {}");
  CHECK(c.conversation.pull().find("FAILURE") == std::string::npos);
}

TEST_CASE("an expired password allows its own change only") {
  Client c;
  CHECK(c.logon(right) == "SUCCESS {}");
  c.run("CREATE USER ada SET PASSWORD \"ada-password\"");
  c.run("GRANT ROLE reader TO ada");
  c.conversation.send(Tag::logoff);
  CHECK(c.logon("{scheme: 'basic', principal: 'ada', credentials: 'ada-password'}") == "SUCCESS {credentials_expired: true}");
  CHECK(c.run("RETURN 1") == "FAILURE Neo.ClientError.Security.CredentialsExpired");
  CHECK(c.conversation.send(Tag::reset) == "SUCCESS {}");
  CHECK(c.conversation.send(Tag::begin, "{db: 'system'}") == "SUCCESS {}");
  const std::string changed = c.run("ALTER CURRENT USER SET PASSWORD FROM \"ada-password\" TO \"other-password\"");
  CHECK(changed.find("SUCCESS") == 0);
  CAPTURE(changed);
  CHECK(changed.find("`system-updates`: 1") != std::string::npos);
  CHECK(c.conversation.send(Tag::commit).find("SUCCESS") == 0);
  CHECK(c.run("RETURN 1").find("RECORD [1]") == 0);
}

TEST_CASE("changes of users belong to their transaction") {
  Client c;
  CHECK(c.logon(right) == "SUCCESS {}");
  c.conversation.send(Tag::begin, "{}");
  CHECK(c.run("CREATE USER ada SET PASSWORD \"ada-password\"").find("SUCCESS") == 0);
  CHECK(c.run("SHOW USERS YIELD user WHERE user = \"ada\"").find("RECORD ['ada']") == 0);
  CHECK(c.users() == 1);
  CHECK(c.conversation.send(Tag::rollback) == "SUCCESS {}");
  CHECK(c.users() == 1);
  c.conversation.send(Tag::begin, "{}");
  c.conversation.run("CREATE USER ada SET PASSWORD \"ada-password\"");  // COMMIT without PULL
  CHECK(c.conversation.send(Tag::commit).find("SUCCESS") == 0);
  CHECK(c.users() == 2);
  CHECK(c.run("CREATE USER bob SET PASSWORD \"bob-password\"", "{mode: 'r'}") == "FAILURE Neo.ClientError.Statement.AccessMode");
  CHECK(c.users() == 2);
}

TEST_CASE("users and data are not changed in the same transaction") {
  for (const bool users_first : {true, false}) {
    Client c;
    c.logon(right);
    c.conversation.send(Tag::begin, "{}");
    const char* const statements[] = {"CREATE USER ada SET PASSWORD \"ada-password\"", "CREATE (:A)"};
    CHECK(c.run(statements[users_first ? 0 : 1]).find("SUCCESS") == 0);
    CHECK(c.run(statements[users_first ? 1 : 0]) == "FAILURE Neo.ClientError.Transaction.ForbiddenDueToTransactionType");
    CHECK(c.users() == 1);
  }
}

TEST_CASE("roles are enforced on a live connection, and what fails leaves nothing") {
  Client c;
  c.logon(right);
  c.run("CREATE USER ada SET PASSWORD \"ada-password\" CHANGE NOT REQUIRED");
  c.run("GRANT ROLE reader TO ada");
  c.conversation.send(Tag::logoff);
  CHECK(c.logon("{scheme: 'basic', principal: 'ada', credentials: 'ada-password'}") == "SUCCESS {}");
  CHECK(c.run("CREATE (:A)") == "FAILURE Neo.ClientError.Security.Forbidden");
  CHECK(c.conversation.send(Tag::reset) == "SUCCESS {}");
  CHECK(c.run("MATCH (n) RETURN count(n)").find("RECORD [0]") == 0);
  const auto admin = c.t.users->begin("neo4j", false);
  must(admin->run({"ALTER USER", std::array{MapEntry{"name", Value::string("ada")}, MapEntry{"status", Value::string("SUSPENDED")}}}));
  must(admin->commit());
  CHECK(c.run("RETURN 1") == "FAILURE Neo.ClientError.Security.AuthorizationExpired");
}
