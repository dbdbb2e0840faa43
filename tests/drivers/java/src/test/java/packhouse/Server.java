package packhouse;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real binary on a free port. */
final class Server {
  final String uri;
  private final Process process;

  Server(Path data, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of(System.getenv("SERVER_BINARY"), "serve", "--data", data.toString(), "--bolt",
        "127.0.0.1:0", "--http", "off", "--log-level", "warn"));
    words.addAll(List.of(options));
    process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
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
