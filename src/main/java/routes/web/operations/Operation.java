package routes.web.operations;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import routes.web.security.Role;

/**
 * One operation of the API.
 *
 * @param id such as {@code runs.list}
 * @param method such as {@code GET}
 * @param path such as {@code /api/runs/{id}}
 * @param role the least one that may call it; null: no key is needed
 * @param values how parameters of the path, the query and headers are read, by name, where not any
 *     text will do
 * @param query names of query parameters
 * @param headers names of headers, lower-case
 * @param body whether a body is taken
 * @param raw whether it is taken as it comes, of any media type, for the operation to read
 * @param mostBytes largest body
 * @param streams whether it writes its answer as it comes, and so serves no HEAD
 */
public record Operation(
    String id,
    String method,
    String path,
    Role role,
    Map<String, Function<String, ?>> values,
    Set<String> query,
    Set<String> headers,
    boolean body,
    boolean raw,
    int mostBytes,
    boolean streams) {

  /** Largest body of an operation that says nothing else. */
  public static final int MOST_BYTES = 1 << 20;

  static final String IDEMPOTENCY_KEY = "idempotency-key";

  boolean isIdempotentByKey() {
    return headers.contains(IDEMPOTENCY_KEY);
  }
}
