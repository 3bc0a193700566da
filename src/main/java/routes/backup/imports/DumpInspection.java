package routes.backup.imports;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import routes.backup.postgres.script.ScriptException;
import routes.backup.postgres.script.SqlRules;
import routes.backup.postgres.script.SqlScript;

/**
 * Looks at a dump as it goes by: whether it is one, is whole, and could be restored. {@code kill -9
 * pg_dump} under {@code | gzip} leaves a sound file and the exit code 0; only its last line tells.
 */
final class DumpInspection implements SqlScript.Sink {

  private static final String ONE = "PostgreSQL database dump";
  private static final String ALL = "PostgreSQL database cluster dump";
  private static final String COMPLETE = " complete";
  private static final String FROM = "Dumped from database version ";
  private static final String BY = "Dumped by pg_dump version ";

  private final SqlScript script = new SqlScript(this);
  private final Set<String> databases = new LinkedHashSet<>();
  private String begun;
  private boolean complete;
  private long statements;
  private long rows;
  private String serverVersion;
  private String clientVersion;

  /**
   * @throws RefusedException when it is no dump that could be restored
   */
  void feed(byte[] source, int offset, int length) throws RefusedException {
    try {
      script.feed(source, offset, length);
    } catch (ScriptException e) {
      throw new RefusedException(e.getMessage(), e);
    }
  }

  /**
   * To be called at its end.
   *
   * @throws RefusedException when it is not all there
   */
  void finish() throws RefusedException {
    try {
      script.finish();
    } catch (ScriptException e) {
      throw new RefusedException("is incomplete: " + e.getMessage(), e);
    }
    if (begun == null) {
      throw new RefusedException(
          statements == 0 ? "holds nothing: the dump failed" : "does not begin like a dump");
    }
    if (!complete) {
      throw new RefusedException(
          "is incomplete: it does not end with \"-- " + begun + COMPLETE + "\"");
    }
  }

  /**
   * Which of its databases is meant.
   *
   * @param wanted name to look for in a dump of several
   * @return null when the dump is of one and does not name it
   * @throws RefusedException when it is not in there
   */
  String database(String wanted) throws RefusedException {
    if (databases.size() == 1 && begun.equals(ONE)) {
      return databases.iterator().next();
    }
    if (databases.isEmpty() && begun.equals(ONE)) {
      return null;
    }
    if (!databases.contains(wanted)) {
      throw new RefusedException(
          "holds the databases " + databases + " but not " + wanted + ", which is looked for");
    }
    return wanted;
  }

  /** What a restore and people want to know. */
  Map<String, Object> about() {
    return new TreeMap<>(Map.of("statements", statements, "rows", rows));
  }

  /** Of the server it was dumped from, or null. */
  String serverVersion() {
    return serverVersion;
  }

  /** Of the pg_dump that made it, or null. */
  String clientVersion() {
    return clientVersion;
  }

  @Override
  public void statement(SqlScript.Statement statement) {
    complete = false;
    statements++;
    if (begun == null) {
      throw notFirst(statement);
    }
    SqlRules.requireKnown(
        statement.line(), new String(statement.text(), StandardCharsets.ISO_8859_1));
  }

  private static RuntimeException notFirst(SqlScript.Statement statement) {
    return SqlRules.refused(statement.line(), "does not begin like a dump of pg_dump");
  }

  @Override
  public void copy(SqlScript.Statement statement) {
    complete = false;
    statements++;
    if (begun == null) {
      throw notFirst(statement);
    }
  }

  @Override
  public void rows(byte[] source, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      if (source[at] == '\n') {
        rows++;
      }
    }
  }

  @Override
  public void endCopy() {
    // its rows were counted as they came
  }

  @Override
  public void connect(String database) {
    complete = false;
    databases.add(database);
  }

  @Override
  public void comment(String text) {
    if (begun == null && (text.equals(ONE) || text.equals(ALL))) {
      begun = text;
    } else if (begun != null && text.equals(begun + COMPLETE)) {
      complete = true;
    } else if (serverVersion == null && text.startsWith(FROM)) {
      serverVersion = version(text, FROM);
    } else if (clientVersion == null && text.startsWith(BY)) {
      clientVersion = version(text, BY);
    }
  }

  /** Such as {@code 15.13} of {@code 15.13 (Debian 15.13-1)}. */
  private static String version(String text, String before) {
    return text.substring(before.length()).split(" ", 2)[0];
  }
}
