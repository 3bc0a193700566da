package routes.backup.postgres.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import routes.backup.postgres.session.PinnedSession;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;

/**
 * Configuration tables of extensions: made by {@code CREATE EXTENSION} with their foreign keys, so
 * their rows must come in the order of these.
 */
public final class ConfigurationTables {

  private static final String KEYS =
      "SELECT f.nspname, c.relname, t.nspname, p.relname"
          + " FROM pg_catalog.pg_constraint k"
          + " JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
          + " JOIN pg_catalog.pg_namespace f ON f.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_class p ON p.oid = k.confrelid"
          + " JOIN pg_catalog.pg_namespace t ON t.oid = p.relnamespace"
          + " WHERE k.contype = 'f' AND k.conrelid <> k.confrelid";

  private ConfigurationTables() {}

  public static boolean is(Entry entry) {
    return entry.about().get("filter") != null;
  }

  /** A foreign key. */
  public record Key(Entry.Key child, Entry.Key parent) {}

  public static List<Entry> ordered(PinnedSession session, List<Entry> tables) throws SQLException {
    return ordered(
        tables,
        new Inspector(session)
            .rows(
                KEYS,
                row ->
                    new Key(
                        table(row.getString(1), row.getString(2)),
                        table(row.getString(3), row.getString(4)))));
  }

  static Entry.Key table(String schema, String name) {
    return new Entry.Key(EntryKind.TABLE, schema, name);
  }

  /** Parents before children; tables that refer to each other in a circle as they come. */
  public static List<Entry> ordered(List<Entry> tables, List<Key> keys) {
    List<Entry> waiting = new ArrayList<>(tables);
    List<Entry> ordered = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Set<Entry.Key> names = new HashSet<>(waiting.stream().map(Entry::key).toList());
      Entry next =
          waiting.stream()
              .filter(
                  entry ->
                      keys.stream()
                          .noneMatch(
                              key ->
                                  key.child().equals(entry.key()) && names.contains(key.parent())))
              .findFirst()
              .orElse(waiting.get(0));
      waiting.remove(next);
      ordered.add(next);
    }
    return ordered;
  }
}
