package routes.kernel.errors;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/**
 * A problem document ({@code application/problem+json}).
 *
 * @param type always {@code about:blank}: the title tells the kind
 * @param title the kind of problem
 * @param status HTTP status
 * @param detail what is wrong here and how to mend it; never a stack trace, a query or a secret
 * @param traceId the trace to look at, or null
 * @param extra further members, such as {@code field}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "traceId"})
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String traceId,
    @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) Map<String, Object> extra) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /** Exchange property: the caller waits for an answer, a problem when the route fails. */
  public static final String ANSWERED = "answered";

  /** Exchange property: trace id of the request, for the caller to quote. */
  public static final String TRACE_ID = "traceId";

  /** When to ask again after a 503, in seconds. */
  public static final String RETRY_AFTER_SECONDS = "5";

  public static Problem of(int status, String title, String detail) {
    return new Problem("about:blank", title, status, detail, null, Map.of());
  }

  public static Problem of(ClientException e) {
    return new Problem("about:blank", e.title(), e.status(), e.getMessage(), null, e.extra());
  }

  public Problem withTraceId(String id) {
    return new Problem(type, title, status, detail, id, extra);
  }

  @JsonAnyGetter
  Map<String, Object> members() {
    return extra;
  }
}
