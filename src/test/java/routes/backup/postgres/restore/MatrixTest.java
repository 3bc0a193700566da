package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.session.PgTools;
import routes.devservices.PostgresServer;
import routes.kernel.errors.PermanentException;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/**
 * All that each major version can hold, brought from one server to another that has never seen it:
 * what {@code pg_dump} says of the copy is, to the byte, what it says of the original.
 */
@Tag("matrix")
class MatrixTest {

  @TempDir Path folder;

  /** The oldest version in every run of the tests, all of them where there is more time. */
  @Test
  void everythingComesBackEncrypted() throws Exception {
    comesBack("13.23.0", Workbench.encrypted(folder));
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"13.23.0", "14.22.0", "15.19.0", "16.10.0", "17.6.0", "18.0.0"})
  void everythingComesBackFromEachVersion(String version) throws Exception {
    comesBack(version, new Workbench(folder));
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"14.22.0", "15.19.0", "16.10.0", "17.6.0", "18.0.0"})
  void everythingComesBackEncryptedFromEachVersion(String version) throws Exception {
    comesBack(version, Workbench.encrypted(folder));
  }

  private void comesBack(String version, Workbench bench) throws Exception {
    int major = Integer.parseInt(version.replaceFirst("\\..*", ""));
    assumeClient(major);
    try (PostgresServer here = server(version, "here");
        PostgresServer there = server(version, "there")) {
      PostgresAddress original = fill(bench, here, major);
      QuietRun backup = new QuietRun();
      Manifest snapshot = bench.backUp(original, backup);

      // No role is there yet.
      bench.drill(admin(there, "postgres"), snapshot, new QuietRun());

      RolesRestore.Done roles =
          bench
              .place(
                  new PostgresRestore.Order(
                      admin(there, "postgres"),
                      "whole",
                      true,
                      true,
                      null,
                      PostgresRestore.Place.NEW,
                      RolesRestore.Wanted.POWERFUL),
                  snapshot,
                  new QuietRun())
              .roles();
      if (major >= 15) {
        // What no role is: the administrator's to give again.
        assertThat(roles.leftOut()).containsExactly("privileges on parameter work_mem");
        Workbench.execute(admin(there, "postgres"), "GRANT SET ON PARAMETER work_mem TO analyst");
      }

      PostgresAddress copy = admin(there, "whole");
      assertThat(difference(dumped(bench, original, major), dumped(bench, copy, major), version))
          .isEmpty();
      assertThat(
              difference(
                  globals(bench, original, major),
                  globals(bench, copy, major),
                  version + "-globals"))
          .isEmpty();
    }
  }

  /** The same by a plain dump, which {@code backup.import} takes over and restores without psql. */
  @Test
  void everythingComesBackFromAPlainDump() throws Exception {
    comesBackFromAPlainDump(new Workbench(folder));
  }

  @Tag("slow")
  @Test
  void everythingComesBackFromAPlainDumpThatIsKeptEncrypted() throws Exception {
    comesBackFromAPlainDump(Workbench.encrypted(folder));
  }

  private void comesBackFromAPlainDump(Workbench bench) throws Exception {
    assumeClient(15);
    try (PostgresServer here = server("15.19.0", "here")) {
      PostgresAddress original = fill(bench, here, 15);
      String dump = bench.program(original, 15, "pg_dump", "--format=plain");
      Manifest snapshot = bench.keep(dump);

      new SqlRestore(bench.restore())
          .into(
              new PostgresRestore.Order(admin(here, "postgres"), "again", true, true, null),
              bench.repository(),
              snapshot,
              new QuietRun());

      // Subscriptions are left out: a copy would take its publisher's changes.
      String[] compared = {"--format=plain", "--no-subscriptions"};
      String expected = bench.program(original, 15, "pg_dump", compared);
      String again = bench.program(admin(here, "again"), 15, "pg_dump", compared);
      assertThat(difference(comparable(expected), comparable(again), "plain")).isEmpty();
    }
  }

  private static void assumeClient(int major) {
    try {
      PgTools.forServer(null, major);
    } catch (PermanentException e) {
      assumeTrue(false, e.getMessage());
    }
  }

  private PostgresServer server(String version, String name) {
    try {
      return PostgresServer.apart(version, folder.resolve(name), extension());
    } catch (IOException e) {
      assumeTrue(false, e.getMessage());
      throw new IllegalStateException(e);
    }
  }

  static Map<String, String> extension() throws IOException {
    return Map.of(
        "hub_matrix.control", script("extension/hub_matrix.control"),
        "hub_matrix--1.0.sql", script("extension/hub_matrix--1.0.sql"));
  }

  private static PostgresAddress fill(Workbench bench, PostgresServer server, int major)
      throws Exception {
    bench.psql(admin(server, "postgres"), script("globals.sql"));
    Workbench.execute(admin(server, "postgres"), "CREATE DATABASE whole TEMPLATE template0");
    PostgresAddress whole = admin(server, "whole");
    bench.psql(whole, script("all.sql"));
    for (int since = 14; since <= Math.min(15, major); since++) {
      bench.psql(whole, script("since-" + since + ".sql"));
    }
    return whole;
  }

  /** Definitions and rows, owners and privileges, the database's own settings. */
  private static String dumped(Workbench bench, PostgresAddress database, int major)
      throws Exception {
    return comparable(bench.program(database, major, "pg_dump", "--format=plain", "--create"));
  }

  private static String globals(Workbench bench, PostgresAddress database, int major)
      throws Exception {
    return comparable(
        bench.program(database, major, "pg_dumpall", "--globals-only", "--no-role-passwords"));
  }

  /** The first lines that differ; both texts are kept below {@code target} then. */
  private static String difference(String expected, String actual, String name) throws IOException {
    if (expected.equals(actual)) {
      return "";
    }
    Path kept = Files.createDirectories(Path.of("target", "matrix"));
    Files.writeString(kept.resolve(name + ".expected.sql"), expected);
    Files.writeString(kept.resolve(name + ".actual.sql"), actual);
    String[] one = expected.split("\n", -1);
    String[] other = actual.split("\n", -1);
    int at = Arrays.mismatch(one, other);
    return "line " + (at + 1) + ": expected '" + line(one, at) + "', got '" + line(other, at) + "'";
  }

  private static String line(String[] lines, int at) {
    String line = at < lines.length ? lines[at] : "(end)";
    return line.substring(0, Math.min(200, line.length()));
  }

  /** A random word that keeps psql from running what a dump might smuggle in. */
  private static String comparable(String dump) {
    return dump.replaceAll("(?m)^\\\\(un)?restrict .*$", "");
  }

  private static PostgresAddress admin(PostgresServer server, String database) {
    return Workbench.address(server.url(database), server.username(), server.password());
  }

  static String script(String name) throws IOException {
    try (InputStream in = MatrixTest.class.getResourceAsStream("/sql/matrix/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
