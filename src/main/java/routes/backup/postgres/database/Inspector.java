package routes.backup.postgres.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Sql;
import routes.kernel.SqlFile;
import routes.kernel.errors.PermanentException;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.stores.postgres.PostgresAddress;

/** Reads what a database holds, and names what this role may not read before anything is copied. */
public record Inspector(PinnedSession session) {

  private static final String TABLES = SqlFile.load("backup/tables");

  /** Bytes that are not of the encoding, and characters that another one lacks. */
  private static final Set<String> UNTRANSLATABLE = Set.of("22021", "22P05");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};

  /**
   * How to speak to a database so that all of its names and definitions can be read: in UTF-8, or
   * in its own bytes when some have no translation to it, as in SQL_ASCII databases.
   */
  public static PostgresAddress readable(PostgresAddress address) throws SQLException {
    try (PinnedSession session = PinnedSession.open(address, "backup")) {
      if (!session.encoding().equals("UTF8")) {
        new Inspector(session).database();
      }
      return address;
    } catch (PermanentException e) {
      return address; // who reads it is told
    } catch (SQLException e) {
      if (UNTRANSLATABLE.contains(String.valueOf(e.getSQLState()))) {
        return PinnedSession.inBytes(address);
      }
      throw e;
    }
  }

  /** A table, or a partitioned parent, that a backup must hold a lock on. */
  public record Lockable(long oid, String sql, String label) {}

  /** Everything that must not change its shape while a backup reads. */
  public List<Lockable> lockables() throws SQLException {
    return rows(
        TABLES,
        row -> {
          String schema = row.getString("nspname");
          String name = row.getString("relname");
          return new Lockable(row.getLong("oid"), Sql.name(schema, name), Sql.label(schema, name));
        });
  }

  /**
   * @throws PermanentException naming every object this role may not read, and the GRANT that is
   *     missing
   */
  public Database database() throws SQLException {
    Database.Identity identity = identity();
    MissingGrants missing = new MissingGrants();
    List<Database.Table> tables = tables(identity, missing);
    List<Database.Sequence> sequences = sequences(missing);
    rows(
        SqlFile.load("backup/large-objects-denied"),
        row -> missing.add("SELECT ON LARGE OBJECT " + row.getLong(1)));
    if (!missing.isEmpty()) {
      throw missing.refusal(single("SELECT current_user", text -> text));
    }
    return new Database(
        identity,
        tables,
        sequences,
        single("SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)", "t"::equals),
        invalid(),
        needs(),
        row("SELECT pg_catalog.clock_timestamp()", row -> row.getTimestamp(1).toInstant()),
        single(
            "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN"
                + " pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END",
            text -> text));
  }

  /**
   * Whether the server's lock table has room for every table in so many sessions, pg_dump's own
   * included, with half of it left to others.
   */
  public boolean lockTableHolds(int sessions) throws SQLException {
    long room =
        single(
            "SELECT current_setting('max_locks_per_transaction')::bigint"
                + " * (current_setting('max_connections')::bigint"
                + " + current_setting('max_prepared_transactions')::bigint) / 2",
            Long::valueOf);
    return (sessions + 1L) * lockables().size() <= room;
  }

  /** Sizes on disk by oid, bytes; to be asked when every table is locked. */
  public Map<Long, Long> sizes() throws SQLException {
    Map<Long, Long> sizes = new HashMap<>();
    rows(SqlFile.load("backup/sizes"), row -> sizes.put(row.getLong("oid"), row.getLong("bytes")));
    return sizes;
  }

  public Database.Identity identity() throws SQLException {
    // Superusers and monitors only; it tells two servers of one name apart.
    String system =
        single(
                "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()',"
                    + " 'EXECUTE')",
                "t"::equals)
            ? single("SELECT system_identifier FROM pg_catalog.pg_control_system()", text -> text)
            : null;
    return row(
        SqlFile.load("backup/identity"),
        row ->
            new Database.Identity(
                row.getString("datname"),
                row.getString("version"),
                row.getInt("major"),
                row.getString("encoding"),
                row.getString("datcollate"),
                row.getString("datctype"),
                row.getString("provider"),
                row.getString("icu_locale"),
                system));
  }

  /** Tables with columns that a function of users computes. */
  public List<Entry.Key> generated() throws SQLException {
    return rows(
        SqlFile.load("backup/generated"),
        row -> new Entry.Key(EntryKind.TABLE, row.getString("nspname"), row.getString("relname")));
  }

  public List<String> extensions() throws SQLException {
    return rows("SELECT extname FROM pg_catalog.pg_extension", row -> row.getString(1));
  }

  /** Indexes and constraints that are not valid, in words. */
  public List<String> invalid() throws SQLException {
    return rows(SqlFile.load("backup/invalid"), row -> row.getString(1));
  }

  /** What a backup by this role lacks, though all tables may be read; in words. */
  public List<String> hidden() throws SQLException {
    return rows(SqlFile.load("backup/hidden"), row -> row.getString(1));
  }

  public ServerRequirements needs() throws SQLException {
    List<String> roles = rows(SqlFile.load("backup/roles"), row -> row.getString(1));
    return ServerRequirements.parse(single(SqlFile.load("backup/needs"), text -> text), roles);
  }

  /**
   * A partition whose rows are loaded through another table.
   *
   * @param columns of the root, those that are stored, in order
   */
  public record Rooted(long oid, Entry.Key partition, Database.Root root, List<String> columns) {}

  /** All of them. */
  public List<Rooted> rooted() throws SQLException {
    return rows(
        SqlFile.load("backup/roots"),
        row ->
            new Rooted(
                row.getLong("oid"),
                new Entry.Key(EntryKind.TABLE, row.getString("nspname"), row.getString("relname")),
                new Database.Root(row.getString("root_schema"), row.getString("root_name")),
                columns(row.getString("columns"))));
  }

  private List<Database.Table> tables(Database.Identity identity, MissingGrants missing)
      throws SQLException {
    Map<Long, Rooted> rooted = new HashMap<>();
    rooted().forEach(one -> rooted.put(one.oid(), one));
    String encoding = identity.encoding().equals("UTF8") ? null : identity.encoding();
    List<Database.Table> tables = new ArrayList<>();
    rows(
        TABLES,
        row -> {
          Rooted root = rooted.get(row.getLong("oid"));
          Database.Table table =
              new Database.Table(
                  row.getLong("oid"),
                  row.getString("nspname"),
                  row.getString("relname"),
                  // In the root's order: rows of all its partitions are compared together.
                  root == null ? columns(row.getString("columns")) : root.columns(),
                  row.getString("filter"),
                  root == null ? null : root.root(),
                  encoding,
                  row.getLong("bytes"));
          missing.look(row, table.schema(), table.sql());
          if (row.getBoolean("row_security")) {
            missing.add("BYPASSRLS, for " + table.sql() + " hides rows from it");
          }
          if (row.getString("relkind").equals("r")) {
            tables.add(table);
          }
          return table;
        });
    return tables;
  }

  private List<Database.Sequence> sequences(MissingGrants missing) throws SQLException {
    return rows(
        SqlFile.load("backup/sequences"),
        row -> {
          Database.Sequence sequence =
              new Database.Sequence(row.getString("nspname"), row.getString("relname"));
          missing.look(row, sequence.schema(), "SEQUENCE " + sequence.sql());
          return sequence;
        });
  }

  private static List<String> columns(String json) throws SQLException {
    try {
      return JSON.readValue(json, NAMES);
    } catch (JsonProcessingException e) {
      throw new SQLException("the server's list of columns is not a JSON array", e);
    }
  }

  /** Reads one row. */
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> T single(String sql, java.util.function.Function<String, T> reader)
      throws SQLException {
    return row(sql, row -> reader.apply(row.getString(1)));
  }

  private <T> T row(String sql, RowReader<T> reader) throws SQLException {
    List<T> all = rows(sql, reader);
    if (all.size() != 1) {
      throw new SQLException("expected one row, got " + all.size());
    }
    return all.get(0);
  }

  public <T> List<T> rows(String sql, RowReader<T> reader) throws SQLException {
    List<T> all = new ArrayList<>();
    try (Statement statement = session.jdbc().createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        all.add(reader.read(result));
      }
    }
    return all;
  }
}
