#include "cypher/engine.hpp"
#include "cypher/procedures/users.hpp"
#include "support.hpp"
#include "value/print.hpp"

using namespace packhouse;
using namespace packhouse::auth;

namespace {

/// Runs statements as a user would, each in its own transaction.
class Shell {
 public:
  Shell() { cypher::add_user_tables(engine.procedures()); }

  /// Rows as text, "changed n" for a command, or the last part of the error's code and its message.
  std::string run(std::string_view text, std::string_view user = "neo4j", const Value& parameters = {}) {
    auto result = execute(text, user, parameters);
    if (result) return *result;
    return outcome(result) + ": " + result.error().message();
  }

  TestUsers t;
  std::unique_ptr<storage::Store> store = must(storage::Store::open(std::make_unique<storage::memory::Engine>()));
  cypher::Engine engine{*store};

 private:
  Result<std::string> execute(std::string_view text, std::string_view user, const Value& parameters) {
    PACKHOUSE_TRY(const auto tx, store->begin(storage::AccessMode::write));
    const auto administration = t.users->begin(std::string(user), false);
    cypher::RunOptions options;
    options.administration = administration.get();
    options.user = user;
    PACKHOUSE_TRY(const auto run, engine.run(*tx, text, parameters, options));
    PACKHOUSE_CHECK(t.users->check(user, run->privilege()));
    std::string out;
    for (;;) {
      PACKHOUSE_TRY(const auto state, run->advance());
      if (state == cypher::Run::State::done) break;
      if (state != cypher::Run::State::rows) continue;
      for (cypher::RowIndex r = 0; r < run->batch().size(); ++r) {
        for (std::size_t c = 0; c < run->columns().size(); ++c) {
          out += (c == 0 ? "" : " ") + print(run->batch().column(run->column_slot(c))[run->batch().row(r)]);
        }
        out += ";";
      }
    }
    if (administration->changed()) PACKHOUSE_CHECK(administration->commit());
    if (run->columns().empty()) out = "changed " + std::to_string(run->system_updates());
    return out;
  }
};

bool begins(const std::string& text, std::string_view head) { return text.starts_with(head); }

}  // namespace

TEST_CASE("CREATE USER") {
  Shell shell;
  CHECK(shell.run("CREATE USER ada SET PASSWORD 'ada-password' CHANGE NOT REQUIRED") == "changed 1");
  CHECK(outcome(shell.t.log_in("ada", "ada-password")) == "ok");
  CHECK(shell.run("CREATE USER ada SET PASSWORD 'ada-password'") ==
        "InvalidArguments: Failed to create the specified user 'ada': User already exists.");
  CHECK(shell.run("CREATE USER ada IF NOT EXISTS SET PASSWORD 'other-password'") == "changed 0");
  CHECK(outcome(shell.t.log_in("ada", "ada-password")) == "ok");
  CHECK(shell.run("CREATE OR REPLACE USER ada SET PASSWORD 'other-password'") == "changed 1");
  CHECK(must(shell.t.log_in("ada", "other-password")).password_expired);
  CHECK(begins(shell.run("CREATE USER bob"), "SyntaxError"));
  CHECK(begins(shell.run("CREATE USER bob SET PASSWORD 'short'"), "InvalidArguments: A password must be at least 8"));
  CHECK(begins(shell.run("CREATE USER bob SET PASSWORD ''"), "InvalidArguments: A password cannot be empty"));
  CHECK(begins(shell.run("CREATE USER `b:b` SET PASSWORD 'long enough'"), "InvalidArguments: Username"));
  const MapEntry empty[] = {{"name", Value::string("")}};
  CHECK(begins(shell.run("CREATE USER $name SET PASSWORD 'long enough'", "neo4j", Value::map(empty)), "InvalidArguments"));
  CHECK(begins(shell.run("CREATE USER bob SET PASSWORD 'long enough' SET HOME DATABASE x"), "UnsupportedAdministrationCommand"));
}

TEST_CASE("names and passwords may be parameters") {
  Shell shell;
  const MapEntry entries[] = {{"name", Value::string("a-b")}, {"password", Value::string("long enough")}, {"n", Value::integer(1)}};
  const Value parameters = Value::map(entries);
  CHECK(shell.run("CREATE USER $name SET PASSWORD $password CHANGE NOT REQUIRED", "neo4j", parameters) == "changed 1");
  CHECK(outcome(shell.t.log_in("a-b", "long enough")) == "ok");
  CHECK(begins(shell.run("CREATE USER $n SET PASSWORD $password", "neo4j", parameters), "ArgumentError"));
  CHECK(begins(shell.run("CREATE USER x SET PASSWORD $n", "neo4j", parameters), "ArgumentError"));
  CHECK(begins(shell.run("CREATE USER x SET PASSWORD $missing", "neo4j", parameters), "ParameterMissing"));
}

