package routes.memory;

import java.util.Locale;
import routes.messaging.outbox.HubEvent.Severity;

/** How tight it is. */
enum MemoryPressure {
  CALM(Severity.INFO),
  TIGHT(Severity.WARNING),
  FULL(Severity.CRITICAL);

  /** A level is left when the share is so far below its bound: else one key would tell twice. */
  private static final double SLACK = 0.05;

  private final Severity severity;

  MemoryPressure(Severity severity) {
    this.severity = severity;
  }

  Severity severity() {
    return severity;
  }

  /** As written in events and in the table. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static MemoryPressure of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /**
   * The level that follows this one.
   *
   * @param share of the memory that is used, 0 to 1 and beyond
   */
  MemoryPressure next(double share, double tight, double full) {
    MemoryPressure reached = reached(share, tight, full);
    if (reached.compareTo(this) >= 0) {
      return reached;
    }
    MemoryPressure left = reached(share + SLACK, tight, full);
    return left.compareTo(this) < 0 ? left : this;
  }

  private static MemoryPressure reached(double share, double tight, double full) {
    if (share >= full) {
      return FULL;
    }
    return share >= tight ? TIGHT : CALM;
  }
}
