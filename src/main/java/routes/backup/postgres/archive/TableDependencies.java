package routes.backup.postgres.archive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which other tables some tables cannot do without: those that their policies, checks, triggers and
 * rules read, with their rows, for a policy over an empty table shows other rows than before; those
 * that their defaults use, and those they are partitions or heirs of, as definitions.
 *
 * <p>What depends on what is told by the dump; what the bodies of functions use is not, and is
 * found by the names that stand in them: rather a table too many than one too few. Foreign keys
 * need nothing: they are left out where they lead elsewhere. Pure.
 */
public final class TableDependencies {

  private static final Set<String> RELATIONS =
      Set.of("TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW");

  private static final Set<String> TYPES = Set.of("DOMAIN", "TYPE");

  private static final Set<String> ROUTINES = Set.of("FUNCTION", "PROCEDURE", "AGGREGATE");

  /** What is part of a table, and whether it asks for the rows of what it reads. */
  private static final Map<String, Boolean> PARTS =
      Map.of(
          "POLICY", true,
          "CHECK CONSTRAINT", true,
          "CONSTRAINT", true,
          "INDEX", true,
          "DEFAULT", false,
          // They may refuse what stands in another table.
          "TRIGGER", true,
          "RULE", true,
          "STATISTICS", false);

  private record Visit(TableOfContents.Line line, boolean rows, String because) {}

  private final Map<Integer, TableOfContents.Line> byId = new HashMap<>();
  private final Map<Integer, List<TableOfContents.Line>> dependents = new HashMap<>();
  private final Map<String, List<TableOfContents.Line>> byName = new HashMap<>();

  /** Operators and casts: no word names them. */
  private final List<TableOfContents.Line> nameless = new ArrayList<>();

  private final Deque<Visit> queue = new ArrayDeque<>();
  private final Map<TableName, TableSelection.Along> needed = new LinkedHashMap<>();
  private final Set<Integer> seen = new HashSet<>();
  private final Set<Integer> seenWithRows = new HashSet<>();
  private final Set<TableName> chosen;
  private final Set<String> opaque = new LinkedHashSet<>();

  private final Map<String, Boolean> parts;

  private TableDependencies(
      TableOfContents contents, Set<TableName> chosen, Map<String, Boolean> parts) {
    this.chosen = chosen;
    this.parts = parts;
    for (TableOfContents.Line line : contents.lines()) {
      byId.put(line.id(), line);
      if (line.kind().equals("OPERATOR") || line.kind().equals("CAST")) {
        nameless.add(line);
      }
      if (RELATIONS.contains(line.kind())
          || ROUTINES.contains(line.kind())
          || TYPES.contains(line.kind())) {
        byName.computeIfAbsent(bareName(line), name -> new ArrayList<>()).add(line);
      }
      for (int on : line.dependencies()) {
        dependents.computeIfAbsent(on, id -> new ArrayList<>()).add(line);
      }
    }
  }

  /**
   * @param contents of the whole dump
   * @param chosen tables that are restored with their rows anyway
   * @return the others, none of them chosen, in the order they were found
   */
  public static List<TableSelection.Along> of(
      TableOfContents contents, Collection<TableName> chosen) {
    return walked(contents, chosen, PARTS).along();
  }

  /**
   * Functions of policies whose needs cannot be told: they put statements together at run time, or
   * are of a language that is not read here.
   *
   * @return in words, with what uses each
   */
  static List<String> opaque(TableOfContents contents, Collection<TableName> chosen) {
    return List.copyOf(walked(contents, chosen, Map.of("POLICY", true)).opaque);
  }

  private List<TableSelection.Along> along() {
    return needed.values().stream().filter(one -> !chosen.contains(one.table())).toList();
  }

  private static TableDependencies walked(
      TableOfContents contents, Collection<TableName> chosen, Map<String, Boolean> parts) {
    Set<TableName> wanted = Set.copyOf(chosen);
    TableDependencies walk = new TableDependencies(contents, wanted, parts);
    for (TableOfContents.Line line : contents.lines()) {
      if (isTable(line) && wanted.contains(TableName.of(line))) {
        walk.visit(line, true, "it was chosen");
      }
    }
    walk.walk();
    return walk;
  }

  /** The leaves below a partitioned table, and those below its partitions; nothing for others. */
  static List<TableName> partitions(TableOfContents contents, TableName parent) {
    TableDependencies all = new TableDependencies(contents, Set.of(), PARTS);
    List<TableName> leaves = new ArrayList<>();
    for (TableOfContents.Line line : contents.lines()) {
      if (isTable(line) && TableName.of(line).equals(parent)) {
        all.leaves(line, leaves);
      }
    }
    return leaves;
  }

  private void leaves(TableOfContents.Line parent, List<TableName> leaves) {
    for (TableOfContents.Line child : partitions(parent)) {
      if (partitions(child).isEmpty()) {
        leaves.add(TableName.of(child));
      }
      leaves(child, leaves);
    }
  }

  private static boolean isTable(TableOfContents.Line line) {
    return line.kind().equals("TABLE") || line.kind().equals("FOREIGN TABLE");
  }

  private void visit(TableOfContents.Line line, boolean rows, String because) {
    if (rows
        ? seenWithRows.add(line.id())
        : !seenWithRows.contains(line.id()) && seen.add(line.id())) {
      queue.add(new Visit(line, rows, because));
    }
  }

