package routes.platform.http;

import org.springframework.stereotype.Component;
import routes.platform.security.Tickets;

/** Port {@code api.tickets.create}. */
@Component
class TicketRoutes extends ApiRoutes {

  private final Tickets tickets;

  TicketRoutes(Tickets tickets) {
    this.tickets = tickets;
  }

  @Override
  public void configure() {
    port(
        "api.tickets.create",
        "Makes a ticket that opens one event stream",
        request -> new ApiAnswer(201, null, tickets.create(request.caller())));
  }
}
