package routes.kernel.errors;

import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Redis does not answer, or takes no command now; what may heal. Told to callers as 503. It has no
 * stack: while Redis is down there is one per request, and all of them say the same.
 */
public class RedisUnavailableException extends DataAccessResourceFailureException {

  private static final long serialVersionUID = 1L;

  public RedisUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
