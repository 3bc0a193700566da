package routes.backup.postgres.script;

/** A script that is not what {@code pg_dump} writes; the message begins with the line. */
public final class ScriptException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ScriptException(long line, String what) {
    super("line " + line + ": " + what);
  }
}
