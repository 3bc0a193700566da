package routes.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;
import routes.platform.error.ErrorPolicy;
import routes.platform.error.InvalidInputException;
import routes.platform.error.NotFoundException;
import routes.platform.http.RequestShield.Original;
import routes.platform.security.Caller;

/**
 * The one way in: before a REST operation goes to its port, its request is checked against the
 * contract and becomes an {@link ApiRequest}; nothing from outside is left in a header. Holds for
 * every operation under {@code /api}, also one that is added later or by a user's own file.
 */
@Component
public class ApiIngress extends RouteConfigurationBuilder {

  private final ApiContract contract;
  private final BodyBudget bodies;

  ApiIngress(ApiContract contract, BodyBudget bodies) {
    this.contract = contract;
    this.bodies = bodies;
  }

  @Override
  public void configuration() {
    routeConfiguration().interceptFrom("rest*").process(this::receive);
    // A route under /api that is in no contract has no role, and so no callers.
    routeConfiguration().interceptFrom("platform-http*").process(this::receive);
  }

  private void receive(Exchange exchange) throws IOException {
    if (exchange.getMessage().getBody() instanceof ApiRequest) {
      return;
    }
    HttpServletRequest shielded = exchange.getMessage(PlatformHttpMessage.class).getRequest();
    Original original = Original.of(shielded);
    if (!ApiContract.covers(shielded.getRequestURI())) {
      return; // a user's own, which HookIngress takes
    }
    exchange.setProperty(ErrorPolicy.ANSWERED, true);
    exchange.setProperty(ErrorPolicy.TRACE_ID, original.traceId());
    exchange.getMessage().removeHeaders("*");
    Operation operation = operation(shielded, original);
    RequestRules.authorize(operation, original.caller());
    BodyBudget.Share share = bodies.share(operation.mostBytes());
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                share.close();
              }
            });
    exchange
        .getMessage()
        .setBody(read(shielded, original.request(), original.caller(), operation, share));
  }

  private static ApiRequest read(
      HttpServletRequest shielded,
      HttpServletRequest request,
      Caller caller,
      Operation operation,
      BodyBudget.Share share)
      throws IOException {
    share.admit(request.getContentLengthLong());
    Map<String, String> query = RequestRules.query(request, operation);
    byte[] bytes = share.read(request.getContentLengthLong(), request.getInputStream());
    Map<String, Object> body =
        operation.raw()
            ? Map.of(RawBody.MEMBER, RawBody.of(request.getContentType(), bytes))
            : JsonBody.read(bytes, request.getContentType());
    if (!operation.body() && !body.isEmpty()) {
      throw new InvalidInputException("body", "is not taken by this operation");
    }
    Map<String, String> headers = RequestRules.headers(request, operation);
    return new ApiRequest(
        path(shielded),
        query,
        body,
        caller,
        IdempotencyKey.text(RequestRules.idempotencyKey(headers)),
        headers);
  }

  private Operation operation(HttpServletRequest shielded, Original original) {
    HttpServletRequest request = original.request();
    Operation operation =
        contract.find(
            request.getMethod(),
            String.valueOf(shielded.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)));
    if (operation == null) {
      throw new NotFoundException("path", request.getRequestURI(), "see GET /api/openapi.json");
    }
    return operation;
  }

  /** Decoded; Tomcat refuses a path that is not UTF-8. */
  @SuppressWarnings("unchecked")
  private static Map<String, String> path(HttpServletRequest shielded) {
    Object variables = shielded.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    return variables == null ? Map.of() : (Map<String, String>) variables;
  }
}
