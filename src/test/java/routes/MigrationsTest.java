package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Migrations are additive since 0.2, so that replicas of the version before work on beside new ones
 * while an upgrade is rolled out, and after it is rolled back.
 */
class MigrationsTest {

  /** The last one of 0.1. */
  private static final int FIRST_RELEASE = 16;

  private static final Pattern VERSION = Pattern.compile("V(\\d+)__.*\\.sql");

  /** What a replica of the version before could stumble over. */
  private static final List<Pattern> BREAKING =
      Stream.of(
              "\\bDROP\\s+(TABLE|COLUMN|SCHEMA|FUNCTION|VIEW|TYPE)\\b",
              "\\bRENAME\\b",
              "\\bTRUNCATE\\b",
              "\\bALTER\\s+COLUMN\\s+\\S+\\s+(SET\\s+DATA\\s+)?TYPE\\b",
              "\\bSET\\s+NOT\\s+NULL\\b",
              "\\bADD\\s+COLUMN\\s+(?!.*\\bDEFAULT\\b)[^,;]*\\bNOT\\s+NULL\\b",
              "\\bADD\\s+(CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY)\\b")
          .map(text -> Pattern.compile(text, Pattern.CASE_INSENSITIVE))
          .toList();

  @Test
  void whatIsNewOnlyAdds() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      List<Path> added = files.filter(file -> version(file) > FIRST_RELEASE).toList();

      assertThat(added).isNotEmpty();
      for (Path file : added) {
        String statements = Files.readString(file).replaceAll("--[^\\n]*", "");
        assertThat(BREAKING).as(file.toString()).noneMatch(each -> each.matcher(statements).find());
      }
    }
  }

  private static int version(Path file) {
    var name = VERSION.matcher(file.getFileName().toString());
    assertThat(name.matches()).as(file.toString()).isTrue();
    return Integer.parseInt(name.group(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ALTER TABLE hub.run DROP COLUMN name                         | true
          ALTER TABLE hub.run ADD COLUMN name text NOT NULL            | true
          ALTER TABLE hub.run ADD COLUMN name text NOT NULL DEFAULT '' | false
          ALTER TABLE hub.run ADD COLUMN name text                     | false
          ALTER TABLE hub.run ALTER COLUMN name TYPE int               | true
          ALTER TABLE hub.run ADD CONSTRAINT one CHECK (name <> '')    | true
          CREATE TABLE hub.seen (name text NOT NULL)                   | false
          CREATE INDEX run_name ON hub.run (name)                      | false
          """)
  void whatBreaksTheVersionBeforeIsKnown(String statement, boolean breaks) {
    assertThat(BREAKING.stream().anyMatch(each -> each.matcher(statement).find()))
        .isEqualTo(breaks);
  }
}
