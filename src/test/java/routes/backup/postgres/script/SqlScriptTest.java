package routes.backup.postgres.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dump is read as psql reads it, and nothing that psql would run on the client is let by. */
class SqlScriptTest {

  /** Notes what is found, one line each. */
  private static final class Notes implements SqlScript.Sink {
    private final List<String> all = new ArrayList<>();
    private final ByteArrayOutputStream rows = new ByteArrayOutputStream();

    @Override
    public void statement(SqlScript.Statement statement) {
      all.add(statement.line() + " " + utf8(statement.text()));
    }

    @Override
    public void copy(SqlScript.Statement statement) {
      all.add(statement.line() + " " + utf8(statement.text()));
    }

    @Override
    public void rows(byte[] source, int offset, int length) {
      rows.write(source, offset, length);
    }

    @Override
    public void endCopy() {
      all.add("rows " + utf8(rows.toByteArray()));
      rows.reset();
    }

    @Override
    public void connect(String database) {
      all.add("connect " + database);
    }

    @Override
    public void comment(String text) {
      all.add("-- " + text);
    }

    private static String utf8(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** What is found when the script comes in pieces; comments left out. */
  private static List<String> read(String text, int... sizes) {
    Notes notes = new Notes();
    SqlScript script = new SqlScript(notes);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int at = 0;
    for (int i = 0; at < bytes.length; i++) {
      int size =
          sizes.length == 0 ? bytes.length : Math.min(sizes[i % sizes.length], bytes.length - at);
      script.feed(bytes, at, size);
      at += size;
    }
    script.finish();
    notes.all.removeIf(note -> note.startsWith("--"));
    return notes.all;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT 1; SELECT 2;                                    | 1 SELECT 1 & 1 SELECT 2
          SELECT ';', 'it''s;';                                  | 1 SELECT ';', 'it''s;'
          SELECT E'\\';', 'x';                                   | 1 SELECT E'\\';', 'x'
          SELECT E'a''\\';';                                     | 1 SELECT E'a''\\';'
          SELECT '\\', 'x;';                                     | 1 SELECT '\\', 'x;'
          SELECT re'\\', 1;                                      | 1 SELECT re'\\', 1
          SELECT E'a'¶ '\\';';                                   | 1 SELECT E'a'¶ '\\';'
          SET standard_conforming_strings = off; SELECT '\\';';  | 1 SET standard_conforming_strings = off & 1 SELECT '\\';'
          CREATE TABLE "a;""b" (c int);                          | 1 CREATE TABLE "a;""b" (c int)
          SELECT $$;$$, $a$ $$;$b$ $a$;                          | 1 SELECT $$;$$, $a$ $$;$b$ $a$
          SELECT $ü$;$ü$;                                        | 1 SELECT $ü$;$ü$
          SELECT a$b$, 1;                                        | 1 SELECT a$b$, 1
          SELECT $1; SELECT 2;                                   | 1 SELECT $1 & 1 SELECT 2
          -- x; y¶SELECT 1;                                      | 2 SELECT 1
          SELECT 1 -- x; y¶, 2;                                  | 1 SELECT 1 ¶, 2
          /* ; /* ; */ ; */ SELECT 1;                            | 1 SELECT 1
          /*/ ; */ SELECT 2;                                     | 1 SELECT 2
          SELECT 1/*;*/+1;                                       | 1 SELECT 1 +1
          SELECT 3 - -1, 4/2, 2*3;                               | 1 SELECT 3 - -1, 4/2, 2*3
          CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); | 1 CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)
          CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3; | 1 CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END & 1 SELECT 3
          CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END; SELECT 3; | 1 CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END & 1 SELECT 3
          BEGIN; SELECT 1; COMMIT;                               | 1 BEGIN & 1 SELECT 1 & 1 COMMIT
          ;;SELECT 1;;                                           | 1 SELECT 1
          COPY t (a, "b c") FROM stdin;¶1⇥x;y¶\\N⇥\\.x¶\\.¶SELECT 1; | 1 COPY t (a, "b c") FROM stdin & rows 1⇥x;y¶\\N⇥\\.x¶ & 5 SELECT 1
          COPY "s""x".t  FROM stdin;¶\\.¶                        | 1 COPY "s""x".t  FROM stdin & rows
          \\restrict abc¶SELECT 1;¶\\unrestrict abc¶             | 2 SELECT 1
          \\connect shop¶SELECT 1;                               | connect shop & 2 SELECT 1
          \\connect "a ""b"¶                                     | connect a "b
          \\connect -reuse-previous=on "dbname='it\\'s'"¶        | connect it's
          """)
  void statementsEndWherePsqlEndsThem(String script, String found) {
    List<String> expected =
        found == null ? List.of() : List.of(plain(found).split(" & ")).stream().toList();
    List<String> actual =
        read(plain(script)).stream().map(note -> note.equals("rows ") ? "rows" : note).toList();
    assertThat(actual).isEqualTo(expected);
    for (int size : new int[] {1, 2, 3, 7}) {
      assertThat(read(plain(script), size)).hasSameSizeAs(expected);
    }
  }

  private static String plain(String text) {
    return text.replace("¶", "\n").replace("⇥", "\t");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT 1;¶\\! rm -rf /¶             | line 2: psql command \\! is not one of pg_dump's
          \\copy t from program 'x'¶          | line 1: psql command \\copy
          \\i /etc/passwd¶                    | psql command \\i
          \\o cat¶                           | psql command \\o
          \\unrestrict abc¶                   | do not fit
          \\restrict a¶\\! id¶                | line 2: psql command \\!
          \\restrict a¶\\unrestrict b¶        | line 2: \\restrict and \\unrestrict do not fit
          \\restrict a¶\\connect x¶           | \\connect while \\restrict is on
          \\restrict a¶SELECT 1;¶             | ends before \\unrestrict
          \\connect "host=evil dbname=x" y¶   | psql command \\connect
          \\connect -reuse-previous=on "host='evil'"¶ | names more than a database
          SELECT 1 \\gexec¶                   | psql command within a statement
          SELECT 1;  \\! id¶                  | psql command within a statement
          SELECT 1¶\\! id¶                    | psql command within a statement
          COPY t FROM PROGRAM 'id';           | a COPY that is not FROM stdin
          COPY t TO stdout;                   | a COPY that is not FROM stdin
          COPY t FROM '/etc/passwd';          | a COPY that is not FROM stdin
          COPY t FROM stdin; \\! id           | more than a line end
          COPY t FROM stdin;¶1¶               | within the rows of a COPY begun on 1
          SELECT 1                            | within the statement begun on line 1
          SELECT 'x;                          | within the statement begun on line 1
          SELECT $a$ ;                        | within the statement
          SELECT (1;                          | within the statement
          /* SELECT 1;                        | within the statement
          SELECT "x;                          | within the statement
          """)
  void whatPgDumpDoesNotWriteIsRefusedWithItsLine(String script, String why) {
    for (int size : new int[] {1, 1000}) {
      assertThatThrownBy(() -> read(plain(script), size))
          .isInstanceOf(ScriptException.class)
          .hasMessageContaining(why);
    }
  }

