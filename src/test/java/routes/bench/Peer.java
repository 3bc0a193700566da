package routes.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import routes.devservices.PostgresServer;

/** What people use today: PostgreSQL's own programs in a shell. */
final class Peer {

  private final PostgresServer server;
  private final Path folder;
  private final Path passFile;

  Peer(PostgresServer server, Path folder) throws IOException {
    this.server = server;
    this.folder = folder;
    passFile =
        Files.createFile(
            folder.resolve("pgpass"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passFile, "*:*:*:*:" + server.password() + "\n");
  }

  /**
   * Runs a line of bash to its end.
   *
   * @return seconds it took
   * @throws IllegalStateException with what it said, when it ends with anything but 0
   */
  double seconds(String line) throws IOException, InterruptedException {
    String[] address = server.address().split(":");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-o", "pipefail", "-c", line)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PGPASSFILE", passFile.toString());
    builder.environment().put("PGHOST", address[0]);
    builder.environment().put("PGPORT", address[1]);
    builder.environment().put("PGUSER", server.username());
    long began = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    double seconds = (System.nanoTime() - began) / 1e9;
    if (code != 0) {
      throw new IllegalStateException(line + " ended with " + code + ": " + said);
    }
    return seconds;
  }
}
