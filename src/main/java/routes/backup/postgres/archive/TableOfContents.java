package routes.backup.postgres.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import routes.backup.postgres.database.ServerRequirements;

/**
 * The table of contents of a dump, so that single objects can be left out or restored apart. Pure.
 *
 * @param lines in the order of the dump, which is the order they are restored in
 */
public record TableOfContents(List<Line> lines) {

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

  public TableOfContents {
    lines = List.copyOf(lines);
  }

  /** When an object is restored: before the rows or after them. */
  public enum Section {
    NONE,
    PRE_DATA,
    DATA,
    POST_DATA;

    static Section of(int number) {
      return number >= 1 && number <= values().length ? values()[number - 1] : NONE;
    }

    /** As pg_dump calls it. */
    public String words() {
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
  public record Line(
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
    public String text() {
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

  public TableOfContents section(Section section) {
    return of(line -> line.section() == section);
  }

  /** The same without these objects and their comments. */
  public TableOfContents without(List<ServerRequirements.Naming> unmet) {
    return of(line -> unmet.stream().noneMatch(one -> is(line, one)));
  }

  private static boolean is(Line line, ServerRequirements.Naming one) {
    boolean itself = line.classOid() == one.classOid() && line.oid() == one.oid();
    return itself || line.text().equals(one.line().replaceAll("[\\r\\n]", " "));
  }

  /** What only a superuser may create and nothing else depends on. */
  public TableOfContents extras() {
    return of(
        line ->
            EXTRAS.contains(line.kind())
                || line.kind().equals(COMMENT)
                    && (line.name().equals(PUBLIC_COMMENT)
                        || EXTRAS_COMMENTS.stream().anyMatch(line.name()::startsWith)));
  }

  /** Reacts to every definition that is made after it. */
  public TableOfContents eventTriggers() {
    return of(
        line ->
            line.kind().equals("EVENT TRIGGER")
                || line.kind().equals(COMMENT) && line.name().startsWith("EVENT TRIGGER "));
  }

  public TableOfContents privileges() {
    return of(line -> line.kind().endsWith("ACL"));
  }

  /** All but these. */
  public TableOfContents without(TableOfContents others) {
    Set<Line> left = Set.copyOf(others.lines());
    return of(line -> !left.contains(line));
  }

  /** References between tables. */
  public TableOfContents foreignKeys() {
    return kind("FK CONSTRAINT");
  }

  /** Whether some table is a partition of another. */
  public boolean partitioned() {
    return !kind("TABLE ATTACH").lines().isEmpty();
  }

  /** Materialized views' contents. */
  public TableOfContents refreshes() {
    return kind("MATERIALIZED VIEW DATA");
  }

  public TableOfContents kind(String kind) {
    return of(line -> line.kind().equals(kind));
  }

  public TableOfContents of(Predicate<Line> wanted) {
    return new TableOfContents(lines.stream().filter(wanted).toList());
  }

  /** What several sessions may make at a time, of neighbours in the dump. */
  public enum Parallel {
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
  public record Run(Parallel parallel, TableOfContents contents) {}

  /**
   * Cuts the contents where the kind changes and keeps their order: an index may need a view that
   * needs a key, and only {@code pg_dump} knows.
   */
  public List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    List<Line> run = new ArrayList<>();
    Parallel parallel = null;
    for (Line line : lines) {
      Parallel kind =
          line.kind().equals(COMMENT) && parallel != null ? parallel : Parallel.of(line);
      if (kind != parallel && parallel != null) {
        runs.add(new Run(parallel, new TableOfContents(run)));
        run.clear();
      }
      parallel = kind;
      run.add(line);
    }
    if (!run.isEmpty()) {
      runs.add(new Run(parallel, new TableOfContents(run)));
    }
    return runs;
  }

  /** For {@code pg_restore --use-list}. */
  public String useList() {
    StringBuilder ids = new StringBuilder();
    lines.forEach(line -> ids.append(line.id()).append(";\n"));
    return ids.toString();
  }
}
