package routes.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import routes.devservices.TestFolder;
import routes.devservices.TestStores;

/** The databases that the tests' hub backs up, each made for one kind of test. */
public final class TestSources {

  /** Everything a schema can stumble over. */
  public static final TestStores.Database RICH = database("rich", "/sql/rich.sql");

  /** Two small tables, to be damaged, locked and written to. */
  public static final TestStores.Database SMALL = database("small", null);

  /** Read by a role that lacks one privilege. */
  public static final TestStores.Database POOR = database("poor", null);

  /** A bucket of its own per JVM. */
  public static final String BUCKET = TestStores.get().newBucket("backups");

  /** While this file exists, pg_dump dies in the middle of its output. */
  public static final Path KILL_PG_DUMP;

  /** Where the copy {@code folder} lives. */
  public static final Path COPY_FOLDER;

  /** Where dumps of the rich database lie that no hub made: {@code hub.imports.cron}. */
  public static final Path DUMPS;

  private static final Path PG_BIN;

  static {
    try {
      COPY_FOLDER = TestFolder.create("hub-test-copy-").resolve("copy");
      DUMPS = TestFolder.create("hub-test-dumps-");
      PG_BIN = TestFolder.create("hub-test-pg-bin-");
      KILL_PG_DUMP = PG_BIN.resolve("kill-it");
      Path real = realTools();
      for (String name : new String[] {"pg_dumpall", "pg_restore"}) {
        Files.createSymbolicLink(PG_BIN.resolve(name), real.resolve(name));
      }
      Path wrapper = PG_BIN.resolve("pg_dump");
      Files.writeString(
          wrapper,
          """
          #!/bin/sh
          if [ -e '%1$s' ] && [ "$1" != --version ]; then
            '%2$s' "$@" | head -c 3000
            kill -9 $$
          fi
          exec '%2$s' "$@"
          """
              .formatted(KILL_PG_DUMP, real.resolve("pg_dump")));
      Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
      execute(
          SMALL,
          "CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL);"
              + " INSERT INTO accounts SELECT i, 100 FROM generate_series(1, 2000) i;"
              + " CREATE TABLE entries (id int GENERATED ALWAYS AS IDENTITY, amount bigint);"
              + " INSERT INTO entries (amount) SELECT i FROM generate_series(1, 500) i");
      execute(
          POOR,
          "CREATE TABLE open (id int); CREATE TABLE \"Secret\" (id int);"
              + " CREATE ROLE poor_reader LOGIN PASSWORD 'poor';"
              + " GRANT SELECT ON open TO poor_reader");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TestSources() {}

  /** {@code hub.sources.*} and what else backups need. */
  public static Map<String, String> properties() {
    Map<String, String> all = new TreeMap<>();
    add(all, "hub.sources.rich", RICH.url(), RICH.username(), RICH.password());
    add(all, "hub.sources.small", SMALL.url(), SMALL.username(), SMALL.password());
    add(all, "hub.sources.poor", POOR.url(), "poor_reader", "poor");
    add(all, "hub.sources.wrong", SMALL.url(), SMALL.username(), "not the password");
    String server = TestStores.get().postgres().url();
    add(all, "hub.targets.spare", server, SMALL.username(), SMALL.password());
    add(all, "hub.backup.drill", server, SMALL.username(), SMALL.password());
    all.put("hub.backup.lock-timeout", "300ms");
    all.put("hub.backup.pg-bin", PG_BIN.toString());
    all.put("hub.imports.cron.folder", DUMPS.toString());
    all.put("hub.imports.cron.source", "rich");
    all.put("hub.imports.cron.pattern", "postgres_*");
    all.put("hub.imports.bucket.url", "s3://" + BUCKET + "/dumps");
    all.put("hub.imports.bucket.source", "small");
    all.put("hub.imports.bucket.zone", "Europe/Berlin");
    all.put("hub.repository.url", "s3://" + BUCKET + "/hub");
    all.put("hub.copies.near.url", "s3://" + BUCKET + "/near");
    all.put("hub.copies.folder.url", COPY_FOLDER.toUri().toString());
    return all;
  }

  public static void execute(TestStores.Database database, String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(
      Map<String, String> all, String key, String url, String username, String password) {
    all.put(key + ".url", url);
    all.put(key + ".username", username);
    all.put(key + ".password", password);
  }

  private static TestStores.Database database(String hint, String script) {
    TestStores.Database database = TestStores.get().newDatabase(hint);
    if (script != null) {
      try (InputStream in = TestSources.class.getResourceAsStream(script)) {
        execute(database, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return database;
  }

  /** The real programs, of the test server's major version or newer. */
  private static Path realTools() {
    return routes.backup.postgres.session.TestTools.folder();
  }
}
