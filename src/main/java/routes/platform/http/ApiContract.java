package routes.platform.http;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.rest.ParamDefinition;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.model.rest.RestParamType;
import org.apache.camel.model.rest.VerbDefinition;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import routes.platform.security.Role;

/**
 * What {@code camel/rest.camel.yaml} promises, operation by operation: parameters and the role that
 * may ask. An operation that names no role stops the hub.
 */
@Component
public class ApiContract implements CamelContextConfiguration {

  private volatile Map<String, Operation> operations = Map.of();

  /** Format of a body that is taken as it comes. */
  private static final String BINARY = "binary";

  @Override
  public void beforeApplicationStart(CamelContext context) {
    load(context);
  }

  @Override
  public void afterApplicationStart(CamelContext context) {
    load(context);
  }

  static boolean covers(String path) {
    return path.equals("/health") || path.equals("/api") || path.startsWith("/api/");
  }

  private void load(CamelContext context) {
    Map<String, Operation> read = new LinkedHashMap<>();
    for (RestDefinition rest : ((ModelCamelContext) context).getRestDefinitions()) {
      for (VerbDefinition verb : rest.getVerbs()) {
        String path =
            (rest.getPath() == null ? "" : rest.getPath())
                + (verb.getPath() == null ? "" : verb.getPath());
        if (covers(path)) {
          read.put(key(verb.asVerb(), path), operation(verb, path));
        }
      }
    }
    operations = read;
  }

  private static Operation operation(VerbDefinition verb, String path) {
    String method = verb.asVerb().toUpperCase(Locale.ROOT);
    String what = method + " " + path;
    if (verb.getId() == null || verb.getDescriptionText() == null) {
      throw new IllegalStateException(what + " has no id or no description");
    }
    return new Operation(
        verb.getId(),
        method,
        path,
        path.equals("/health") ? null : role(verb, what),
        Map.of(),
        names(verb, RestParamType.query),
        names(verb, RestParamType.header),
        verb.getParams().stream().anyMatch(p -> p.getType() == RestParamType.body),
        isRaw(verb),
        isRaw(verb) ? RawBody.MOST_BYTES : mostBytes(verb, what),
        false);
  }

  private static boolean isRaw(VerbDefinition verb) {
    return verb.getParams().stream()
        .anyMatch(p -> p.getType() == RestParamType.body && BINARY.equals(p.getDataFormat()));
  }

  /** Said in the body's {@code dataFormat}, such as {@code 2MB}, where it is not the usual. */
  private static int mostBytes(VerbDefinition verb, String what) {
    return verb.getParams().stream()
        .filter(param -> param.getType() == RestParamType.body && param.getDataFormat() != null)
        .map(param -> DataSize.parse(param.getDataFormat()).toBytes())
        .peek(bytes -> check(bytes, what))
        .findFirst()
        .orElse((long) JsonBody.MOST_BYTES)
        .intValue();
  }

  private static void check(long bytes, String what) {
    if (bytes < 1 || bytes > JsonBody.LARGEST_BYTES) {
      throw new IllegalStateException(
          what + " takes a body of more than " + JsonBody.LARGEST_BYTES + " bytes");
    }
  }

  private static Role role(VerbDefinition verb, String what) {
    List<String> scopes = verb.getSecurity().stream().map(s -> s.getScopes()).toList();
    if (scopes.size() != 1 || scopes.get(0) == null) {
      throw new IllegalStateException(
          what
              + " names no role: security: [{key: apiKey, scopes: service|viewer|operator|admin}]");
    }
    return Role.of(scopes.get(0));
  }

  private static Set<String> names(VerbDefinition verb, RestParamType type) {
    Set<String> names = new LinkedHashSet<>();
    for (ParamDefinition param : verb.getParams()) {
      if (param.getType() == type) {
        names.add(
            type == RestParamType.header
                ? param.getName().toLowerCase(Locale.ROOT)
                : param.getName());
      }
    }
    return names;
  }

  /** Every operation, in the contract's order. */
  public List<Operation> operations() {
    return List.copyOf(operations.values());
  }

  /**
   * @param pattern the path with its parameters in braces
   * @return null when there is none
   */
  Operation find(String method, String pattern) {
    return operations.get(key(method.equals("HEAD") ? "GET" : method, pattern));
  }

  private static String key(String method, String path) {
    return method.toUpperCase(Locale.ROOT) + " " + path;
  }
}
