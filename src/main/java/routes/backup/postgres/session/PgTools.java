package routes.backup.postgres.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import routes.kernel.errors.PermanentException;
import routes.kernel.process.ChildProcess;

/**
 * Where PostgreSQL's own client programs are. {@code pg_dump} refuses servers newer than itself, so
 * the one with the smallest sufficient major version is taken.
 *
 * @param folder that holds {@code pg_dump}, {@code pg_dumpall} and {@code pg_restore}
 * @param version as {@code pg_dump --version} says, such as {@code 15.18}
 */
public record PgTools(Path folder, String version) {

  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)(\\.\\d+|\\S+)?");
  private static final List<String> HOMES =
      List.of("/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt", "/usr");

  public Path program(String name) {
    return folder.resolve(name);
  }

  int major() {
    return Integer.parseInt(version.replaceFirst("\\D.*", ""));
  }

  /**
   * @param configured the folder of {@code hub.backup.pg-bin}, or null to look for one
   * @param serverMajor the server's major version
   * @throws PermanentException naming what to install when there is none for this server
   */
  public static PgTools forServer(Path configured, int serverMajor) {
    List<PgTools> found = configured == null ? installed() : at(configured).stream().toList();
    return found.stream()
        .filter(tools -> tools.major() >= serverMajor)
        .min(Comparator.comparingInt(PgTools::major))
        .orElseThrow(
            () ->
                new PermanentException(
                    ("the server is PostgreSQL %s but %s; install postgresql-client-%s or "
                            + "newer, or point hub.backup.pg-bin at its folder")
                        .formatted(
                            serverMajor,
                            found.isEmpty()
                                ? "no pg_dump is installed"
                                : "pg_dump here is "
                                    + String.join(
                                        ", ", found.stream().map(PgTools::version).toList()),
                            serverMajor)));
  }

  /** All that can be found, in no order. */
  static List<PgTools> installed() {
    List<Path> folders = new ArrayList<>();
    for (String home : HOMES) {
      folders.addAll(bins(Path.of(home)));
    }
    String path = System.getenv("PATH");
    if (path != null) {
      for (String part : path.split(java.io.File.pathSeparator)) {
        folders.add(Path.of(part));
      }
    }
    return folders.stream().distinct().map(PgTools::at).flatMap(Optional::stream).toList();
  }

  private static List<Path> bins(Path home) {
    List<Path> bins = new ArrayList<>();
    if (Files.isDirectory(home)) {
      try (DirectoryStream<Path> children =
          Files.newDirectoryStream(
              home, child -> child.toString().matches(".*/(pgsql-|postgresql@)?\\d+"))) {
        children.forEach(child -> bins.add(child.resolve("bin")));
      } catch (IOException e) {
        // A folder we may not read holds no programs we may run.
        return bins;
      }
    }
    return bins;
  }

  private static Optional<PgTools> at(Path folder) {
    Path program = folder.resolve("pg_dump");
    if (!Files.isExecutable(program) || !Files.isExecutable(folder.resolve("pg_restore"))) {
      return Optional.empty();
    }
    try {
      Process process = ChildProcess.start(List.of(program.toString(), "--version"), Map.of());
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      Matcher version = VERSION.matcher(said);
      return version.find()
          ? Optional.of(
              new PgTools(
                  folder, version.group(1) + (version.group(2) == null ? "" : version.group(2))))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