TEST_CASE("ALTER USER, RENAME USER and DROP USER") {
  Shell shell;
  shell.run("CREATE USER ada SET PASSWORD 'ada-password' CHANGE NOT REQUIRED");
  CHECK(shell.run("ALTER USER ada SET PASSWORD CHANGE REQUIRED") == "changed 1");
  CHECK(must(shell.t.log_in("ada", "ada-password")).password_expired);
  CHECK(shell.run("ALTER USER ada SET PASSWORD 'new-password' CHANGE NOT REQUIRED SET STATUS SUSPENDED") == "changed 1");
  CHECK(outcome(shell.t.log_in("ada", "new-password")) == "Unauthorized");
  CHECK(outcome(shell.t.users->check("ada", cypher::Privilege::own_account)) == "AuthorizationExpired");
  CHECK(shell.run("ALTER USER ada SET STATUS ACTIVE") == "changed 1");
  CHECK(outcome(shell.t.log_in("ada", "new-password")) == "ok");
  CHECK(shell.run("RENAME USER ada TO eve") == "changed 1");
  CHECK(outcome(shell.t.log_in("ada", "new-password")) == "Unauthorized");
  CHECK(outcome(shell.t.log_in("eve", "new-password")) == "ok");
  CHECK(begins(shell.run("RENAME USER eve TO neo4j"), "InvalidArguments"));
  CHECK(shell.run("DROP USER eve") == "changed 1");
  CHECK(outcome(shell.t.log_in("eve", "new-password")) == "Unauthorized");
  CHECK(shell.run("DROP USER eve") == "InvalidArguments: Failed to delete the specified user 'eve': User does not exist.");
  CHECK(shell.run("DROP USER eve IF EXISTS") == "changed 0");
  CHECK(shell.run("ALTER USER eve IF EXISTS SET STATUS ACTIVE") == "changed 0");
  CHECK(begins(shell.run("ALTER USER eve SET STATUS ACTIVE"), "InvalidArguments"));
  CHECK(begins(shell.run("RENAME USER eve TO zoe"), "InvalidArguments"));
}

TEST_CASE("ALTER CURRENT USER") {
  Shell shell;
  shell.run("CREATE USER ada SET PASSWORD 'ada-password'");
  CHECK(begins(shell.run("RETURN 1", "ada"), "CredentialsExpired"));
  CHECK(begins(shell.run("SHOW CURRENT USER", "ada"), "CredentialsExpired"));
  CHECK(begins(shell.run("ALTER CURRENT USER SET PASSWORD FROM 'wrong' TO 'new-password'", "ada"), "InvalidArguments"));
  CHECK(begins(shell.run("ALTER CURRENT USER SET PASSWORD FROM 'ada-password' TO 'ada-password'", "ada"), "InvalidArguments"));
  CHECK(begins(shell.run("ALTER CURRENT USER SET PASSWORD FROM 'ada-password' TO 'new'", "ada"), "InvalidArguments"));
  CHECK(shell.run("ALTER CURRENT USER SET PASSWORD FROM 'ada-password' TO 'new-password'", "ada") == "changed 1");
  CHECK_FALSE(must(shell.t.log_in("ada", "new-password")).password_expired);
  CHECK(shell.run("SHOW CURRENT USER", "ada") == "'ada' [] false false null;");
}

TEST_CASE("roles: what each may do, and that changes count at once") {
  Shell shell;
  shell.run("CREATE USER ada SET PASSWORD 'ada-password' CHANGE NOT REQUIRED");
  struct Row {
    const char* statement;
    bool nobody, reader, editor, admin;
  };
  const Row rows[] = {
      {"SHOW CURRENT USER", true, true, true, true},
      {"SHOW CURRENT USER YIELD user RETURN user, EXISTS { MATCH (n) }", false, true, true, true},
      {"RETURN 1", false, true, true, true},
      {"MATCH (n) RETURN n", false, true, true, true},
      {"CALL db.labels()", false, true, true, true},
      {"SHOW INDEXES", false, true, true, true},
      {"EXPLAIN CREATE (n)", false, true, true, true},
      {"CREATE (n)", false, false, true, true},
      {"MATCH (n) SET n.x = 1 RETURN n", false, false, true, true},
      {"MATCH (n) DETACH DELETE n", false, false, true, true},
      {"CREATE INDEX i IF NOT EXISTS FOR (n:A) ON (n.x)", false, false, false, true},
      {"DROP INDEX i IF EXISTS", false, false, false, true},
      {"SHOW USERS", false, false, false, true},
      {"SHOW ROLES", false, false, false, true},
      {"CREATE OR REPLACE USER tmp SET PASSWORD 'long enough'", false, false, false, true},
      {"DROP USER tmp IF EXISTS", false, false, false, true},
      {"GRANT ROLE reader TO ada", false, false, false, true},
  };
  const auto allowed = [&](const char* role, bool Row::*member) {
    for (const char* r : {"reader", "editor", "admin"}) shell.run(std::string("REVOKE ROLE ") + r + " FROM ada");
    if (role) REQUIRE(shell.run(std::string("GRANT ROLE ") + role + " TO ada") == "changed 1");
    for (const Row& row : rows) {
      const std::string as = role ? role : "nobody", statement = row.statement;
      CAPTURE(as);
      CAPTURE(statement);
      const std::string answer = shell.run(row.statement, "ada");
      CAPTURE(answer);
      CHECK(begins(answer, "Forbidden") == !(row.*member));
      if (row.*member) CHECK(answer.find(": ") == std::string::npos);
    }
  };
  allowed(nullptr, &Row::nobody);
  allowed("reader", &Row::reader);
  allowed("editor", &Row::editor);
  allowed("admin", &Row::admin);
}

