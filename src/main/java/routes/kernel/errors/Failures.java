package routes.kernel.errors;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What a failure means. Pure: the error policy of routes and the runner of jobs both ask here. */
public final class Failures {

  /**
   * SQLSTATE classes that a repeat cannot heal: authorisation, privileges, syntax, unknown names.
   */
  private static final Set<String> PERMANENT_SQL = Set.of("28", "42", "3D", "3F", "0A", "22");

  /** Connection failures, a server that stops or has no room left. */
  private static final Set<String> AWAY_SQL = Set.of("08", "53", "57P0");

  private Failures() {}

  /** True when the caller made the mistake. */
  public static boolean isCallers(Throwable failure) {
    return find(failure, ClientException.class) != null;
  }

  /** True when another attempt, later, may succeed. */
  public static boolean mayHeal(Throwable failure) {
    if (isCallers(failure) || find(failure, PermanentException.class) != null) {
      return false;
    }
    SQLException sql = find(failure, SQLException.class);
    if (sql != null && sql.getSQLState() != null && sql.getSQLState().length() == 5) {
      // Undefined table: dropped while we ran; the next attempt will not look for it.
      return sql.getSQLState().equals("42P01")
          || !PERMANENT_SQL.contains(sql.getSQLState().substring(0, 2));
    }
    return !(find(failure, Error.class) != null);
  }

  /** The problem a failure is told as: the caller's own mistake in full, ours without internals. */
  public static Problem toProblem(Throwable failure) {
    ClientException mistake = find(failure, ClientException.class);
    if (mistake == null && isStoreAway(failure)) {
      return Problem.of(
          503, "Unavailable", "the hub's database does not answer; ask again in a while");
    }
    if (mistake == null && find(failure, RedisUnavailableException.class) != null) {
      return Problem.of(
          503, "Unavailable", "the hub's Redis does not answer; ask again in a while");
    }
    OverloadedException overloaded = find(failure, OverloadedException.class);
    if (mistake == null && overloaded != null) {
      return Problem.of(503, "Unavailable", overloaded.getMessage());
    }
    return mistake != null
        ? Problem.of(mistake)
        : Problem.of(500, "Internal error", "the hub failed; its log has the trace id");
  }

  /** True when the database could not be asked: refused, cut, shutting down, or out of room. */
  public static boolean isStoreAway(Throwable failure) {
    if (find(failure, SQLTransientConnectionException.class) != null) {
      return true;
    }
    SQLException sql = find(failure, SQLException.class);
    String state = sql == null ? null : sql.getSQLState();
    return state != null && AWAY_SQL.stream().anyMatch(state::startsWith);
  }

  /** First of a type in the chain of causes, or null. */
  public static <T extends Throwable> T find(Throwable failure, Class<T> type) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < 32; depth++, at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }

  /** The last of the chain of causes: what happened first. */
  public static Throwable root(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  /** One line for people: messages of the chain that add something, most general first. */
  public static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    Throwable at = failure;
    for (int depth = 0; at != null && depth < 8; depth++, at = at.getCause()) {
      String message = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
      message = message.strip();
      if (text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }
}
