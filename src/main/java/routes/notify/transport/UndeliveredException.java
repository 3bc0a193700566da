package routes.notify.transport;

import java.time.Duration;

/** A target that did not take a message, and what is known of why. */
public class UndeliveredException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean forGood;
  private final transient Answer answer;
  private final transient Duration retryAfter;

  /**
   * @param forGood no repeat will heal it
   * @param answer what the target said; null: it said nothing
   * @param retryAfter what it asked for; null: it did not
   */
  UndeliveredException(
      String message, boolean forGood, Answer answer, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.forGood = forGood;
    this.answer = answer;
    this.retryAfter = retryAfter;
  }

  /** It may heal. */
  static UndeliveredException later(String message, Throwable cause) {
    return new UndeliveredException(message, false, null, null, cause);
  }

  public boolean forGood() {
    return forGood;
  }

  public Answer answer() {
    return answer;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
