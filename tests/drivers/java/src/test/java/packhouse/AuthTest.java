package packhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.QueryConfig;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.exceptions.Neo4jException;

class AuthTest {
  private static final String PASSWORD = "first-password";
  private static final AuthToken ADMIN = AuthTokens.basic("neo4j", PASSWORD);
  @TempDir Path data;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server(data, "--auth", "--initial-password", PASSWORD);
  }

  @AfterEach
  void stop() throws Exception {
    assertEquals(0, server.stop());
  }

  private static String refusal(Driver driver, String query) {
    return assertThrows(Neo4jException.class, () -> driver.executableQuery(query).execute()).code();
  }

  @Test
  void onlyTheRightPasswordLogsIn() {
    try (Driver driver = GraphDatabase.driver(server.uri, ADMIN)) {
      driver.verifyConnectivity();
      assertTrue(driver.verifyAuthentication(ADMIN));
      assertFalse(driver.verifyAuthentication(AuthTokens.basic("neo4j", "wrong")));
    }
    for (AuthToken token : new AuthToken[] {AuthTokens.basic("neo4j", "wrong"), AuthTokens.basic("nobody", PASSWORD), AuthTokens.none()}) {
      try (Driver driver = GraphDatabase.driver(server.uri, token)) {
        assertEquals("Neo.ClientError.Security.Unauthorized", refusal(driver, "RETURN 1"));
      }
    }
  }

  @Test
  void aPasswordThatMustBeChanged() {
    try (Driver driver = GraphDatabase.driver(server.uri, ADMIN)) {
      driver.executableQuery("CREATE USER fresh SET PASSWORD 'fresh-password' CHANGE REQUIRED").execute();
    }
    try (Driver driver = GraphDatabase.driver(server.uri, AuthTokens.basic("fresh", "fresh-password"))) {
      assertEquals("Neo.ClientError.Security.CredentialsExpired", refusal(driver, "RETURN 1"));
      driver.executableQuery("ALTER CURRENT USER SET PASSWORD FROM 'fresh-password' TO 'changed-password'")
          .withConfig(QueryConfig.builder().withDatabase("system").build()).execute();
    }
    try (Driver driver = GraphDatabase.driver(server.uri, AuthTokens.basic("fresh", "changed-password"))) {
      driver.verifyConnectivity();
    }
  }

  @Test
  void rolesAndAnotherUserOnTheSameConnection() {
    try (Driver driver = GraphDatabase.driver(server.uri, ADMIN)) {
      driver.executableQuery("CREATE USER reader1 SET PASSWORD 'reader-password' CHANGE NOT REQUIRED").execute();
      driver.executableQuery("GRANT ROLE reader TO reader1").execute();
      AuthToken reader = AuthTokens.basic("reader1", "reader-password");
      for (int i = 0; i < 3; ++i) {  // the pool hands the same connection to both: LOGOFF, LOGON
        try (Session session = driver.session(Session.class, SessionConfig.defaultConfig(), reader)) {
          assertEquals("reader1", session.run("SHOW CURRENT USER YIELD user RETURN user").single().get(0).asString());
          assertEquals("Neo.ClientError.Security.Forbidden",
              assertThrows(Neo4jException.class, () -> session.run("CREATE (:No)").consume()).code());
        }
        driver.executableQuery("CREATE (:Yes)").execute();
      }
    }
  }
}
