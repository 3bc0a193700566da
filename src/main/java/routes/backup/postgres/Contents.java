package routes.backup.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The table of contents of a dump, so that single objects can be left out or restored apart. Pure.
 *
 * @param lines in the order of the dump, which is the order they are restored in
 */
record Contents(List<Line> lines) {

  /** What only a superuser may create and nothing else depends on. */
  private static final Set<String> EXTRAS = Set.of("EVENT TRIGGER", "PUBLICATION", "SUBSCRIPTION");

  /** How the name of a comment on such an object begins. */
  private static final List<String> EXTRAS_COMMENTS =
      List.of(
          "EVENT TRIGGER ",
          "PUBLICATION ",
          "SUBSCRIPTION ",
          // Some providers own the extensions.
          "EXTENSION ");

  /** Up to 14 the schema is the server's. */
  private static final String PUBLIC_COMMENT = "SCHEMA public";

  /** The archive's own settings, and the database itself, which the hub makes. */
  private static final Set<String> SETTINGS =
      Set.of("ENCODING", "STDSTRINGS", "SEARCHPATH", "DATABASE", "DATABASE PROPERTIES");

  /** How the name of a comment, a label or privileges of the database begins. */
  private static final String OF_DATABASE = "DATABASE ";

  private static final String COMMENT = "COMMENT";

  Contents {
    lines = List.copyOf(lines);
  }

  /** When an object is restored: before the rows or after them. */
  enum Section {
    NONE,
    PRE_DATA,
    DATA,
    POST_DATA;

    static Section of(int number) {
      return number >= 1 && number <= values().length ? values()[number - 1] : NONE;
    }

    /** As pg_dump calls it. */
    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * One object.
   *
   * @param id in this archive
   * @param classOid the catalogue it is in; 0 for comments and privileges
   * @param oid in the source
   * @param kind such as {@code TABLE} or {@code FK CONSTRAINT}
   * @param schema empty when it is in none
   * @param name of a function with its arguments; of a constraint, trigger, policy, rule or default
   *     {@code table name}
   * @param definition the statements that make it
   * @param dependencies ids of what it needs
   */
  record Line(
      int id,
      long classOid,
      long oid,
      String kind,
      String schema,
      String name,
      String owner,
      Section section,
      String definition,
      List<Integer> dependencies) {

    /** Kind, schema and name as {@code pg_restore --list} prints them; for people. */
    String text() {
      return (kind + " " + (schema.isEmpty() ? "-" : schema) + " " + name)
          .replaceAll("[\\r\\n]", " ");
    }
  }

  /** Comments, labels and privileges belong to the section of what stands before them. */
  static List<Line> sections(List<Line> lines) {
    List<Line> all = new ArrayList<>();
    Section current = Section.PRE_DATA;
    for (Line line : lines) {
      if (isOfDatabase(line)) {
        continue;
      }
      current = line.section() == Section.NONE ? current : line.section();
      all.add(
          new Line(
              line.id(),
              line.classOid(),
              line.oid(),
              line.kind(),
              line.schema(),
              line.name(),
              line.owner(),
              current,
              line.definition(),
              line.dependencies()));
    }
    return all;
  }

  private static boolean isOfDatabase(Line line) {
    return SETTINGS.contains(line.kind())
        || line.classOid() == 0
            && Set.of(COMMENT, "ACL", "SECURITY LABEL").contains(line.kind())
            && line.name().startsWith(OF_DATABASE);
  }

  Contents section(Section section) {
    return of(line -> line.section() == section);
  }

  /** The same without these objects and their comments. */
  Contents without(List<Needs.Naming> unmet) {
    return of(line -> unmet.stream().noneMatch(one -> is(line, one)));
  }

  private static boolean is(Line line, Needs.Naming one) {
    boolean itself = line.classOid() == one.classOid() && line.oid() == one.oid();
    return itself || line.text().equals(one.line().replaceAll("[\\r\\n]", " "));
  }

  /** What only a superuser may create and nothing else depends on. */
  Contents extras() {
    return of(
        line ->
            EXTRAS.contains(line.kind())
                || line.kind().equals(COMMENT)
                    && (line.name().equals(PUBLIC_COMMENT)
                        || EXTRAS_COMMENTS.stream().anyMatch(line.name()::startsWith)));
  }

  /** Reacts to every definition that is made after it. */
  Contents eventTriggers() {
    return of(
        line ->
            line.kind().equals("EVENT TRIGGER")
                || line.kind().equals(COMMENT) && line.name().startsWith("EVENT TRIGGER "));
  }

  Contents privileges() {
    return of(line -> line.kind().endsWith("ACL"));
  }

  /** All but these. */
  Contents without(Contents others) {
    Set<Line> left = Set.copyOf(others.lines());
    return of(line -> !left.contains(line));
  }

  /** References between tables. */
  Contents foreignKeys() {
    return kind("FK CONSTRAINT");
  }

  /** Whether some table is a partition of another. */
  boolean partitioned() {
    return !kind("TABLE ATTACH").lines().isEmpty();
  }

  /** Materialized views' contents. */
  Contents refreshes() {
    return kind("MATERIALIZED VIEW DATA");
  }

  Contents kind(String kind) {
    return of(line -> line.kind().equals(kind));
  }

  Contents of(Predicate<Line> wanted) {
    return new Contents(lines.stream().filter(wanted).toList());
  }

  /** What several sessions may make at a time, of neighbours in the dump. */
  enum Parallel {
    /** Comments among them wait for what they are of. */
    INDEXES,
    FOREIGN_KEYS,
    NONE;

    private static Parallel of(Line line) {
      return switch (line.kind()) {
        case "INDEX", "CONSTRAINT" -> INDEXES;
        case "FK CONSTRAINT" -> FOREIGN_KEYS;
        default -> NONE;
      };
    }
  }

  /** Neighbours of one kind. */
  record Run(Parallel parallel, Contents contents) {}

  /**
   * Cuts the contents where the kind changes and keeps their order: an index may need a view that
   * needs a key, and only {@code pg_dump} knows.
   */
  List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    List<Line> run = new ArrayList<>();
    Parallel parallel = null;
    for (Line line : lines) {
      Parallel kind =
          line.kind().equals(COMMENT) && parallel != null ? parallel : Parallel.of(line);
      if (kind != parallel && parallel != null) {
        runs.add(new Run(parallel, new Contents(run)));
        run.clear();
      }
      parallel = kind;
      run.add(line);
    }
    if (!run.isEmpty()) {
      runs.add(new Run(parallel, new Contents(run)));
    }
    return runs;
  }

  /** For {@code pg_restore --use-list}. */
  String useList() {
    StringBuilder ids = new StringBuilder();
    lines.forEach(line -> ids.append(line.id()).append(";\n"));
    return ids.toString();
  }
}
