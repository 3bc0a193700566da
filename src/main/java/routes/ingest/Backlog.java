package routes.ingest;

/** What waits of one source, for its metrics. */
interface Backlog {

  /** How far it is behind, in seconds. */
  double lag();

  /** Messages that were there and are lost, count. */
  default long lost() {
    return 0;
  }
}
