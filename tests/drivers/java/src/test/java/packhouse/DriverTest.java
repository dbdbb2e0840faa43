package packhouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.exceptions.ClientException;

class DriverTest {
  @TempDir Path data;
  Server server;
  Driver driver;

  @BeforeEach
  void start() throws Exception {
    server = new Server(data);
    driver = GraphDatabase.driver(server.uri);
  }

  @AfterEach
  void stop() throws Exception {
    driver.close();
    assertEquals(0, server.stop());
  }

  Value one(String query, Map<String, Object> parameters) {
    return driver.executableQuery(query).withParameters(parameters).execute().records().get(0).get(0);
  }

  @Test
  void everyValueTypeBothWays() {
    List<Object> values = List.of(true, 1L, Long.MIN_VALUE, 1.5, "åß漢🎉", List.of(1L, "x"), Map.of("a", 1L), LocalDate.of(2024, 2, 29),
        LocalTime.of(12, 34, 56, 789), OffsetTime.parse("01:02:03.000000004+01:30"), LocalDateTime.of(1969, 12, 31, 23, 59, 59, 1),
        ZonedDateTime.parse("2024-06-01T12:00:00.000000005+02:00"), ZonedDateTime.parse("2024-06-01T12:00:00+02:00[Europe/Paris]"));
    for (Object value : values) assertEquals(value, one("RETURN $x", Map.of("x", value)).asObject());
    for (Value value : List.of(Values.isoDuration(14, 25, 18367, 8), Values.point(7203, 1, 2), Values.point(4979, 12.5, 55.7, 3))) {
      assertEquals(value, one("RETURN $x", Map.of("x", value)));
    }
    var node = one("CREATE (n:A:B {x: 1})-[:T]->() RETURN n", Map.of()).asNode();
    assertEquals(1, node.get("x").asInt());
    assertEquals(1, one("MATCH p = ()<-[:T]-() RETURN p", Map.of()).asPath().length());
  }

  @Test
  void loadKillAndReadBack() throws Exception {
    driver.executableQuery("CREATE CONSTRAINT user_id FOR (u:User) REQUIRE u.id IS UNIQUE").execute();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (long i = 0; i < 10_000; i++) rows.add(Map.of("id", i, "name", "user " + i));
    driver.executableQuery("UNWIND $rows AS r CREATE (:User {id: r.id, name: r.name})").withParameters(Map.of("rows", rows)).execute();
    for (long at = 0; at < 120_000; at += 20_000) {
      List<Map<String, Object>> edges = new ArrayList<>();
      for (long i = at; i < at + 20_000; i++) edges.add(Map.of("a", i % 10_000, "b", (i * 7919 + 1) % 10_000));
      driver.executableQuery("UNWIND $edges AS e MATCH (a:User {id: e.a}), (b:User {id: e.b}) CREATE (a)-[:KNOWS]->(b)")
          .withParameters(Map.of("edges", edges)).execute();
    }
    driver.close();
    server.kill();
    server = new Server(data);
    driver = GraphDatabase.driver(server.uri);
    assertEquals(120_000, one("MATCH ()-[k:KNOWS]->() RETURN count(k)", Map.of()).asInt());
  }

  @Test
  void rollbackAndErrorCodes() {
    try (var session = driver.session(); var tx = session.beginTransaction()) {
      tx.run("CREATE (:Gone)").consume();
      tx.rollback();
    }
    assertEquals(0, one("MATCH (n:Gone) RETURN count(n)", Map.of()).asInt());
    Map.of("RETRUN 1", "Neo.ClientError.Statement.SyntaxError", "RETURN $missing", "Neo.ClientError.Statement.ParameterMissing",
        "RETURN 1 / 0", "Neo.ClientError.Statement.ArithmeticError", "CALL no.such()", "Neo.ClientError.Procedure.ProcedureNotFound")
        .forEach((query, code) -> assertEquals(code,
            assertThrows(ClientException.class, () -> driver.executableQuery(query).execute()).code()));
  }

  @Test
  void aConflictIsRetriedAndACounterEndsExact() throws Exception {
    driver.executableQuery("CREATE (:Account {balance: 0}), (:Counter {n: 0})").execute();
    ExecutorService pool = Executors.newCachedThreadPool();
    List<Future<?>> work = new ArrayList<>();
    CyclicBarrier both = new CyclicBarrier(2);
    for (int i = 0; i < 2; i++) {
      work.add(pool.submit(() -> {
        AtomicBoolean met = new AtomicBoolean();
        try (var session = driver.session()) {
          session.executeWriteWithoutResult(tx -> {
            long balance = tx.run("MATCH (a:Account) RETURN a.balance").single().get(0).asLong();
            if (!met.getAndSet(true)) {
              try {
                both.await();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
            tx.run("MATCH (a:Account) SET a.balance = $b", Map.of("b", balance + 1)).consume();
          });
        }
      }));
    }
    for (int i = 0; i < 16; i++) {
      work.add(pool.submit(() -> {
        try (var session = driver.session()) {
          for (int j = 0; j < 20; j++) session.run("MATCH (c:Counter) SET c.n = c.n + 1").consume();
        }
      }));
    }
    for (Future<?> w : work) w.get();
    pool.shutdown();
    assertEquals(2, one("MATCH (a:Account) RETURN a.balance", Map.of()).asInt());
    assertEquals(320, one("MATCH (c:Counter) RETURN c.n", Map.of()).asInt());
  }

  @Test
  void streamsCancelsAndCarriesBytes() {
    try (var session = driver.session(SessionConfig.builder().withFetchSize(5000).build())) {
      long rows = 0;
      var result = session.run("UNWIND range(1, 1000000) AS x RETURN x");
      while (result.hasNext()) {
        result.next();
        rows++;
      }
      assertEquals(1_000_000, rows);
      result = session.run("UNWIND range(1, 100000000) AS x RETURN x");
      assertEquals(1, result.next().get(0).asInt());
      result.consume();
    }
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (i * 31);
    assertArrayEquals(bytes, one("RETURN $x", Map.of("x", bytes)).asByteArray());
  }
}
