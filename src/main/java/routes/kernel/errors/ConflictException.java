package routes.kernel.errors;

import java.util.Map;

/** Right in itself, but not now: 409. */
public class ConflictException extends ClientException {

  private static final long serialVersionUID = 1L;

  /**
   * @param detail what stands in the way and what to do about it
   * @param extra members of the problem that name it, such as {@code run}
   */
  public ConflictException(String detail, Map<String, Object> extra) {
    super(409, "Conflict", detail, extra);
  }
}
