package routes.backup.postgres.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import routes.kernel.errors.InvalidInputException;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;

/**
 * The tables of a snapshot that are to be restored, and those that come along. Pure.
 *
 * @param chosen entries of the snapshot that were asked for
 * @param along tables that these cannot do without, with the reason
 * @param tables entries whose rows are restored: the chosen ones, and those along that need rows
 */
public record TableSelection(List<Entry> chosen, List<Along> along, List<Entry> tables) {

  private static final int NEARBY = 5;

  /**
   * A table that comes along.
   *
   * @param rows whether with its rows
   * @param because what needs it, in words
   */
  public record Along(TableName table, boolean rows, String because) {}

  /**
   * Finds what a person names.
   *
   * @param schemas all of their tables, names between commas; may be null
   * @param tables {@code schema.table} as the snapshot lists them, between commas; may be null. A
   *     partitioned table means all of its partitions. A name that holds a comma is put in double
   *     quotes, double quotes in it doubled; schema and table may be quoted each: {@code "a.b".c}
   * @param unprotected tables that may show other rows than they did
   * @return null when neither is given: the whole snapshot
   * @throws InvalidInputException naming {@code params.schemas} or {@code params.tables}, and what
   *     there is instead
   */
  public static TableSelection of(
      Manifest manifest,
      TableOfContents contents,
      String schemas,
      String tables,
      List<TableName> unprotected) {
    Map<TableName, Entry> all = new LinkedHashMap<>();
    manifest.entries().stream()
        .filter(entry -> entry.kind() == EntryKind.TABLE)
        .forEach(entry -> all.put(TableName.of(entry), entry));
    Set<TableName> chosen = new LinkedHashSet<>();
    for (Name wanted : names("schemas", schemas)) {
      List<TableName> found =
          all.keySet().stream().filter(one -> one.schema().equals(wanted.label())).toList();
      if (found.isEmpty()) {
        throw unknown(
            "schemas", wanted.label(), all.keySet().stream().map(TableName::schema).toList());
      }
      chosen.addAll(found);
    }
    Set<TableName> known = new LinkedHashSet<>(all.keySet());
    contents.kind("TABLE").lines().forEach(line -> known.add(TableName.of(line)));
    for (Name wanted : names("tables", tables)) {
      TableName found = find("tables", wanted, known);
      chosen.addAll(
          all.containsKey(found) ? List.of(found) : TableDependencies.partitions(contents, found));
    }
    addSharing(all, chosen);
    requireKnownNeeds(contents, chosen, unprotected);
    List<Along> along = TableDependencies.of(contents, chosen);
    Set<TableName> withRows = new LinkedHashSet<>(chosen);
    along.stream().filter(Along::rows).forEach(needed -> withRows.add(needed.table()));
    return new TableSelection(entries(all, chosen), along, entries(all, withRows));
  }

  /** What a policy reads must come along, and so must be known. */
  private static void requireKnownNeeds(
      TableOfContents contents, Set<TableName> chosen, List<TableName> unprotected) {
    List<String> secured =
        contents.kind("ROW SECURITY").lines().stream()
            .map(TableName::of)
            .filter(table -> chosen.contains(table) && !unprotected.contains(table))
            .map(TableName::label)
            .toList();
    List<String> opaque = TableDependencies.opaque(contents, chosen);
    if (!secured.isEmpty() && !opaque.isEmpty()) {
      throw new InvalidInputException(
          "params.tables",
          ("it cannot be told which tables these read: %s. Restore the whole snapshot, or "
                  + "choose the tables they read, too, and accept with unprotected=%s that other rows "
                  + "may be seen")
              .formatted(String.join("; ", opaque), String.join(",", secured)));
    }
  }

  /** Adds the partitions that get each other's rows when they are loaded. */
  private static void addSharing(Map<TableName, Entry> all, Set<TableName> chosen) {
    Set<Object> roots = new LinkedHashSet<>();
    entries(all, chosen).forEach(entry -> roots.add(entry.about().get("through")));
    roots.remove(null);
    all.forEach(
        (name, entry) -> {
          if (roots.contains(entry.about().get("through"))) {
            chosen.add(name);
          }
        });
  }

  /** Partitioned and foreign tables have no rows of their own. */
  private static List<Entry> entries(Map<TableName, Entry> all, Set<TableName> names) {
    return names.stream().map(all::get).filter(Objects::nonNull).toList();
  }

