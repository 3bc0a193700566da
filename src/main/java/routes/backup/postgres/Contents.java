package routes.backup.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of contents of a dump, as {@code pg_restore --list} prints it, so that single objects
 * can be left out or tried apart. Pure.
 *
 * @param lines in the order they are restored in
 */
record Contents(List<Line> lines) {

  // "217; 1259 16385 TABLE shop customers app"; a comment has no identity of its own: "0 0".
  private static final Pattern LINE = Pattern.compile("(\\d+); (\\d+) (\\d+) (.*)");

  /** Beginnings of lines: what only a superuser may create and nothing else depends on. */
  private static final Set<String> EXTRAS =
      Set.of(
          "EVENT TRIGGER ",
          "PUBLICATION ",
          "SUBSCRIPTION ",
          "COMMENT - EVENT TRIGGER ",
          "COMMENT - PUBLICATION ",
          "COMMENT - SUBSCRIPTION ",
          // Up to 14 the schema is the server's, and some providers own the extensions.
          "COMMENT - SCHEMA public ",
          "COMMENT - EXTENSION ");

  private static final String ATTACH = "INDEX ATTACH ";

  /**
   * One object.
   *
   * @param text kind, schema, name and owner, separated by blanks
   */
  record Line(String id, long classOid, long oid, String text) {}

  static Contents parse(String list) {
    List<Line> lines = new ArrayList<>();
    for (String line : list.split("\n")) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        lines.add(
            new Line(
                matcher.group(1),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                matcher.group(4)));
      }
    }
    return new Contents(lines);
  }

  /** The same without these objects and their comments. */
  Contents without(List<Needs.Naming> unmet) {
    return of(line -> unmet.stream().noneMatch(one -> is(line, one)));
  }

  private static boolean is(Line line, Needs.Naming one) {
    boolean itself = line.classOid() == one.classOid() && line.oid() == one.oid();
    // Line ends in names are blanks in the list.
    return itself || line.text().startsWith(one.line().replaceAll("[\\r\\n]", " ") + " ");
  }

  /** What only a superuser may create and nothing else depends on. */
  Contents extras() {
    return of(line -> begins(line, EXTRAS));
  }

  /** All but these. */
  Contents without(Contents others) {
    return of(line -> !others.lines().contains(line));
  }

  /** Indexes, and constraints that are one: each locks one table, so several sessions may. */
  Contents indexes() {
    return of(
        line -> begins(line, Set.of("INDEX ", "CONSTRAINT ")) && !begins(line, Set.of(ATTACH)));
  }

  /** References between tables. */
  Contents foreignKeys() {
    return of(line -> line.text().startsWith("FK CONSTRAINT "));
  }

  /** Whether some table is a partition of another. */
  boolean partitioned() {
    return lines.stream().anyMatch(line -> line.text().startsWith("TABLE ATTACH "));
  }

  /** Materialized views' contents: last of all, and worth several sessions. */
  Contents refreshes() {
    return of(line -> line.text().startsWith("MATERIALIZED VIEW DATA "));
  }

  Contents of(Predicate<Line> wanted) {
    return new Contents(lines.stream().filter(wanted).toList());
  }

  private static boolean begins(Line line, Set<String> beginnings) {
    return beginnings.stream().anyMatch(line.text()::startsWith);
  }

  /** For {@code pg_restore --use-list}. */
  String useList() {
    StringBuilder ids = new StringBuilder();
    lines.forEach(line -> ids.append(line.id()).append(";\n"));
    return ids.toString();
  }
}
