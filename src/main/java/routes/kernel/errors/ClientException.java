package routes.kernel.errors;

import java.util.Map;

/**
 * The caller's mistake: answered as a problem that names the field and how to mend it, never
 * retried, never alerted on.
 */
public abstract class ClientException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final transient Map<String, Object> extra;

  /**
   * @param status HTTP status, 400–499
   * @param title short name of the kind of mistake, the same for every occurrence
   * @param detail what is wrong here and how to mend it
   * @param extra members added to the problem document, such as {@code field}
   */
  protected ClientException(int status, String title, String detail, Map<String, Object> extra) {
    super(detail);
    this.status = status;
    this.title = title;
    this.extra = Map.copyOf(extra);
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public Map<String, Object> extra() {
    return extra == null ? Map.of() : extra;
  }
}
