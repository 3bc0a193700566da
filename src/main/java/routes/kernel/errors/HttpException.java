package routes.kernel.errors;

import java.util.Map;

/** A request that HTTP itself has a status for, such as 403 or 415. */
public class HttpException extends ClientException {

  private static final long serialVersionUID = 1L;

  /**
   * @param extra members of the problem, such as {@code field}
   */
  public HttpException(int status, String title, String detail, Map<String, Object> extra) {
    super(status, title, detail, extra);
  }
}
