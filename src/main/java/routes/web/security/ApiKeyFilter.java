package routes.web.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.kernel.errors.Problem;
import routes.web.errors.ProblemWriter;

/**
 * Finds out who asks. Without a key the request goes on as nobody's; what may be answered then is
 * said in {@link SecurityConfiguration}. When the database cannot tell, the door stays shut.
 */
class ApiKeyFilter extends OncePerRequestFilter {

  private static final Logger LOG = LoggerFactory.getLogger(ApiKeyFilter.class);
  private static final String BEARER = "Bearer ";

  private final KeyCheck keys;
  private final ProblemWriter problems;

  ApiKeyFilter(KeyCheck keys, ProblemWriter problems) {
    this.keys = keys;
    this.problems = problems;
  }

  /** Health is everybody's: it is told also while the database cannot say whose key this is. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getRequestURI().equals("/health")
        && (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String token = token(request);
    if (token != null) {
      Optional<Caller> caller;
      try {
        caller = keys.check(token);
      } catch (DataAccessException e) {
        LOG.warn("keys cannot be looked up: {}", e.getMessage());
        problems.write(
            response,
            Problem.of(
                503, "Unavailable", "the hub's database does not answer; ask again in a while"));
        return;
      }
      if (caller.isPresent()) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new ApiKeyAuthentication(caller.get()));
        SecurityContextHolder.setContext(context);
      }
    }
    chain.doFilter(request, response);
  }

  private static String token(HttpServletRequest request) {
    String authorization = request.getHeader("Authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    return DocsAccess.isDocs(request) && authorization != null
        ? DocsAccess.key(authorization)
        : request.getHeader("X-API-Key");
  }
}
