package routes.stores.s3;

/** How a request to a store learns that what it is made for was stopped. */
@FunctionalInterface
public interface Cancellation {

  /** For requests that nobody stops. */
  Cancellation NONE = (what, stop) -> () -> {};

  /**
   * Registers what must be closed when the work of this thread is stopped.
   *
   * @param what as it stands in a log
   * @return takes the registration back
   */
  Runnable onStop(String what, AutoCloseable stop);
}
