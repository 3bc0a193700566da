package routes.telemetry;

/**
 * Metrics whose values lie in a store. They are read again in the background, one at a time, so
 * that a scrape never waits for a store: it finds the last values.
 */
public interface RefreshedMetrics {

  /** Reads them again. A failure is told in the log, and the last values stand. */
  void refresh();
}