TEST_CASE("GRANT and REVOKE of several roles and users") {
  Shell shell;
  for (const char* name : {"ada", "bob"}) shell.run(std::string("CREATE USER ") + name + " SET PASSWORD 'long enough'");
  CHECK(shell.run("GRANT ROLES reader, editor TO ada, bob") == "changed 4");
  CHECK(shell.run("GRANT ROLE reader TO ada") == "changed 0");
  CHECK(shell.run("REVOKE ROLES editor, admin FROM ada, bob") == "changed 2");
  CHECK(shell.run("SHOW USERS YIELD user, roles WHERE user <> 'neo4j'") == "'ada' ['reader'];'bob' ['reader'];");
  CHECK(shell.run("SHOW USERS YIELD user WHERE user = 'neo4j' RETURN count(*) AS n") == "1;");
  CHECK(shell.run("SHOW ROLES") == "'admin';'editor';'reader';");
  CHECK(shell.run("GRANT ROLE king TO ada") == "InvalidArguments: Failed to grant role 'king' to user 'ada': Role does not exist.");
  CHECK(shell.run("GRANT ROLE reader TO eve") == "InvalidArguments: Failed to grant role 'reader' to user 'eve': User does not exist.");
  CHECK(begins(shell.run("GRANT ROLE reader FROM ada"), "SyntaxError"));
}

TEST_CASE("nobody can lock everybody out") {
  Shell shell;
  CHECK(begins(shell.run("DROP USER neo4j"), "InvalidArguments: Failed to delete the specified user 'neo4j': Deleting yourself"));
  CHECK(begins(shell.run("ALTER USER neo4j SET STATUS SUSPENDED"), "InvalidArguments"));
  CHECK(begins(shell.run("CREATE OR REPLACE USER neo4j SET PASSWORD 'long enough'"), "InvalidArguments"));
  CHECK(begins(shell.run("REVOKE ROLE admin FROM neo4j"), "InvalidArguments: There must be"));
  shell.run("CREATE USER ada SET PASSWORD 'long enough' CHANGE NOT REQUIRED");
  shell.run("GRANT ROLE admin TO ada");
  CHECK(shell.run("REVOKE ROLE admin FROM neo4j") == "changed 1");
  CHECK(begins(shell.run("SHOW USERS"), "Forbidden: Managing users is not allowed for user 'neo4j' with roles []"));
  CHECK(shell.run("DROP USER neo4j", "ada") == "changed 1");
}

TEST_CASE("commands that are not offered say so") {
  Shell shell;
  for (const char* text : {"CREATE DATABASE x", "GRANT READ {*} ON GRAPH * TO reader", "CREATE ROLE x", "GRANT ROLE MANAGEMENT ON DBMS TO reader",
                           "SHOW PRIVILEGES", "REVOKE ACCESS ON DATABASE * FROM reader"}) {
    const std::string statement = text;
    CAPTURE(statement);
    CHECK(begins(shell.run(text), "UnsupportedAdministrationCommand: Unsupported administration command: "));
  }
}

TEST_CASE("EXPLAIN changes nothing; reading transactions may not change users; without users commands are refused") {
  Shell shell;
  CHECK(shell.run("EXPLAIN CREATE USER ada SET PASSWORD 'long enough'") == "changed 0");
  CHECK(shell.t.users->begin("neo4j", true)->users().size() == 1);
  const MapEntry create[] = {{"name", Value::string("ada")}, {"password", Value::string("long enough")}};
  CHECK(outcome(shell.t.users->begin("neo4j", true)->run({"CREATE USER", create})) == "AccessMode");
  const auto tx = must(shell.store->begin(storage::AccessMode::write));
  CHECK(outcome(shell.engine.run(*tx, "CREATE USER ada SET PASSWORD 'long enough'", Value())) == "UnsupportedAdministrationCommand");
}
