package routes.web.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.metrics.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets Prometheus in by {@code hub.metrics.token}, to the metrics alone. It asks no database: that
 * the database is down is what the metrics are to tell.
 */
class ScrapeFilter extends OncePerRequestFilter {

  private static final Caller PROMETHEUS = new Caller("prometheus", Role.VIEWER, null);

  private final RequestMatcher metrics = EndpointRequest.to(PrometheusScrapeEndpoint.class);
  private final byte[] expected;

  /**
   * @param token empty: nobody comes in this way
   */
  ScrapeFilter(String token) {
    this.expected = token.isEmpty() ? null : bytes("Bearer " + token);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String given = request.getHeader("Authorization");
    if (expected == null
        || given == null
        || !MessageDigest.isEqual(expected, bytes(given))
        || !metrics.matches(request)) {
      chain.doFilter(request, response);
      return;
    }
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(new ApiKeyAuthentication(PROMETHEUS));
    SecurityContextHolder.setContext(context);
    chain.doFilter(request, response);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
