package routes.backup.postgres.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the objects of a snapshot with those of the database it was restored into, by kind,
 * schema and name. Texts of definitions prove nothing: PostgreSQL prints some otherwise once they
 * were restored ({@code IN} lists, for one). Pure.
 *
 * @param missing objects of the snapshot that are not there
 * @param damage these, and objects that nobody asked for, in words
 * @param notes differences that are no damage
 */
public record ObjectComparison(List<Key> missing, List<String> damage, List<String> notes) {

  private static final int MOST_NAMED = 10;
  private static final int NAMES_A_LINE = 50;

  /**
   * Large objects are compared by their contents, extensions by the catalogue, and privileges are
   * restored or not as a whole.
   */
  private static final Set<String> APART =
      Set.of("BLOB", "BLOBS", "BLOB METADATA", "EXTENSION", "ACL", "DEFAULT ACL");

  /** How the name of a comment on one of these begins. */
  private static final List<String> APART_COMMENTS = List.of("LARGE OBJECT ", "EXTENSION ");

  /** What an object is known by. */
  public record Key(String kind, String schema, String name) {
    public static Key of(TableOfContents.Line line) {
      return new Key(line.kind(), line.schema(), line.name());
    }

    public String label() {
      return ((schema.isEmpty() ? "" : schema + ".") + name).replaceAll("[\\r\\n]", " ");
    }

    public String words() {
      return kind.toLowerCase(Locale.ROOT) + " " + label();
    }
  }

  /**
   * @param expected what the snapshot holds and was to be restored
   * @param optional of these, what may be missing: only a superuser makes it
   * @param actual what a dump of the restored database holds
   * @param sameProgram whether one version of pg_dump wrote both: else texts are not compared
   */
  public static ObjectComparison of(
      TableOfContents expected,
      TableOfContents optional,
      TableOfContents actual,
      boolean sameProgram) {
    Map<Key, List<String>> wanted = definitions(expected);
    Map<Key, List<String>> may = definitions(optional);
    Map<Key, List<String>> found = definitions(actual);
    List<Key> missing = new ArrayList<>();
    List<String> damage = new ArrayList<>();
    List<String> otherwise = new ArrayList<>();
    wanted.forEach(
        (key, texts) -> {
          int there = found.getOrDefault(key, List.of()).size();
          if (there < texts.size() && !may.containsKey(key)) {
            missing.add(key);
            damage.add(key.words() + " was not restored");
          } else if (there == texts.size() && sameProgram && !texts.equals(found.get(key))) {
            otherwise.add(key.words());
          }
        });
    found.forEach(
        (key, texts) -> {
          if (texts.size() > wanted.getOrDefault(key, List.of()).size() && !may.containsKey(key)) {
            damage.add(key.words() + " is not in the snapshot");
          }
        });
    return new ObjectComparison(
        List.copyOf(missing),
        List.copyOf(damage),
        otherwise.isEmpty()
            ? List.of()
            : List.of(
                "pg_dump prints "
                    + otherwise.size()
                    + " definitions otherwise than in the snapshot, which is not damage: "
                    + named(otherwise)));
  }

  /** All that is missing, by kind: what is silently missing is missed when it is too late. */
  public List<String> leftOut() {
    Map<String, List<String>> byKind = new TreeMap<>();
    for (Key key : missing) {
      byKind.computeIfAbsent(key.kind(), kind -> new ArrayList<>()).add(key.label());
    }
    List<String> lines = new ArrayList<>();
    byKind.forEach(
        (kind, names) -> {
          for (int at = 0; at < names.size(); at += NAMES_A_LINE) {
            List<String> some = names.subList(at, Math.min(at + NAMES_A_LINE, names.size()));
            lines.add(
                "left out, as it is of tables that were not chosen: %s %s"
                    .formatted(kind.toLowerCase(Locale.ROOT), String.join(", ", some)));
          }
        });
    return lines;
  }

  /** The first few of a list, and how many more there are. */
  public static String named(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())))
        + (all.size() > MOST_NAMED ? " and " + (all.size() - MOST_NAMED) + " more" : "");
  }

  /** Sorted texts by key: two objects may have one, such as two casts between domains. */
  private static Map<Key, List<String>> definitions(TableOfContents contents) {
    Map<Key, List<String>> all = new LinkedHashMap<>();
    for (TableOfContents.Line line : contents.lines()) {
      if (!apart(line)) {
        all.computeIfAbsent(Key.of(line), key -> new ArrayList<>()).add(line.definition());
      }
    }
    all.values().forEach(texts -> texts.sort(null));
    return all;
  }

  private static boolean apart(TableOfContents.Line line) {
    return APART.contains(line.kind())
        // Every database has one; whether a dump tells it depends on its owner.
        || line.kind().equals("SCHEMA") && line.name().equals("public")
        || line.kind().equals("COMMENT")
            && (line.name().equals("SCHEMA public")
                || APART_COMMENTS.stream().anyMatch(line.name()::startsWith));
  }

  /**
   * Compares extensions by name. Their versions are the server's: a dump does not ask for one.
   *
   * @param found names
   */
  public ObjectComparison withExtensions(TableOfContents expected, List<String> found) {
    return with(
        expected.kind("EXTENSION").lines().stream()
            .map(TableOfContents.Line::name)
            .filter(name -> !found.contains(name))
            .map(name -> "extension " + name + " was not restored")
            .toList());
  }

  /**
   * Compares what is not valid: an index that is not whole, a constraint that rows may break.
   *
   * @param wanted what was so in the source, in words; null when the snapshot does not tell
   * @param found what is so in the restored database
   */
  public ObjectComparison withInvalid(List<String> wanted, List<String> found) {
    return wanted == null
        ? this
        : with(
            found.stream()
                .filter(one -> !wanted.contains(one))
                .map(one -> one + " is not valid here, and was in the source")
                .toList());
  }

  private ObjectComparison with(List<String> more) {
    List<String> all = new ArrayList<>(damage);
    all.addAll(more);
    return new ObjectComparison(missing, List.copyOf(all), notes);
  }
}
