package routes.web.hooks;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import routes.telemetry.Spans;
import routes.web.security.Caller;
import routes.web.security.Callers;

/**
 * Stands between clients and Camel, which would make a message header of every HTTP header and
 * query parameter, and component options of some of them. Camel is shown a request with nothing but
 * method, path and trace context; {@link HookIngress} reads the real one.
 *
 * <p>The trace context is the server span's: Camel looks at the header only and would else begin a
 * trace of its own.
 */
@Component
record RequestShield(OpenTelemetry telemetry) {

  /**
   * What is behind the shield.
   *
   * @param caller null: nobody
   */
  record Original(HttpServletRequest request, Caller caller, String traceId) {

    private static final String ATTRIBUTE = Original.class.getName();

    static Original of(HttpServletRequest request) {
      return (Original) request.getAttribute(ATTRIBUTE);
    }
  }

  /** What Camel is shown of a request. */
  HttpServletRequest over(HttpServletRequest request) {
    request.setAttribute(
        Original.ATTRIBUTE, new Original(request, Callers.current(), Spans.currentTraceId()));
    Map<String, String> context = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    telemetry.getPropagators().getTextMapPropagator().inject(Context.current(), context, Map::put);
    return new ShieldedRequest(request, context);
  }
}
