package routes.platform.stores;

/** How a request to a store learns that what it is made for was stopped. */
@FunctionalInterface
public interface Stops {

  /** For requests that nobody stops. */
  Stops NONE = (what, stop) -> () -> {};

  /**
   * Registers what must be closed when the work of this thread is stopped.
   *
   * @param what as it stands in a log
   * @return takes the registration back
   */
  Runnable onStop(String what, AutoCloseable stop);
}
