package routes.backup.postgres.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import routes.jobs.RunContext;
import routes.kernel.DaemonThreads;
import routes.kernel.process.ChildProcess;
import routes.stores.postgres.PostgresAddress;

/**
 * Runs one of PostgreSQL's client programs. The password goes through a pass file of mode 0600,
 * never through argv or the environment; the child sees nothing of the hub's own environment. Only
 * exit code 0 is success: a dump that was killed has a proper beginning, too.
 */
public final class PgChild {

  /** Bytes of standard error that are kept, unless more are asked for. */
  private static final int MOST_SAID = 4_000;

  private final Path temp;
  private final RunContext run;
  private final Map<String, String> settings;

  /**
   * @param temp folder for the pass file, made with mode 0700 when missing
   */
  public PgChild(Path temp, RunContext run) {
    this(temp, run, Map.of());
  }

  /**
   * @param settings of the server for the program's sessions; names and values of letters, digits
   *     and {@code _}
   */
  public PgChild(Path temp, RunContext run, Map<String, String> settings) {
    this.temp = temp;
    this.run = run;
    this.settings = new TreeMap<>(settings);
  }

  public Path temp() {
    return temp;
  }

  /** A program ended with anything but 0; the message has its own words. */
  public static final class FailedException extends IOException {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }

  /** Takes what the program writes. */
  public interface Output {
    void from(InputStream out) throws IOException;
  }

  /**
   * @param command program and arguments, without those that say where to connect
   * @param output reads standard output to its end
   * @return what it wrote on standard error, without blanks around
   * @throws FailedException when it ends with anything but 0
   */
  public String run(List<String> command, PostgresAddress address, Output output)
      throws IOException, InterruptedException {
    return run(command, address, output, MOST_SAID);
  }

  /**
   * The same.
   *
   * @param mostSaid bytes of standard error that are kept
   */
  public String run(List<String> command, PostgresAddress address, Output output, int mostSaid)
      throws IOException, InterruptedException {
    Path passFile = passFile(address);
    try {
      Map<String, String> environment = new TreeMap<>();
      environment.put("PGPASSFILE", passFile.toString());
      environment.put("PGAPPNAME", "ml-security-hub " + Path.of(command.get(0)).getFileName());
      environment.put("PGCONNECT_TIMEOUT", "10");
      if (!settings.isEmpty()) {
        environment.put("PGOPTIONS", options());
      }
      sslMode(address, environment);
      Process process = ChildProcess.start(connecting(command, address), environment);
      String program = Path.of(command.get(0)).getFileName().toString();
      try (RunContext.Registration stop = run.onStop(program, () -> process.destroyForcibly())) {
        return await(program, process, output, mostSaid);
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.deleteIfExists(passFile);
    }
  }

  private static String await(String program, Process process, Output output, int mostSaid)
      throws IOException, InterruptedException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Thread errors =
        DaemonThreads.named(program + "-errors")
            .newThread(() -> collect(process.getErrorStream(), said, mostSaid));
    errors.start();
    IOException broken = null;
    try {
      output.from(process.getInputStream());
    } catch (IOException e) {
      broken = e;
      process.destroyForcibly();
    }
    int code = process.waitFor();
    errors.join(TimeUnit.SECONDS.toMillis(5));
    if (broken != null) {
      throw broken;
    }
    String words = said.toString(StandardCharsets.UTF_8).strip();
    if (code != 0) {
      throw new FailedException(
          program + " ended with " + code + (words.isEmpty() ? "" : ": " + words));
    }
    return words;
  }

  private static void collect(InputStream errors, ByteArrayOutputStream said, int mostSaid) {
    byte[] buffer = new byte[1024];
    try {
      for (int n = errors.read(buffer); n >= 0; n = errors.read(buffer)) {
        if (said.size() < mostSaid) {
          said.write(buffer, 0, Math.min(n, mostSaid - said.size()));
        }
      }
    } catch (IOException e) {
      said.writeBytes(
          ("(its messages broke off: " + e.getMessage() + ")").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<String> connecting(List<String> command, PostgresAddress address) {
    List<String> all = new ArrayList<>(command);
    all.add("--no-password");
    all.add("--host=" + address.host());
    all.add("--port=" + address.port());
    if (address.username() != null) {
      all.add("--username=" + address.username());
    }
    // As a connection string: a database may be called like an option, or hold a '='.
    String database = address.database().replace("\\", "\\\\").replace("'", "\\'");
    all.add("--dbname=dbname='" + database + "'");
    return all;
  }

  private String options() {
    List<String> options = new ArrayList<>();
    settings.forEach((name, value) -> options.add("-c " + name + "=" + value));
    return String.join(" ", options);
  }

  private static void sslMode(PostgresAddress address, Map<String, String> environment) {
    for (String part : address.query().split("&")) {
      if (part.startsWith("sslmode=")) {
        environment.put("PGSSLMODE", part.substring("sslmode=".length()));
      } else if (part.startsWith("sslrootcert=")) {
        environment.put("PGSSLROOTCERT", part.substring("sslrootcert=".length()));
      }
    }
  }

  private Path passFile(PostgresAddress address) throws IOException {
    Files.createDirectories(
        temp, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file =
        Files.createTempFile(
            temp,
            "pgpass",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String password = address.password() == null ? "" : address.password();
    Files.writeString(file, "*:*:*:*:" + password.replace("\\", "\\\\").replace(":", "\\:") + "\n");
    return file;
  }
}
