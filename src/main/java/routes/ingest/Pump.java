package routes.ingest;

/** An endless loop over one source. */
interface Pump extends Runnable, Backlog {

  /** Ends it soon; what it has begun it ends first, or leaves to others. */
  void stop();
}
