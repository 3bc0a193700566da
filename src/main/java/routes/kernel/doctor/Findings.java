package routes.kernel.doctor;

import java.util.ArrayList;
import java.util.List;

/** What one check found, line by line. Safe for use by several threads. */
public final class Findings {

  /** How bad it is. */
  public enum Level {
    OK,
    WARN,
    FAIL
  }

  /**
   * One line.
   *
   * @param mend what to do about it, or empty
   */
  public record Finding(Level level, String detail, String mend) {}

  private final List<Finding> all = new ArrayList<>();

  /** As it should be. */
  public void ok(String detail) {
    add(Level.OK, detail, "");
  }

  /** The hub runs, but somebody should know. */
  public void warn(String detail, String mend) {
    add(Level.WARN, detail, mend);
  }

  /** Something the hub is configured to do will not work. */
  public void fail(String detail, String mend) {
    add(Level.FAIL, detail, mend);
  }

  private synchronized void add(Level level, String detail, String mend) {
    all.add(new Finding(level, detail, mend));
  }

  public synchronized List<Finding> all() {
    return List.copyOf(all);
  }
}
