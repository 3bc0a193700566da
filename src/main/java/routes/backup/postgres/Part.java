package routes.backup.postgres;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import routes.platform.error.InvalidInputException;
import routes.repository.Entry;
import routes.repository.EntryKind;
import routes.repository.Manifest;

/**
 * The tables of a snapshot that are to be restored. Pure.
 *
 * @param tables entries of the snapshot
 */
public record Part(List<Entry> tables) {

  private static final int NEARBY = 5;

  /**
   * Finds what a person names.
   *
   * @param schemas all of their tables, names between commas; may be null
   * @param tables {@code schema.table} as the snapshot lists them, between commas; may be null. A
   *     name that holds a comma is put in double quotes, double quotes in it doubled
   * @return null when neither is given: the whole snapshot
   * @throws InvalidInputException naming {@code params.schemas} or {@code params.tables}, and what
   *     there is instead
   */
  public static Part of(Manifest manifest, String schemas, String tables) {
    if (schemas == null && tables == null) {
      return null;
    }
    List<Entry> all =
        manifest.entries().stream().filter(entry -> entry.kind() == EntryKind.TABLE).toList();
    Set<Entry> chosen = new LinkedHashSet<>();
    for (String name : names("schemas", schemas)) {
      List<Entry> found = all.stream().filter(entry -> schema(entry).equals(name)).toList();
      if (found.isEmpty()) {
        throw unknown("schemas", name, all.stream().map(Part::schema).toList());
      }
      chosen.addAll(found);
    }
    for (String name : names("tables", tables)) {
      chosen.add(
          all.stream()
              .filter(entry -> entry.name().equals(name))
              .findFirst()
              .orElseThrow(() -> unknown("tables", name, all.stream().map(Entry::name).toList())));
    }
    return new Part(List.copyOf(chosen));
  }

  private static String schema(Entry table) {
    return (String) table.about().get("schema");
  }

  boolean has(Entry entry) {
    return tables.contains(entry);
  }

  /** Takes {@code a, "b, ""c"""} apart. */
  static List<String> names(String parameter, String list) {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (list != null && at <= list.length()) {
      while (at < list.length() && list.charAt(at) == ' ') {
        at++;
      }
      StringBuilder name = new StringBuilder();
      if (at < list.length() && list.charAt(at) == '"') {
        at = quoted(parameter, list, at + 1, name);
      } else {
        int comma = list.indexOf(',', at);
        int end = comma < 0 ? list.length() : comma;
        name.append(list.substring(at, end).strip());
        at = end;
      }
      if (name.isEmpty() || (at < list.length() && list.charAt(at) != ',')) {
        throw new InvalidInputException(
            "params." + parameter, "must be names between commas; quote one that holds a comma");
      }
      names.add(name.toString());
      at++;
    }
    return names;
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
        while (at < list.length() && list.charAt(at) == ' ') {
          at++;
        }
        return at;
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
