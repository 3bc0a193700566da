package routes.backup.postgres.script;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import routes.backup.postgres.archive.DamagedException;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.session.Progress;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.Entry;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/**
 * Runs a dump in the plain format, statement by statement, in one session of an empty database.
 * Unlike psql it stops at the first error, and runs no command on this machine.
 */
public final class SqlLoad {

  /** What {@code encoding}s a dump may have besides UTF-8, and how Java calls them. */
  private static final Map<String, Charset> ENCODINGS =
      Map.ofEntries(
          Map.entry("UTF8", StandardCharsets.UTF_8),
          Map.entry("UNICODE", StandardCharsets.UTF_8),
          // Rows go as they are; what is not UTF-8 in a statement, the server will refuse.
          Map.entry("SQL_ASCII", StandardCharsets.UTF_8),
          Map.entry("LATIN1", StandardCharsets.ISO_8859_1),
          Map.entry("LATIN2", Charset.forName("ISO-8859-2")),
          Map.entry("LATIN9", Charset.forName("ISO-8859-15")),
          Map.entry("WIN1250", Charset.forName("windows-1250")),
          Map.entry("WIN1251", Charset.forName("windows-1251")),
          Map.entry("WIN1252", Charset.forName("windows-1252")));

  private static final Pattern ENCODING =
      Pattern.compile("(?i)SET client_encoding (?:=|TO) '([A-Za-z0-9_-]+)'");

  /**
   * What was run.
   *
   * @param statements count, COPYs included
   * @param tables that were created
   * @param rows that arrived by COPY and INSERT
   */
  public record Loaded(long statements, int tables, long rows) {}

  private final PostgresAddress target;
  private final boolean owners;
  private final RunContext run;

  private static String known(String encoding) {
    return encoding.toUpperCase(java.util.Locale.ROOT).replace("UTF-8", "UTF8");
  }

  /**
   * What Java calls an encoding.
   *
   * @param line of the script
   * @throws ScriptException when it is not known
   */
  static Charset charset(long line, String encoding) {
    Charset charset = ENCODINGS.get(known(encoding));
    if (charset == null) {
      throw new ScriptException(line, "the encoding " + known(encoding) + " is not known here");
    }
    return charset;
  }

  /**
   * @param owners whether owners and privileges are restored
   */
  public SqlLoad(PostgresAddress target, boolean owners, RunContext run) {
    this.target = target;
    this.owners = owners;
    this.run = run;
  }

  /**
   * @throws PermanentException naming the line of what is refused or fails
   * @throws DamagedException when a chunk is missing or corrupt
   */
  public Loaded load(Repository repository, Manifest manifest) throws SQLException, IOException {
    Entry entry = SqlDump.entry(manifest);
    Progress progress = new Progress(run, entry.plainBytes());
    try (Connection connection = target.connect("ml-security-hub restore");
        RunContext.Registration cut =
            run.onStop("restore session", () -> connection.abort(Runnable::run))) {
      Session session = new Session(connection, SqlDump.database(entry));
      SqlScript script = new SqlScript(session);
      new SnapshotReader(repository, manifest, run)
          .read(
              entry,
              chunk -> {
                script.feed(
                    chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
                progress.add(chunk.remaining(), entry.name());
              });
      script.finish();
      session.leftOut.forEach(what -> run.info("left out " + what));
      return new Loaded(session.statements, session.tables, session.rows);
    } catch (ScriptException e) {
      throw new PermanentException(entry.name() + ": " + e.getMessage(), e);
    }
  }

  /** Runs what is of the wanted database. */
  private final class Session implements SqlScript.Sink {
    private final Connection connection;
    private final String wanted;
    private final Set<String> leftOut = new LinkedHashSet<>();
    private String current;
    private Charset charset = StandardCharsets.UTF_8;
    private String encoding = "UTF8";
    private CopyIn copy;
    private String name;
    private long line;
    private long statements;
    private int tables;
    private long rows;

    /**
     * @param wanted whose part is run; null: the dump is of one database and does not name it
     */
    Session(Connection connection, String wanted) {
      this.connection = connection;
      this.wanted = wanted;
    }

    private boolean ours() {
      return wanted == null || wanted.equals(current);
    }

    @Override
    public void connect(String database) {
      current = database;
      if (!ours()) {
        leftOut.add("database " + database);
      }
    }

    @Override
    public void comment(String text) {
      // says nothing to a server
    }

    @Override
    public void statement(SqlScript.Statement statement) {
      String sql = new String(statement.text(), charset);
      if (setsEncoding(sql, statement.line()) || !ours()) {
        return;
      }
      SqlRules.Decision decision = SqlRules.decide(sql, owners);
      switch (decision.verdict()) {
        case REFUSE -> throw new ScriptException(statement.line(), decision.why());
        case LEAVE_OUT -> leftOut.add(decision.why());
        case RUN -> execute(sql, statement.line());
      }
    }

    /** The driver speaks UTF-8 only: statements are translated here, rows by the server. */
    private boolean setsEncoding(String sql, long at) {
      Matcher matcher = ENCODING.matcher(sql);
      if (!matcher.matches()) {
        return false;
      }
      encoding = known(matcher.group(1));
      charset = charset(at, encoding);
      return true;
    }

    private void execute(String sql, long at) {
      run.checkpoint();
      statements++;
      try (java.sql.Statement statement = connection.createStatement()) {
        // "{d …}" is no date in a dump.
        statement.setEscapeProcessing(false);
        statement.execute(sql);
        if (SqlRules.word(sql).equals("INSERT")) {
          rows += Math.max(0, statement.getUpdateCount());
        }
        tables += sql.startsWith("CREATE TABLE") || sql.startsWith("CREATE UNLOGGED TABLE") ? 1 : 0;
      } catch (SQLException e) {
        if (!SqlRules.isHarmless(sql, e.getSQLState())) {
          throw failed(SqlRules.name(sql), at, e);
        }
        leftOut.add(SqlRules.name(sql) + ": " + e.getMessage());
      }
    }

    @Override
    public void copy(SqlScript.Statement statement) {
      if (!ours()) {
        return;
      }
      run.checkpoint();
      statements++;
      String sql = new String(statement.text(), charset);
      name = sql.split("\\s+", 3)[1];
      line = statement.line();
      String from = encoding.equals("UTF8") ? "" : " WITH (ENCODING '" + encoding + "')";
      try {
        copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql + from);
      } catch (SQLException e) {
        throw failed("COPY " + name, line, e);
      }
    }

    @Override
    public void rows(byte[] source, int offset, int length) {
      if (copy == null) {
        return;
      }
      try {
        copy.writeToCopy(source, offset, length);
      } catch (SQLException e) {
        throw failed("COPY " + name, line, e);
      }
    }

    @Override
    public void endCopy() {
      if (copy == null) {
        return;
      }
      try {
        rows += copy.endCopy();
        copy = null;
      } catch (SQLException e) {
        throw failed("COPY " + name, line, e);
      }
    }

    private RuntimeException failed(String what, long at, SQLException e) {
      run.checkpoint(); // who was cancelled did not fail
      String state = String.valueOf(e.getSQLState());
      String message = "line " + at + ": " + what + ": " + e.getMessage();
      return state.matches("(08|53|57|58).*")
          ? new IllegalStateException(message, e)
          : new PermanentException(message, e);
    }
  }
}
