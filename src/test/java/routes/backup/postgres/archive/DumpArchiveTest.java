package routes.backup.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.devservices.TestStores;
import routes.stores.postgres.PostgresAddress;

/** What is read from an archive is what pg_restore reads from it. */
class DumpArchiveTest {

  @TempDir Path folder;
  private final TestStores.Database database = TestStores.get().newDatabase("archive");
  private final PostgresAddress address =
      Workbench.address(database.url(), database.username(), database.password());

  private Path archive() throws Exception {
    Workbench.execute(
        address,
        "CREATE SCHEMA \"a b\"; CREATE TABLE \"a b\".\"two\nlines\" (id int PRIMARY KEY, v text)",
        "COMMENT ON TABLE \"a b\".\"two\nlines\" IS 'é'; CREATE SCHEMA a",
        "CREATE FUNCTION a.f(x int, OUT y text) LANGUAGE sql AS $$ SELECT 'ü' $$",
        "CREATE MATERIALIZED VIEW a.m AS SELECT 1 AS one; GRANT SELECT ON a.m TO PUBLIC",
        "ALTER TABLE \"a b\".\"two\nlines\" ADD CHECK (a.f(id) <> '')");
    Path file = folder.resolve("dump");
    new Workbench(folder)
        .program(address, 15, "pg_dump", "--format=custom", "--schema-only", "--file=" + file);
    return file;
  }

  @Test
  void linesAreThoseThatPgRestoreLists() throws Exception {
    Path file = archive();
    String list =
        new Workbench(folder).program(address, 15, "pg_restore", "--list", file.toString());
    List<String> wanted =
        list.lines().filter(line -> !line.startsWith(";") && !line.contains(" DATABASE ")).toList();

    List<String> read =
        DumpArchive.contents(file).lines().stream()
            .map(
                line ->
                    line.id()
                        + "; "
                        + line.classOid()
                        + " "
                        + line.oid()
                        + " "
                        + line.text()
                        + " "
                        + line.owner())
            .toList();

    assertThat(read).isEqualTo(wanted).hasSize(8);
  }

  @Test
  void fieldsAreThemselves() throws Exception {
    TableOfContents contents = DumpArchive.contents(archive());

    TableOfContents.Line table = contents.kind("TABLE").lines().get(0);
    assertThat(table.schema()).isEqualTo("a b");
    assertThat(table.name()).isEqualTo("two\nlines");
    assertThat(table.definition()).startsWith("CREATE TABLE \"a b\".\"two\nlines\" (");
    assertThat(table.section()).isEqualTo(TableOfContents.Section.PRE_DATA);
    TableOfContents.Line function = contents.kind("FUNCTION").lines().get(0);
    assertThat(function.name()).isEqualTo("f(integer)");
    assertThat(function.definition()).contains("'ü'");
    assertThat(table.dependencies()).contains(function.id());
    TableOfContents.Line key = contents.kind("CONSTRAINT").lines().get(0);
    assertThat(key.name()).isEqualTo("two\nlines two\nlines_pkey");
    assertThat(key.section()).isEqualTo(TableOfContents.Section.POST_DATA);
  }

  /** Never a shorter list: what is missing would be left out of a restore. */
  @Test
  void anArchiveThatIsCutIsRefused() throws Exception {
    byte[] whole = Files.readAllBytes(archive());
    TableOfContents all = DumpArchive.contents(new ByteArrayInputStream(whole));
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      try {
        assertThat(DumpArchive.contents(new ByteArrayInputStream(whole, 0, length))).isEqualTo(all);
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.length / 2);
  }

  @Test
  void anotherFormatIsNamed() {
    assertThatThrownBy(
            () -> DumpArchive.contents(new ByteArrayInputStream("--\n-- PostgreSQL".getBytes())))
        .hasMessage("this is not an archive of pg_dump in the custom format");
    byte[] later = {'P', 'G', 'D', 'M', 'P', 1, 99, 0, 4, 8, 1};
    assertThatThrownBy(() -> DumpArchive.contents(new ByteArrayInputStream(later)))
        .hasMessageContaining("format 1.99; this hub reads 1.14 to 1.16: upgrade the hub");
  }
}
