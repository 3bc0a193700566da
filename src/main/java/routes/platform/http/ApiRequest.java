package routes.platform.http;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import routes.platform.error.InvalidInputException;
import routes.platform.security.Caller;

/**
 * A request to the API, the body of every {@code direct:api.…} port. Its parameters are text until
 * they are asked for by type; one of the wrong form is told by name.
 *
 * @param path path parameters, decoded
 * @param query query parameters that the contract knows, decoded
 * @param body the JSON object sent; empty when there was none
 * @param caller who asks; null only for {@code GET /health}
 * @param idempotencyKey the header {@code Idempotency-Key}, or null
 * @param headers other headers that the contract names, by lower-case name
 */
public record ApiRequest(
    Map<String, String> path,
    Map<String, String> query,
    Map<String, Object> body,
    Caller caller,
    String idempotencyKey,
    Map<String, String> headers) {

  /** Without its body and headers, which may hold what no log may show. */
  @Override
  public String toString() {
    return "ApiRequest" + path;
  }

  /** A header that the contract names, or null. */
  public String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /** Name of who asks, as runs and the audit trail show it. */
  public String actor() {
    return caller.name();
  }

  /** A path parameter. */
  public String path(String name) {
    return path.get(name);
  }

  /**
   * A path parameter that is a UUID.
   *
   * @throws InvalidInputException naming it
   */
  public UUID pathUuid(String name) {
    return uuid(name, path.get(name));
  }

  /** A query parameter, or null. */
  public String query(String name) {
    return query.get(name);
  }

  /** A query parameter that is a UUID, or null. */
  public UUID queryUuid(String name) {
    return query.containsKey(name) ? uuid(name, query.get(name)) : null;
  }

  /** A query parameter that is an instant in ISO-8601, or null. */
  public Instant queryInstant(String name) {
    return query.containsKey(name) ? instant(name, query.get(name)) : null;
  }

  /** A query parameter that has one of the given values, or the fallback when it is left out. */
  public String queryOneOf(String name, List<String> values, String fallback) {
    String value = query.getOrDefault(name, fallback);
    if (value != null && !values.contains(value)) {
      throw new InvalidInputException(name, "must be one of " + String.join(", ", values));
    }
    return value;
  }

  /** A query parameter that is {@code true} or {@code false}, the latter when it is left out. */
  public boolean queryFlag(String name) {
    return "true".equals(queryOneOf(name, List.of("true", "false"), "false"));
  }

  /** A query parameter that is a whole number in the given bounds. */
  public long queryNumber(String name, long least, long most, long fallback) {
    String text = query.get(name);
    if (text == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    throw new InvalidInputException(name, "must be a whole number from " + least + " to " + most);
  }

  /**
   * A member of the body that is text, or null when it is left out.
   *
   * @throws InvalidInputException naming it, when it is of another type
   */
  public String bodyText(String name) {
    Object value = body.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new InvalidInputException(name, "must be a string");
  }

  /** The body of an operation that takes it as it comes. */
  public RawBody rawBody() {
    return (RawBody) body.get(RawBody.MEMBER);
  }

  /** A member of the body that is an instant in ISO-8601; required. */
  public Instant bodyInstant(String name) {
    return instant(name, bodyText(name));
  }

  private static Instant instant(String name, String text) {
    try {
      if (text != null) {
        return Instant.parse(text);
      }
    } catch (DateTimeParseException e) {
      // told below, with an example
    }
    throw new InvalidInputException(name, "must be an instant such as 2026-01-31T02:00:00Z");
  }

  /**
   * @throws InvalidInputException naming the first member of the body that is not one of these
   */
  public ApiRequest takesOnly(String... members) {
    List<String> known = List.of(members);
    for (String member : body.keySet()) {
      if (!known.contains(member)) {
        throw new InvalidInputException(
            member,
            known.isEmpty()
                ? "is not taken: this operation takes no body"
                : "is not taken; the body may hold " + String.join(", ", known));
      }
    }
    return this;
  }

  private static UUID uuid(String name, String text) {
    // UUID.fromString takes "1-1-1-1-1" too.
    if (text.length() == 36) {
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        // told below, with an example
      }
    }
    throw new InvalidInputException(
        name, "must be a UUID such as 7f1b4f1e-6a5d-4c1c-9f60-2f1f7e0c9a55");
  }
}
