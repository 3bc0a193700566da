package routes.cli;

/** Ends a verb: the exit code, and why, for standard error. */
final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A run failed, was cancelled or skipped. */
  static final int FAILED = 1;

  /** Wrong usage, or the hub refused what was asked. */
  static final int REFUSED = 2;

  /** No hub could be reached, or it failed to answer. */
  static final int NO_HUB = 3;

  private final int code;
  private final boolean usage;

  private Failure(int code, boolean usage, String message) {
    super(message, null, false, false);
    this.code = code;
    this.usage = usage;
  }

  Failure(int code, String message) {
    this(code, false, message);
  }

  /** The arguments do not fit together; the verb's synopsis is printed, too. */
  static Failure usage(String message) {
    return new Failure(REFUSED, true, message);
  }

  int code() {
    return code;
  }

  boolean isUsage() {
    return usage;
  }
}
