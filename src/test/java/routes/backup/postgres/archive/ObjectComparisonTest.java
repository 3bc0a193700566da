package routes.backup.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectComparisonTest {

  private static final TableOfContents NONE = new TableOfContents(List.of());

  /** {@code KIND/schema/name/definition} between semicolons. */
  private static TableOfContents contents(String lines) {
    return new TableOfContents(
        lines == null
            ? List.of()
            : Stream.of(lines.split(";"))
                .map(line -> line.strip().split("/", -1))
                .map(
                    part ->
                        new TableOfContents.Line(
                            1,
                            1259,
                            1,
                            part[0],
                            part[1],
                            part[2],
                            "",
                            TableOfContents.Section.POST_DATA,
                            part.length > 3 ? part[3] : "",
                            List.of()))
                .toList());
  }

  @ParameterizedTest(name = "{0} against {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INDEX/a/i                | INDEX/a/i                 |
          INDEX/a/i                |                           | index a.i was not restored
                                   | INDEX/a/i                 | index a.i is not in the snapshot
          TABLE/a b/c; TABLE/a/b c | TABLE/a b/c               | table a.b c was not restored
          TABLE/a.b/c; TABLE/a/b.c | TABLE/a.b/c; TABLE/a.b/c  | table a.b.c was not restored;table a.b.c is not in the snapshot
          FUNCTION/a/f(integer)    | FUNCTION/a/f(text)        | function a.f(integer) was not restored;function a.f(text) is not in the snapshot
          SCHEMA//s                |                           | schema s was not restored
          SCHEMA//public           |                           |
          BLOB//1; ACL/a/TABLE t   | DEFAULT ACL/a/x           |
          COMMENT//EXTENSION x     |                           |
          COMMENT/a/TABLE t        |                           | comment a.TABLE t was not restored
          EXTENSION//plpgsql       |                           |
          """)
  void objectsAreComparedByKindSchemaAndName(String wanted, String found, String damage) {
    ObjectComparison comparison =
        ObjectComparison.of(contents(wanted), NONE, contents(found), true);

    assertThat(String.join(";", comparison.damage())).isEqualTo(damage == null ? "" : damage);
  }

  @Test
  void textsThatDifferAreANoteAndOnlyOfOneProgram() {
    TableOfContents one = contents("VIEW/a/v/SELECT 1; VIEW/a/w/SELECT 2");
    TableOfContents other = contents("VIEW/a/v/SELECT 1::int; VIEW/a/w/SELECT 2");

    ObjectComparison same = ObjectComparison.of(one, NONE, other, true);
    assertThat(same.damage()).isEmpty();
    assertThat(same.notes()).singleElement().asString().contains("1 definitions", "view a.v");
    assertThat(ObjectComparison.of(one, NONE, other, false).notes()).isEmpty();
  }

  @Test
  void whatOnlyASuperuserMakesMayBeMissing() {
    TableOfContents all = contents("EVENT TRIGGER//e; TABLE/a/t");
    assertThat(ObjectComparison.of(all, all.extras(), contents("TABLE/a/t"), true).damage())
        .isEmpty();
    assertThat(ObjectComparison.of(all, all.extras(), all, true).damage()).isEmpty();
  }

  @Test
  void extensionsAreComparedByNameAndFlagsWithThoseOfTheSource() {
    TableOfContents all = contents("EXTENSION//citext; EXTENSION//plpgsql");
    ObjectComparison equal = ObjectComparison.of(all, NONE, NONE, true);

    assertThat(equal.withExtensions(all, List.of("plpgsql", "citext", "more")).damage()).isEmpty();
    assertThat(equal.withExtensions(all, List.of("plpgsql")).damage())
        .containsExactly("extension citext was not restored");
    assertThat(equal.withInvalid(List.of("index a.i"), List.of("index a.i")).damage()).isEmpty();
    assertThat(equal.withInvalid(List.of("index a.i"), List.of()).damage()).isEmpty();
    assertThat(equal.withInvalid(List.of(), List.of("index a.i")).damage())
        .containsExactly("index a.i is not valid here, and was in the source");
    assertThat(equal.withInvalid(null, List.of("index a.i")).damage()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INDEX/a/1; CONSTRAINT/a/2; INDEX/a/3     | INDEXES 1 2 3
          INDEX/a/1; COMMENT/a/2; INDEX/a/3        | INDEXES 1 2 3
          CONSTRAINT/a/1; VIEW/a/2; INDEX/a/3      | INDEXES 1;NONE 2;INDEXES 3
          INDEX/a/1; INDEX ATTACH/a/2              | INDEXES 1;NONE 2
          TRIGGER/a/1; FK CONSTRAINT/a/2; POLICY/a/3; RULE/a/4 | NONE 1;FOREIGN_KEYS 2;NONE 3 4
          COMMENT/a/1; INDEX/a/2                   | NONE 1;INDEXES 2
          """)
  void runsKeepTheOrderOfTheDump(String lines, String runs) {
    assertThat(
            contents(lines).runs().stream()
                .map(
                    run ->
                        run.parallel()
                            + " "
                            + String.join(
                                " ",
                                run.contents().lines().stream()
                                    .map(TableOfContents.Line::name)
                                    .toList())))
        .containsExactly(runs.split(";"));
  }
}
