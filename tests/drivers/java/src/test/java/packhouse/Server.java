package packhouse;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;

/** The real binary on a free port. */
final class Server {
  final String uri;
  private final Process process;

  Server(Path data) throws Exception {
    process = new ProcessBuilder(System.getenv("SERVER_BINARY"), "serve", "--data", data.toString(), "--bolt", "127.0.0.1:0",
        "--http", "off", "--log-level", "warn").redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
    if (line == null || !line.startsWith("ready bolt://")) throw new IllegalStateException("the server did not start: " + line);
    uri = line.split(" ")[1];
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }
}
