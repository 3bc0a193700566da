package routes.probes;

/**
 * What one look found.
 *
 * @param tookMs until the answer was judged or given up
 * @param why it is down; null when it is up
 */
record ProbeResult(String probe, boolean up, long tookMs, String why) {

  String state() {
    return up ? "up" : "down";
  }
}
