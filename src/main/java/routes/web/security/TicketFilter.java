package routes.web.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import routes.kernel.errors.Problem;
import routes.web.errors.ProblemWriter;

/** Takes a ticket in place of a key, for event streams and for nothing else. */
class TicketFilter extends OncePerRequestFilter {

  private static final Logger LOG = LoggerFactory.getLogger(TicketFilter.class);
  private static final Pattern STREAM = Pattern.compile("/api/(?:runs/[0-9a-fA-F-]{1,36}/)?events");
  private static final Pattern TICKET = Pattern.compile("(?:^|&)ticket=([^&]*)");

  private final Tickets tickets;
  private final ProblemWriter problems;

  TicketFilter(Tickets tickets, ProblemWriter problems) {
    this.tickets = tickets;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getMethod().equals("GET")
        || !STREAM.matcher(request.getRequestURI()).matches()
        || request.getQueryString() == null
        || SecurityContextHolder.getContext().getAuthentication() != null;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Matcher ticket = TICKET.matcher(request.getQueryString());
    if (!ticket.find()) {
      chain.doFilter(request, response);
      return;
    }
    Optional<Caller> caller;
    try {
      caller = tickets.redeem(ticket.group(1));
    } catch (DataAccessException e) {
      LOG.warn("tickets cannot be looked up: {}", e.getMessage());
      problems.write(
          response,
          Problem.of(
              503, "Unavailable", "the hub's database does not answer; ask again in a while"));
      return;
    }
    if (caller.isEmpty()) {
      problems.write(
          response,
          Problem.of(
              401,
              "Unauthorized",
              "the ticket was used, has expired, is of a key that was revoked, or never was; POST"
                  + " /api/tickets makes another"));
      return;
    }
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(new ApiKeyAuthentication(caller.get()));
    SecurityContextHolder.setContext(context);
    chain.doFilter(request, response);
  }
}