  @Test
  void aStatementWithoutAnEndIsRefusedBeforeItFillsTheMemory() {
    SqlScript script = new SqlScript(new Notes(), 1000);
    byte[] endless = ("SELECT '" + "x".repeat(1000)).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> script.feed(endless, 0, endless.length))
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining("line 1: a statement of more than");
  }

  /** Pieces of statements whose ends only a lexer sees. */
  @Provide
  static Arbitrary<String> statements() {
    Arbitrary<String> text =
        Arbitraries.strings().withChars("ab;'\"$\\-/*(){}E\n\t ☃é").ofMaxLength(12);
    Arbitrary<String> quoted = text.map(t -> "'" + t.replace("'", "''") + "'");
    Arbitrary<String> escaped =
        text.map(t -> " E'" + t.replace("\\", "\\\\").replace("'", "\\'") + "'");
    Arbitrary<String> named = text.map(t -> "\"" + t.replace("\"", "\"\"") + "\"");
    Arbitrary<String> dollar = text.map(t -> " $q1$" + t.replace("$", "") + "$q1$");
    Arbitrary<String> words = Arbitraries.of(" a ", ", 1", " + ", "::text", "\n", " case ", "[1]");
    Arbitrary<String> piece = Arbitraries.oneOf(quoted, escaped, named, dollar, words);
    Arbitrary<String> inParentheses =
        piece.list().ofMaxSize(3).map(list -> "(" + String.join(" ,; ", list) + ")");
    return Arbitraries.oneOf(piece, inParentheses)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(list -> "SELECT " + String.join(" , ", list) + " z");
  }

  @Property(tries = 500)
  void whateverIsQuotedEveryStatementIsFoundWhole(
      @ForAll("scripts") List<String> parts, @ForAll Random random) {
    StringBuilder script = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (String part : parts) {
      if (random.nextInt(4) == 0) {
        script.append("--\n-- Name: it's; \"x\" $a$ (\n--\n\n");
      }
      expected.add((1 + script.chars().filter(c -> c == '\n').count()) + " " + part);
      script.append(part).append(";\n");
      if (part.startsWith("COPY")) {
        String rows = rows(random);
        script.append(rows).append("\\.\n");
        expected.add("rows " + rows);
      }
    }
    assertThat(read(script.toString())).isEqualTo(expected);
    assertThat(read(script.toString(), 1 + random.nextInt(9), 1 + random.nextInt(50)))
        .isEqualTo(expected);
  }

  @Provide
  static Arbitrary<List<String>> scripts() {
    Arbitrary<String> copy =
        Combinators.combine(Arbitraries.of("t", "s.\"T;\""), Arbitraries.of(" ", " (a, \"b;\") "))
            .as((table, columns) -> "COPY " + table + columns + "FROM stdin");
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, statements()), net.jqwik.api.Tuple.of(1, copy))
        .list()
        .ofMaxSize(6);
  }

  /** Lines as COPY writes them: a backslash is never alone. */
  private static String rows(Random random) {
    StringBuilder rows = new StringBuilder();
    String[] cells = {"1", "\\N", "\\\\.", "it's", ";", "$$", "\\\\", "", "☃", "\\t--"};
    for (int row = random.nextInt(4); row > 0; row--) {
      for (int cell = random.nextInt(3); cell >= 0; cell--) {
        rows.append(cells[random.nextInt(cells.length)]).append(cell == 0 ? "\n" : "\t");
      }
    }
    return rows.toString();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE TABLE t (a int)                               | false | RUN
          SELECT pg_catalog.setval('s', 1, true)               | false | RUN
          CREATE USER MAPPING FOR x SERVER y                   | false | RUN
          CREATE ROLE x                                        | true  | LEAVE_OUT
          DROP DATABASE shop                                   | true  | LEAVE_OUT
          ALTER DATABASE shop SET search_path TO 'x'           | true  | LEAVE_OUT
          GRANT CONNECT ON DATABASE shop TO x                  | true  | LEAVE_OUT
          GRANT admin TO x                                     | true  | LEAVE_OUT
          CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p   | true  | LEAVE_OUT
          GRANT SELECT ON TABLE t TO x                         | true  | RUN
          GRANT SELECT ON TABLE t TO x                         | false | LEAVE_OUT
          ALTER TABLE t OWNER TO "od d"                        | false | LEAVE_OUT
          ALTER TABLE t OWNER TO x                             | true  | RUN
          ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO x    | false | LEAVE_OUT
          ALTER SYSTEM SET archive_command = 'id'              | true  | REFUSE
          pg_dump: error: connection to server failed¶SET x = 1 | true | REFUSE
          DO $$ BEGIN END $$                                   | true  | REFUSE
          VACUUM                                               | true  | REFUSE
          """)
  void onlyWhatStaysWithinTheDatabaseIsRun(String statement, boolean owners, String verdict) {
    assertThat(SqlRules.decide(plain(statement), owners).verdict())
        .isEqualTo(SqlRules.Verdict.valueOf(verdict));
  }
}
