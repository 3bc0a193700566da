package routes.platform.http;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.platform.security.Caller;
import routes.platform.telemetry.Spans;

/**
 * Stands between the API's clients and Camel, which would make a message header of every HTTP
 * header and query parameter, and component options of some of them. Camel is shown a request with
 * nothing but method, path and trace context; {@link ApiIngress} reads the real one.
 *
 * <p>The trace context is the server span's: Camel looks at the header only and would else begin a
 * trace of its own. Runs after the security filters.
 */
@Component
class RequestShield extends OncePerRequestFilter {

  private final OpenTelemetry telemetry;

  RequestShield(OpenTelemetry telemetry) {
    this.telemetry = telemetry;
  }

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

  static boolean covers(String path) {
    return path.equals("/health") || path.equals("/api") || path.startsWith("/api/");
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !covers(request.getRequestURI());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    request.setAttribute(
        Original.ATTRIBUTE, new Original(request, caller(), Spans.currentTraceId()));
    Map<String, String> context = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    telemetry.getPropagators().getTextMapPropagator().inject(Context.current(), context, Map::put);
    chain.doFilter(new ShieldedRequest(request, context), response);
  }

  private static Caller caller() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null && authentication.getPrincipal() instanceof Caller caller
        ? caller
        : null;
  }
}