  private void walk() {
    for (Visit visit = queue.poll(); visit != null; visit = queue.poll()) {
      TableOfContents.Line line = visit.line();
      if (isTable(line)) {
        table(visit);
      } else {
        dependencies(line, visit.rows(), visit.because());
        separate(visit);
        mentioned(line, visit.rows(), visit.because());
      }
    }
  }

  private void table(Visit visit) {
    TableOfContents.Line table = visit.line();
    TableName name = TableName.of(table);
    needed.merge(
        name,
        new TableSelection.Along(name, visit.rows(), visit.because()),
        (one, other) -> one.rows() || !other.rows() ? one : other);
    for (int on : table.dependencies()) {
      TableOfContents.Line line = byId.get(on);
      if (line != null) {
        // A table it inherits from need not have rows; all else is in its own definition.
        visit(line, !isTable(line), "the definition of " + name.label());
      }
    }
    for (TableOfContents.Line part : dependents.getOrDefault(table.id(), List.of())) {
      if (part.kind().equals("TABLE ATTACH")) {
        attached(table, part, visit.rows());
      } else if (parts.containsKey(part.kind()) && isOf(part, name)) {
        visit(part, parts.get(part.kind()), words(part, name));
      } else if (isTable(part) && visit.rows() && !chosen.contains(name)) {
        // Whoever reads a table reads its heirs, too; who chose it chose it alone.
        visit(part, true, "it inherits from " + name.label());
      }
    }
  }

  private void attached(TableOfContents.Line table, TableOfContents.Line attach, boolean rows) {
    for (int on : attach.dependencies()) {
      TableOfContents.Line other = byId.get(on);
      if (other == null || other.id() == table.id() || !isTable(other)) {
        continue;
      }
      boolean child = isOf(attach, other);
      if (!child) {
        visit(other, false, TableName.of(table).label() + " is a partition of it");
      } else if (rows) {
        visit(other, true, "it is a partition of " + TableName.of(table).label());
      }
    }
  }

  private List<TableOfContents.Line> partitions(TableOfContents.Line table) {
    return dependents.getOrDefault(table.id(), List.of()).stream()
        .filter(line -> line.kind().equals("TABLE ATTACH") && !isOf(line, table))
        .flatMap(line -> line.dependencies().stream())
        .map(byId::get)
        .filter(line -> line != null && line.id() != table.id() && isTable(line))
        .toList();
  }

  /** An attachment has the name of the partition. */
  private static boolean isOf(TableOfContents.Line attach, TableOfContents.Line table) {
    return attach.schema().equals(table.schema()) && attach.name().equals(table.name());
  }

  /**
   * Parts have the schema of their table, and its name before their own; indexes only the schema.
   */
  public static boolean isOf(TableOfContents.Line part, TableName table) {
    return part.schema().equals(table.schema())
        && (part.name().startsWith(table.name() + " ")
            || part.kind().equals("INDEX")
            || part.kind().equals("STATISTICS"));
  }

  private static String words(TableOfContents.Line part, TableName table) {
    String own =
        part.name().startsWith(table.name() + " ")
            ? part.name().substring(table.name().length() + 1)
            : part.name();
    return part.kind().toLowerCase(Locale.ROOT) + " " + own + " of " + table.label();
  }

  private void dependencies(TableOfContents.Line line, boolean rows, String because) {
    for (int on : line.dependencies()) {
      TableOfContents.Line needs = byId.get(on);
      boolean ownTable =
          needs != null
              && isTable(needs)
              && PARTS.containsKey(line.kind())
              && isOf(line, TableName.of(needs));
      if (needs != null && !ownTable) {
        visit(needs, rows, because);
      }
    }
  }

  /** Parts that pg_dump makes later: checks of a domain, and what a view selects. */
  private void separate(Visit visit) {
    TableOfContents.Line line = visit.line();
    for (TableOfContents.Line part : dependents.getOrDefault(line.id(), List.of())) {
      boolean own = part.kind().equals("CHECK CONSTRAINT") || part.kind().equals("RULE");
      if (own && isOf(part, TableName.of(line))) {
        visit(part, visit.rows(), visit.because());
      }
    }
  }

  /** A function whose body is a string depends on nothing, as far as the server knows. */
  private void mentioned(TableOfContents.Line line, boolean rows, String because) {
    if (!ROUTINES.contains(line.kind())) {
      return;
    }
    String definition = line.definition();
    if (BodyNames.areOpaque(definition)) {
      opaque.add(ObjectComparison.Key.of(line).words() + ", used by " + because);
    }
    BodyNames.in(definition).forEach(name -> mention(name, rows, because));
    for (TableOfContents.Line other : nameless) {
      if (other.kind().equals("CAST") || definition.contains(other.name())) {
        visit(other, rows, because);
      }
    }
  }

  private void mention(String name, boolean rows, String because) {
    byName.getOrDefault(name, List.of()).forEach(line -> visit(line, rows, because));
  }

  private static String bareName(TableOfContents.Line line) {
    int arguments = ROUTINES.contains(line.kind()) ? line.name().indexOf('(') : -1;
    return arguments < 0 ? line.name() : line.name().substring(0, arguments);
  }
}
