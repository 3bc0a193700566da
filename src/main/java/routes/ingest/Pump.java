package routes.ingest;

/** An endless loop over one source. */
interface Pump extends Runnable {

  /** How far it is behind, in seconds. */
  double lag();

  /** Messages that were there and are lost, count. */
  default long lost() {
    return 0;
  }

  /** Ends it soon; what it has begun it ends first, or leaves to others. */
  void stop();
}
