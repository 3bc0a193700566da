package routes.backup.postgres.database;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import routes.backup.postgres.session.Sql;

/**
 * What a database holds, as one snapshot of it sees it.
 *
 * @param identity the server's and database's settings a restore must meet
 * @param tables leaf tables with rows of their own, and configuration tables of extensions
 * @param sequences all of them
 * @param largeObjects whether there are any
 * @param invalid indexes and constraints that are not valid, in words, for a drill to compare
 * @param needs what a restore must find on its server
 * @param at the moment of the snapshot, by the server's clock
 * @param lsn write-ahead log position, or null on servers that do not tell
 */
public record Database(
    Identity identity,
    List<Table> tables,
    List<Sequence> sequences,
    boolean largeObjects,
    List<String> invalid,
    ServerRequirements needs,
    Instant at,
    String lsn) {

  /**
   * What must be equal for a restored database to compare equal.
   *
   * @param version such as {@code 15.18 (Debian …)}
   * @param major such as 15
   * @param provider {@code c} libc or {@code i} ICU
   */
  public record Identity(
      String database,
      String version,
      int major,
      String encoding,
      String collate,
      String ctype,
      String provider,
      String icuLocale,
      String systemIdentifier) {

    public Map<String, Object> asMap() {
      Map<String, Object> map = new TreeMap<>();
      map.put("database", database);
      map.put("version", version);
      map.put("major", major);
      map.put("encoding", encoding);
      map.put("collate", collate);
      map.put("ctype", ctype);
      map.put("provider", provider);
      if (icuLocale != null) {
        map.put("icuLocale", icuLocale);
      }
      if (systemIdentifier != null) {
        map.put("systemIdentifier", systemIdentifier);
      }
      return map;
    }

    public static Identity of(Map<String, Object> map) {
      return new Identity(
          (String) map.get("database"),
          (String) map.get("version"),
          ((Number) map.get("major")).intValue(),
          (String) map.get("encoding"),
          (String) map.get("collate"),
          (String) map.get("ctype"),
          (String) map.get("provider"),
          (String) map.get("icuLocale"),
          (String) map.get("systemIdentifier"));
    }
  }

  /**
   * A table with rows of its own.
   *
   * @param columns those that are stored, in order; generated ones are not
   * @param filter {@code WHERE …} of an extension's configuration table, else null
   * @param root table through which the rows are loaded, since another partition may get them in a
   *     restored database; else null
   * @param encoding of the content, as the server calls it; null: UTF-8
   * @param bytes size on disk, an estimate of what is to be read
   */
  public record Table(
      long oid,
      String schema,
      String name,
      List<String> columns,
      String filter,
      Root root,
      String encoding,
      long bytes) {

    public String label() {
      return Sql.label(schema, name);
    }

    public String sql() {
      return Sql.name(schema, name);
    }

    /** COPY of the table's own rows: those of children are their own entries. */
    public String copyOut() {
      if (filter != null) {
        String list =
            columns.isEmpty() ? "" : String.join(", ", columns.stream().map(Sql::name).toList());
        return "COPY (SELECT %s FROM ONLY %s %s) TO STDOUT%s"
            .formatted(list, sql(), filter, with());
      }
      return "COPY " + sql() + columnList() + " TO STDOUT" + with();
    }

    /**
     * @param frozen whether the table was made or emptied in this transaction; not through a root
     */
    public String copyIn(boolean frozen) {
      return "COPY "
          + (root == null ? sql() : root.sql())
          + columnList()
          + " FROM STDIN"
          + with(frozen ? "FREEZE" : null);
    }

    /** COPY of all rows below the root, in no order. */
    public String copyRoot() {
      String list = String.join(", ", columns.stream().map(Sql::name).toList());
      return "COPY (SELECT " + list + " FROM " + root.sql() + ") TO STDOUT" + with();
    }

    private String with(String... options) {
      // The rows' own: no server refuses what it holds, and no translation there and back differs.
      String own = encoding == null ? null : "ENCODING " + Sql.literal(encoding);
      List<String> all =
          Stream.concat(Stream.of(options), Stream.of(own)).filter(Objects::nonNull).toList();
      return all.isEmpty() ? "" : " WITH (" + String.join(", ", all) + ")";
    }

    private String columnList() {
      // A table of no columns has rows all the same; "()" would not parse.
      return columns.isEmpty() ? "" : " " + Sql.names(columns);
    }

    public Map<String, Object> about() {
      Map<String, Object> about = new TreeMap<>();
      about.put("schema", schema);
      about.put("table", name);
      about.put("columns", columns);
      if (filter != null) {
        about.put("filter", filter);
      }
      if (root != null) {
        about.put("through", root.about());
      }
      if (encoding != null) {
        about.put("encoding", encoding);
      }
      return about;
    }

    @SuppressWarnings("unchecked")
    public static Table of(Map<String, Object> about, long bytes) {
      return new Table(
          0,
          (String) about.get("schema"),
          (String) about.get("table"),
          (List<String>) about.get("columns"),
          (String) about.get("filter"),
          Root.of(about.get("through")),
          (String) about.get("encoding"),
          bytes);
    }

    /** The same, loaded through a table; null: into itself. */
    public Table through(Root other) {
      return new Table(oid, schema, name, columns, filter, other, encoding, bytes);
    }
  }

  /** A partitioned table through which the rows of its partitions are loaded. */
  public record Root(String schema, String name) {
    public String sql() {
      return Sql.name(schema, name);
    }

    public String label() {
      return Sql.label(schema, name);
    }

    private Map<String, Object> about() {
      return new TreeMap<>(Map.of("schema", schema, "table", name));
    }

    private static Root of(Object about) {
      return about instanceof Map<?, ?> map
          ? new Root((String) map.get("schema"), (String) map.get("table"))
          : null;
    }
  }

  /** The same, with sizes that were measured. */
  public Database withSizes(Map<Long, Long> bytes) {
    List<Table> sized =
        tables.stream()
            .map(
                t ->
                    new Table(
                        t.oid(),
                        t.schema(),
                        t.name(),
                        t.columns(),
                        t.filter(),
                        t.root(),
                        t.encoding(),
                        bytes.getOrDefault(t.oid(), t.bytes())))
            .toList();
    return new Database(identity, sized, sequences, largeObjects, invalid, needs, at, lsn);
  }

  /** A sequence. */
  public record Sequence(String schema, String name) {
    String sql() {
      return Sql.name(schema, name);
    }

    String label() {
      return Sql.label(schema, name);
    }
  }
}