  /** The one table that is named so. */
  public static TableName find(String parameter, Name wanted, Collection<TableName> known) {
    List<TableName> found = known.stream().filter(wanted::is).toList();
    if (found.isEmpty()) {
      throw unknown(parameter, wanted.label(), known.stream().map(TableName::label).toList());
    }
    if (found.size() > 1) {
      throw new InvalidInputException(
          "params." + parameter,
          "'"
              + wanted.label()
              + "' may be any of "
              + String.join(", ", found.stream().map(TableName::sql).toList())
              + ": write it like this");
    }
    return found.get(0);
  }

  /** The definitions that stay: of the chosen tables, and of those along. */
  public boolean keeps(TableName table) {
    return chosen.stream().anyMatch(entry -> TableName.of(entry).equals(table))
        || along.stream().anyMatch(needed -> needed.table().equals(table));
  }

  public boolean has(Entry entry) {
    return tables.contains(entry);
  }

  /**
   * What a person wrote.
   *
   * @param label without quotes
   * @param exact schema and table, when at least one of the two was quoted by itself; else null
   */
  public record Name(String label, TableName exact) {
    boolean is(TableName table) {
      return exact == null ? label.equals(table.label()) : exact.equals(table);
    }
  }

  /** Takes {@code a, "b, ""c""", "d.e".f} apart. */
  public static List<Name> names(String parameter, String list) {
    List<Name> names = new ArrayList<>();
    int at = 0;
    while (list != null && at <= list.length()) {
      List<String> segments = new ArrayList<>();
      boolean quoted = false;
      boolean more = true;
      while (more) {
        at = blanks(list, at);
        StringBuilder segment = new StringBuilder();
        if (at < list.length() && list.charAt(at) == '"') {
          quoted = true;
          at = quoted(parameter, list, at + 1, segment);
        } else {
          // A dot divides only where a quote follows, or came before: "a.b" is one label else.
          int end = at;
          while (end < list.length()
              && list.charAt(end) != ','
              && !(list.charAt(end) == '.' && list.startsWith("\"", end + 1))) {
            end++;
          }
          segment.append(list.substring(at, end).strip());
          at = end;
        }
        segments.add(segment.toString());
        more = at < list.length() && list.charAt(at) == '.';
        at += more ? 1 : 0;
      }
      if (segments.stream().anyMatch(String::isEmpty)
          || segments.size() > 2
          || (at < list.length() && list.charAt(at) != ',')) {
        throw new InvalidInputException(
            "params." + parameter, "must be names between commas; quote one that holds a comma");
      }
      names.add(
          new Name(
              String.join(".", segments),
              quoted && segments.size() == 2
                  ? new TableName(segments.get(0), segments.get(1))
                  : null));
      at++;
    }
    return names;
  }

  private static int blanks(String list, int from) {
    int at = from;
    while (at < list.length() && list.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static int quoted(String parameter, String list, int from, StringBuilder name) {
    int at = from;
    while (at < list.length()) {
      char here = list.charAt(at++);
      if (here != '"') {
        name.append(here);
      } else if (at < list.length() && list.charAt(at) == '"') {
        name.append(here);
        at++;
      } else {
        return blanks(list, at);
      }
    }
    throw new InvalidInputException("params." + parameter, "has a quote that does not end");
  }

  /** Says what is called alike, by how many letters differ. */
  private static InvalidInputException unknown(String parameter, String name, List<String> there) {
    List<String> near =
        new TreeSet<>(there)
            .stream().sorted(Comparator.comparingInt(one -> distance(name, one))).toList();
    String some = String.join(", ", near.subList(0, Math.min(NEARBY, near.size())));
    return new InvalidInputException(
        "params." + parameter,
        "the snapshot has no '"
            + name
            + "'; it has "
            + (some.isEmpty() ? "no tables" : some)
            + (near.size() > NEARBY ? " and " + (near.size() - NEARBY) + " more" : ""));
  }

  /**
   * Levenshtein's distance, case aside; 0 when one is the end of the other.
   *
   * @see <a href="https://en.wikipedia.org/wiki/Levenshtein_distance">Levenshtein distance</a>
   */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    if (b.endsWith("." + a)) {
      return 0;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
