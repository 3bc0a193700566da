package routes.web.hooks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.model.rest.ParamDefinition;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.model.rest.RestParamType;
import org.apache.camel.model.rest.VerbDefinition;
import org.springframework.util.unit.DataSize;
import routes.web.operations.Operation;
import routes.web.operations.RawBody;
import routes.web.security.Role;

/** What a user's own REST route says of itself: who may call it, and what it takes. */
final class Hook {

  static final String PREFIX = "/hooks/";

  private Hook() {}

  /** Under which a REST route is called, such as {@code /hooks/github/{repository}}. */
  static String path(RestDefinition rest, VerbDefinition verb) {
    return text(rest.getPath()) + text(verb.getPath());
  }

  private static String text(String part) {
    return part == null ? "" : part;
  }

  /**
   * @throws IllegalArgumentException when it lies elsewhere, or what it says cannot be
   */
  static Operation of(RestDefinition rest, VerbDefinition verb) {
    String path = path(rest, verb);
    String method = verb.asVerb().toUpperCase(Locale.ROOT);
    String what = method + " " + path;
    if (!path.startsWith(PREFIX) || path.length() == PREFIX.length()) {
      throw new IllegalArgumentException(
          what + ": REST routes of your own have paths that begin with " + PREFIX);
    }
    requireNoCamelVariable(path);
    return new Operation(
        verb.getId() == null ? what : verb.getId(),
        method,
        path,
        role(verb, what),
        Map.of(),
        names(verb, RestParamType.query, what),
        names(verb, RestParamType.header, what),
        true,
        true,
        mostBytes(verb, what),
        false);
  }

  /**
   * @throws IllegalArgumentException when a variable of the path would be one of Camel's headers,
   *     from which it takes orders
   */
  static void requireNoCamelVariable(String path) {
    if (path.toLowerCase(Locale.ROOT).contains("{camel")) {
      throw new IllegalArgumentException(path + ": no variable may begin with Camel");
    }
  }

  /** Of a route that is called by its path alone. */
  static Operation plain(String method, String path) {
    return new Operation(
        method + " " + path,
        method,
        path,
        Role.OPERATOR,
        Map.of(),
        Set.of(),
        Set.of(),
        true,
        true,
        Operation.MOST_BYTES,
        false);
  }

  private static Role role(VerbDefinition verb, String what) {
    List<String> scopes =
        verb.getSecurity().stream().map(one -> one.getScopes()).filter(s -> s != null).toList();
    if (scopes.isEmpty()) {
      return Role.OPERATOR;
    }
    try {
      return Role.of(scopes.get(0));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          what + ": security: scopes must be service, viewer, operator or admin");
    }
  }

  private static Set<String> names(VerbDefinition verb, RestParamType type, String what) {
    Set<String> names = new LinkedHashSet<>();
    for (ParamDefinition param : verb.getParams()) {
      if (param.getType() == type) {
        // Camel takes orders from headers of its own.
        if (param.getName().regionMatches(true, 0, "Camel", 0, "Camel".length())) {
          throw new IllegalArgumentException(what + ": no parameter may begin with Camel");
        }
        names.add(
            type == RestParamType.header
                ? param.getName().toLowerCase(Locale.ROOT)
                : param.getName());
      }
    }
    return names;
  }

  private static int mostBytes(VerbDefinition verb, String what) {
    long bytes =
        verb.getParams().stream()
            .filter(param -> param.getType() == RestParamType.body)
            .map(ParamDefinition::getDataFormat)
            .filter(format -> format != null)
            .map(format -> DataSize.parse(format).toBytes())
            .findFirst()
            .orElse((long) Operation.MOST_BYTES);
    if (bytes < 1 || bytes > RawBody.MOST_BYTES) {
      throw new IllegalArgumentException(
          what + ": dataFormat of the body must be 1B to 16MB: the largest that is taken");
    }
    return (int) bytes;
  }
}
