package routes.web.operations;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import routes.web.security.Role;

/** Every operation of the API: controller methods that say what role they need. */
@Component
public class Operations implements SmartInitializingSingleton {

  private final ObjectProvider<RequestMappingHandlerMapping> mappings;
  private Map<Method, Operation> byMethod = Map.of();
  private Map<String, Operation> byPath = Map.of();

  Operations(ObjectProvider<RequestMappingHandlerMapping> mappings) {
    this.mappings = mappings;
  }

  @Override
  public void afterSingletonsInstantiated() {
    Map<Method, Operation> methods = new HashMap<>();
    Map<String, Operation> paths = new TreeMap<>();
    mappings
        .orderedStream()
        .forEach(
            mapping ->
                mapping
                    .getHandlerMethods()
                    .forEach(
                        (info, handler) -> {
                          if (isOperation(handler)) {
                            Operation operation = operation(info, handler.getMethod());
                            methods.put(handler.getMethod(), operation);
                            paths.put(operation.method() + " " + operation.path(), operation);
                          }
                        }));
    byMethod = methods;
    byPath = paths;
  }

  private static boolean isOperation(HandlerMethod handler) {
    return handler.hasMethodAnnotation(Needs.class)
        || handler.hasMethodAnnotation(NeedsNoKey.class);
  }

  /** Every operation; the order is that of their paths. */
  public List<Operation> all() {
    return List.copyOf(byPath.values());
  }

  /** What a handler does, or null for one that says no role. */
  Operation of(HandlerMethod handler) {
    return byMethod.get(handler.getMethod());
  }

  /**
   * @param path without parameters
   * @return null when there is none
   */
  Operation at(String method, String path) {
    return byPath.get(method + " " + path);
  }

  private static Operation operation(RequestMappingInfo info, Method method) {
    Set<String> paths = info.getPatternValues();
    Set<RequestMethod> verbs = info.getMethodsCondition().getMethods();
    var declared =
        AnnotatedElementUtils.findMergedAnnotation(
            method, io.swagger.v3.oas.annotations.Operation.class);
    if (declared == null
        || declared.operationId().isEmpty()
        || declared.summary().isEmpty()
        || paths.size() != 1
        || verbs.size() != 1) {
      throw new IllegalStateException(
          method
              + " must have one path, one HTTP method, and @Operation(operationId = …, summary = …)");
    }
    Map<String, Function<String, ?>> values = new HashMap<>();
    Set<String> query = new LinkedHashSet<>();
    Set<String> headers = new LinkedHashSet<>();
    Class<?> body = null;
    for (Parameter parameter : method.getParameters()) {
      RequestParam param = parameter.getAnnotation(RequestParam.class);
      RequestHeader header = parameter.getAnnotation(RequestHeader.class);
      String name = parameter.getName();
      if (param != null) {
        name = param.name().isEmpty() ? name : param.name();
        query.add(name);
      } else if (header != null) {
        name = header.name().toLowerCase(Locale.ROOT);
        headers.add(name);
      } else if (parameter.isAnnotationPresent(RequestBody.class)) {
        body = parameter.getType();
      }
      Function<String, ?> parser = TextValues.parser(parameter.getType());
      if (parser != null) {
        values.put(name, parser);
      }
    }
    return new Operation(
        declared.operationId(),
        verbs.iterator().next().name(),
        paths.iterator().next(),
        role(method),
        values,
        query,
        headers,
        body != null,
        body == RawBody.class,
        mostBytes(method, body),
        method.getReturnType() == void.class);
  }

  private static Role role(Method method) {
    Needs needs = method.getAnnotation(Needs.class);
    return needs == null ? null : needs.value();
  }

  private static int mostBytes(Method method, Class<?> body) {
    MaxBody most = method.getAnnotation(MaxBody.class);
    if (most != null) {
      return Math.toIntExact(DataSize.parse(most.value()).toBytes());
    }
    return body == RawBody.class ? RawBody.MOST_BYTES : Operation.MOST_BYTES;
  }
}
