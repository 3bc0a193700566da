package routes.web.operations;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.telemetry.TraceSampling;
import routes.web.security.Role;

/**
 * Tells {@link TraceSampling} of requests that come by the thousand: those that only read, and
 * those that services make while they work. Comes first, since the server's span begins right
 * after.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class FrequentRequests extends OncePerRequestFilter {

  private final Operations operations;

  FrequentRequests(Operations operations) {
    this.operations = operations;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!isOften(request)) {
      chain.doFilter(request, response);
      return;
    }
    TraceSampling.often();
    try {
      chain.doFilter(request, response);
    } finally {
      TraceSampling.seldom();
    }
  }

  private boolean isOften(HttpServletRequest request) {
    String method = request.getMethod();
    if (method.equals("GET") || method.equals("HEAD")) {
      return true;
    }
    // None of those has a parameter in its path. What takes an idempotency key is looked back at.
    Operation operation = operations.at(method, request.getRequestURI());
    return operation != null && operation.role() == Role.SERVICE && !operation.isIdempotentByKey();
  }
}
