package routes.backup.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.backup.BreakGlassPage;
import routes.backup.postgres.database.SourceExamination;
import routes.backup.postgres.dump.PostgresDump;
import routes.backup.postgres.dump.TableDownload;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.restore.QuietRun;
import routes.devservices.TestStores;
import routes.kernel.doctor.FindingLines;
import routes.kernel.doctor.Findings;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** Databases in other encodings than UTF-8, and bytes in them that UTF-8 does not have. */
class EncodingsTest {

  @TempDir Path folder;
  private final TestStores.Database server = TestStores.get().newDatabase("encodings");

  private PostgresAddress database(String encoding) throws SQLException {
    PostgresAddress admin = Workbench.address(server.url(), server.username(), server.password());
    String name = "enc_" + encoding.toLowerCase(java.util.Locale.ROOT) + "_" + server.name();
    Workbench.execute(
        admin,
        "CREATE DATABASE " + name + " TEMPLATE template0 LOCALE 'C' ENCODING '" + encoding + "'");
    return admin.withDatabase(name);
  }

  /**
   * Makes tables, a sequence, a comment and a function with these bytes.
   *
   * @param hex bytes of one or more characters
   */
  private static void fill(PostgresAddress database, String encoding, String hex, boolean names)
      throws SQLException {
    String text = "convert_from('\\x" + hex + "', '" + encoding + "')";
    Workbench.execute(
        database,
        "CREATE TABLE rows (id int, v text)",
        "INSERT INTO rows SELECT g, 'before ' || "
            + text
            + " || ' after'"
            + " FROM generate_series(1, 1000) g");
    if (names) {
      Workbench.execute(
          database,
          "DO $$ DECLARE t text := "
              + text
              + "; BEGIN EXECUTE format('CREATE TABLE %I (%I int DEFAULT 1, \"%s\" text)', 't' ||"
              + " t, 'c' || t, t); EXECUTE format('INSERT INTO %I SELECT 1, %L', 't' || t, t);"
              + " EXECUTE format('CREATE SEQUENCE %I START 7', 's' || t); EXECUTE format('COMMENT"
              + " ON TABLE rows IS %L', t); EXECUTE format('CREATE FUNCTION f() RETURNS text"
              + " LANGUAGE sql AS %L',   format('SELECT %L', t)); END $$");
    }
  }

  /** Names, comments, functions and rows, in bytes. */
  private static String content(PostgresAddress database) throws SQLException {
    return Workbench.single(
        database,
        "SELECT string_agg(encode(convert_to(x, 'SQL_ASCII'), 'hex'), ' ' ORDER BY x COLLATE \"C\")"
            + " FROM (SELECT relname || ' ' || attname AS x FROM pg_attribute a"
            + "   JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace"
            + "   AND attnum > 0"
            + " UNION ALL SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            + " UNION ALL SELECT description FROM pg_description WHERE objoid = 'rows'::regclass"
            + " UNION ALL SELECT md5(string_agg(v, ';' ORDER BY id)) FROM rows) x");
  }

  @ParameterizedTest(name = "{0}, names: {2}")
  @CsvSource({
    "SQL_ASCII, e9, true",
    "SQL_ASCII, e9, false",
    "LATIN1, e9, true",
    "WIN1252, 81, true",
    "EUC_JP, a9a1, true"
  })
  void everyByteComesBack(String encoding, String hex, boolean names) throws Exception {
    PostgresAddress original = database(encoding);
    fill(original, encoding, hex, names);
    Findings findings = new Findings();
    SourceExamination.source("test", original, null, new CompletableFuture<>(), findings);
    assertThat(FindingLines.of(findings)).isNotEmpty().allMatch(line -> line.startsWith("OK "));
    Workbench bench = new Workbench(folder);

    bench.dump(original, PostgresDump.Care.NONE).plan();
    Manifest snapshot = bench.backUp(original, new QuietRun());

    PostgresAddress restored = original.withDatabase("copy_" + original.database());
    bench.restore(
        new PostgresRestore.Order(original, restored.database(), true, true, null),
        snapshot,
        new QuietRun());
    assertThat(content(restored)).isEqualTo(content(original));

    BreakGlassPage page = new BreakGlassPage(folder);
    PostgresAddress again = original.withDatabase("glass_" + original.database());
    page.on(server, folder.resolve("repository"), "test", again.database());
    BreakGlassPage.Ended ended = page.run();
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(content(again)).isEqualTo(content(original));
  }

  @Test
  void namesThatCanBeReadStayReadable() throws Exception {
    PostgresAddress original = database("LATIN1");
    fill(original, "LATIN1", "e9", true);
    Workbench bench = new Workbench(folder);
    Manifest snapshot = bench.backUp(original, new QuietRun());
    Entry table =
        snapshot.entries().stream()
            .filter(entry -> entry.kind() == EntryKind.TABLE && entry.rows() == 1)
            .findFirst()
            .orElseThrow();

    assertThat(table.name()).isEqualTo("public.té");
    assertThat(table.about()).containsEntry("encoding", "LATIN1");
    ByteArrayOutputStream csv = new ByteArrayOutputStream();
    try (TableDownload download = new TableDownload(bench.repository(), snapshot, table)) {
      assertThat(download.encoding()).contains("ISO-8859-1");
      download.write(TableDownload.Format.CSV, csv);
    }
    assertThat(csv.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("\"cé\",\"é\"\r\n\"1\",\"é\"\r\n");
  }
}
