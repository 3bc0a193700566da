package routes.jobs;

/**
 * A bean that is told of every run that began and ended, once, inside the transaction that writes
 * the end: what it writes to the hub's database is there if and only if the end is. An attempt that
 * is followed by another one is no end.
 */
public interface RunEndListener {

  /** To be quick, and to throw nothing but what the database throws. */
  void ended(EndedRun run);
}
