package routes.backup.postgres.archive;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import routes.backup.postgres.database.NotEqualException;

/**
 * What a restore that keeps going could not restore, with the server's message. Safe for several
 * threads.
 */
public final class RestoreFailures {

  /** pg_restore names the entry, then tells the error, then the statement. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "pg_restore: from TOC entry (\\d+);.*?\\Rpg_restore: error: "
              + "(?:could not execute query: )?(.*?)(?=\\RCommand was:|\\Rpg_restore: |\\z)",
          Pattern.DOTALL);

  private static final String WENT_ON = "errors ignored on restore";

  private final Map<String, String> messages = new LinkedHashMap<>();

  public synchronized void add(String what, String message) {
    messages.merge(what, message, (one, other) -> one.equals(other) ? one : one + "; " + other);
  }

  /** One sentence an object. */
  public synchronized List<String> list() {
    List<String> all = new ArrayList<>();
    messages.forEach((what, message) -> all.add(what + ": " + message));
    return all;
  }

  public synchronized boolean has(String what) {
    return messages.containsKey(what);
  }

  /** Whether this object failed, for whatever reason. */
  public synchronized boolean hasOf(String words) {
    return messages.keySet().stream()
        .anyMatch(what -> what.equals(words) || what.startsWith(words + " was not restored"));
  }

  /**
   * Adds what a comparison found, unless the server told why.
   *
   * @param damage that begins with the object
   */
  public synchronized void addUnlessKnown(String damage) {
    if (messages.keySet().stream().noneMatch(what -> damage.startsWith(what + " "))) {
      messages.put(damage, "nothing says why");
    }
  }

  /**
   * Takes over what pg_restore said of single objects.
   *
   * @param tried what it was to restore
   * @return false when it ended for another reason, such as a lost connection
   */
  public boolean takes(String said, TableOfContents tried) {
    if (!said.contains(WENT_ON)) {
      return false;
    }
    Matcher entry = ENTRY.matcher(said);
    while (entry.find()) {
      int id = Integer.parseInt(entry.group(1));
      String what =
          tried.lines().stream()
              .filter(line -> line.id() == id)
              .map(line -> ObjectComparison.Key.of(line).words())
              .findFirst()
              .orElse("entry " + id);
      add(what, brief(entry.group(2)));
    }
    return true;
  }

  /** What happened and to which row, without the place in the statement and the hints. */
  private static String brief(String message) {
    List<String> parts =
        message
            .lines()
            .filter(line -> line.startsWith("ERROR:") || line.startsWith("DETAIL:"))
            .toList();
    return String.join("; ", parts.isEmpty() ? message.lines().toList() : parts)
        .replaceAll("\\s+", " ");
  }

  /** Work on one object: what fails there keeps nothing else from being restored. */
  public interface Work {
    void go() throws Exception;
  }

  /**
   * @param failures null: nothing may fail
   */
  public static void tried(RestoreFailures failures, String what, Work work) throws Exception {
    if (failures == null) {
      work.go();
      return;
    }
    try {
      work.go();
    } catch (NotEqualException | DamagedException e) {
      failures.add(what, e.getMessage());
    } catch (SQLException e) {
      if (isOfConnection(e)) {
        throw e;
      }
      failures.add(what, e.getMessage());
    }
  }

  /**
   * Whether the session is gone, or the server goes: the next object would fail likewise. An error
   * that the server told of itself is of the object, whatever its state: a check may read a foreign
   * server that is unreachable.
   */
  public static boolean isOfConnection(SQLException e) {
    return !(find(e) instanceof PSQLException told)
        || told.getServerErrorMessage() == null
        || String.valueOf(e.getSQLState()).startsWith("57P");
  }

  /** Errors are told again with the name of their table. */
  private static Throwable find(Throwable e) {
    Throwable at = e;
    while (!(at instanceof PSQLException) && at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }
}
