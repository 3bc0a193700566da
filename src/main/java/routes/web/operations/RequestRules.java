package routes.web.operations;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.web.servlet.HandlerMapping;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.InvalidInputException;
import routes.web.security.Caller;

/** What is refused of a request before any of its parameters is read as a value. */
public final class RequestRules {

  private RequestRules() {}

  /**
   * @param caller null: nobody
   * @throws HttpException 401 or 403
   */
  public static void authorize(Operation operation, Caller caller) {
    if (operation.role() == null) {
      return;
    }
    if (caller == null) {
      throw new HttpException(401, "Unauthorized", "send a live API key", Map.of());
    }
    if (!caller.role().may(operation.role())) {
      throw new HttpException(
          403,
          "Forbidden",
          "key '%s' has the role %s; this needs role %s"
              .formatted(caller.name(), caller.role().text(), operation.role().text()),
          Map.of("role", operation.role().text()));
    }
  }

  /** Variables of the path, decoded: Tomcat refuses one that is not UTF-8. */
  @SuppressWarnings("unchecked") // by Spring's own word
  public static Map<String, String> path(HttpServletRequest request) {
    Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    return variables == null ? Map.of() : (Map<String, String>) variables;
  }

  /**
   * Query parameters, each known to the operation and given once. From the query string alone:
   * Tomcat's own reading would also take a form for parameters.
   */
  public static Map<String, String> query(HttpServletRequest request, Operation operation) {
    String text = request.getQueryString();
    if (text == null || text.isEmpty()) {
      return Map.of();
    }
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals), "query");
      if (!operation.query().contains(name)) {
        throw new InvalidInputException(
            name,
            operation.query().isEmpty()
                ? "is not a parameter of this operation, which takes none"
                : "is not a parameter of this operation; it takes "
                    + String.join(", ", operation.query()));
      }
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1), name);
      if (value.isEmpty() || value.indexOf('\0') >= 0) {
        throw new InvalidInputException(name, "is empty or holds a NUL character");
      }
      if (query.put(name, value) != null) {
        throw new InvalidInputException(name, "is given more than once");
      }
    }
    return query;
  }

  private static String decode(String text, String field) {
    try {
      // As bytes first: a decoder of text would make one question mark of all that is not UTF-8.
      byte[] bytes =
          URLDecoder.decode(text, StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(field, "holds a % that encodes nothing");
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(field, "is not UTF-8, percent-encoded");
    }
  }

  /** Headers that the operation names, each given once; and no idempotency key if it takes none. */
  public static Map<String, String> headers(HttpServletRequest request, Operation operation) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : operation.headers()) {
      var values = Collections.list(request.getHeaders(name));
      if (values.size() > 1) {
        throw new InvalidInputException(name, "is given more than once");
      }
      values.forEach(value -> headers.put(name, value));
    }
    if (!operation.isIdempotentByKey() && request.getHeader(IdempotencyKey.HEADER) != null) {
      throw new InvalidInputException(IdempotencyKey.HEADER, "is not taken by this operation");
    }
    return headers;
  }

  /**
   * Refuses what the operation's parameters are not. Spring would take what comes near: where its
   * converter fails it tries others, so that {@code 1-1-1-1-1} is a UUID.
   */
  static void values(Map<String, String> given, Operation operation) {
    given.forEach(
        (name, text) -> {
          Function<String, ?> parser = operation.values().get(name);
          try {
            if (parser != null) {
              parser.apply(text);
            }
          } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                name.equals(Operation.IDEMPOTENCY_KEY) ? IdempotencyKey.HEADER : name,
                e.getMessage());
          }
        });
  }
}
