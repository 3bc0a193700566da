package routes.backup.postgres;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
record Database(
    Identity identity,
    List<Table> tables,
    List<Sequence> sequences,
    boolean largeObjects,
    List<String> invalid,
    Needs needs,
    Instant at,
    String lsn) {

  /**
   * What must be equal for a restored database to compare equal.
   *
   * @param version such as {@code 15.18 (Debian …)}
   * @param major such as 15
   * @param provider {@code c} libc or {@code i} ICU
   */
  record Identity(
      String database,
      String version,
      int major,
      String encoding,
      String collate,
      String ctype,
      String provider,
      String icuLocale,
      String systemIdentifier) {

    Map<String, Object> asMap() {
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

    static Identity of(Map<String, Object> map) {
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
   * @param bytes size on disk, an estimate of what is to be read
   */
  record Table(
      long oid, String schema, String name, List<String> columns, String filter, long bytes) {

    String label() {
      return Sql.label(schema, name);
    }

    String sql() {
      return Sql.name(schema, name);
    }

    /** COPY of the table's own rows: those of children are their own entries. */
    String copyOut() {
      if (filter != null) {
        String list =
            columns.isEmpty() ? "" : String.join(", ", columns.stream().map(Sql::name).toList());
        return "COPY (SELECT " + list + " FROM ONLY " + sql() + " " + filter + ") TO STDOUT";
      }
      return "COPY " + sql() + columnList() + " TO STDOUT";
    }

    String copyIn(boolean freeze) {
      return "COPY " + sql() + columnList() + " FROM STDIN" + (freeze ? " WITH (FREEZE)" : "");
    }

    private String columnList() {
      // A table of no columns has rows all the same; "()" would not parse.
      return columns.isEmpty() ? "" : " " + Sql.names(columns);
    }

    Map<String, Object> about() {
      Map<String, Object> about = new TreeMap<>();
      about.put("schema", schema);
      about.put("table", name);
      about.put("columns", columns);
      if (filter != null) {
        about.put("filter", filter);
      }
      return about;
    }

    @SuppressWarnings("unchecked")
    static Table of(Map<String, Object> about, long bytes) {
      return new Table(
          0,
          (String) about.get("schema"),
          (String) about.get("table"),
          (List<String>) about.get("columns"),
          (String) about.get("filter"),
          bytes);
    }
  }

  /** The same, with sizes that were measured. */
  Database withSizes(Map<Long, Long> bytes) {
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
                        bytes.getOrDefault(t.oid(), t.bytes())))
            .toList();
    return new Database(identity, sized, sequences, largeObjects, invalid, needs, at, lsn);
  }

  /** A sequence. */
  record Sequence(String schema, String name) {
    String sql() {
      return Sql.name(schema, name);
    }

    String label() {
      return Sql.label(schema, name);
    }
  }
}
