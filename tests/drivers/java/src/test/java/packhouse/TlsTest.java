package packhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.exceptions.Neo4jException;

class TlsTest {
  @Test
  void everySchemeWhereTlsIsRequired(@TempDir Path data) throws Exception {
    Path folder = Path.of(System.getenv("TLS_FOLDER"));
    Server server = new Server(data, "--tls", "required", "--tls-certificate", folder.resolve("server.pem").toString(), "--tls-key",
        folder.resolve("server.key").toString());
    for (String scheme : new String[] {"bolt+ssc", "neo4j+ssc"}) {
      try (Driver driver = GraphDatabase.driver(server.uri.replace("bolt", scheme))) {
        assertEquals(1, driver.executableQuery("RETURN 1").execute().records().get(0).get(0).asInt());
      }
    }
    Config trusting = Config.builder().withEncryption()
        .withTrustStrategy(Config.TrustStrategy.trustCustomCertificateSignedBy(folder.resolve("ca.pem").toFile())).build();
    try (Driver driver = GraphDatabase.driver(server.uri, trusting)) {
      assertEquals(1, driver.executableQuery("RETURN 1").execute().records().get(0).get(0).asInt());
    }
    for (String scheme : new String[] {"bolt+s", "bolt"}) {  // the machine's authorities know nothing of ours; then, without TLS
      try (Driver driver = GraphDatabase.driver(server.uri.replace("bolt", scheme))) {
        assertThrows(Neo4jException.class, driver::verifyConnectivity);
      }
    }
    assertEquals(0, server.stop());
  }
}
