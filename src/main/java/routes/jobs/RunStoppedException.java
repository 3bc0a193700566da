package routes.jobs;

/** The run must not go on; nothing it would still do counts. */
public class RunStoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why a run stops before its end. */
  public enum Reason {
    /** Somebody asked for it. */
    CANCELLED,
    /** The attempt took longer than it may. */
    TIMED_OUT,
    /** Another hub owns the run now, or may. */
    LEASE_LOST,
    /** This hub is being stopped; another attempt follows. */
    SHUTDOWN
  }

  private final Reason reason;

  public RunStoppedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
