package routes.web.hooks;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.model.rest.VerbDefinition;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;
import routes.kernel.errors.NotFoundException;
import routes.kernel.errors.Problem;
import routes.web.bodies.BodyBudget;
import routes.web.hooks.RequestShield.Original;
import routes.web.operations.ApiJson;
import routes.web.operations.Operation;
import routes.web.operations.RawBody;
import routes.web.operations.RequestRules;

/**
 * The way in for REST routes of a user's own, which lie under {@value Hook#PREFIX}: key, role,
 * parameters and body are checked as those of an operation, and of what came only the parameters
 * that the route declares become headers of its message.
 */
@Component
class HookIngress extends RouteConfigurationBuilder {

  private static final String TAKEN = HookIngress.class.getName();

  private final BodyBudget bodies;
  private final Map<String, Operation> known = new ConcurrentHashMap<>();

  HookIngress(BodyBudget bodies) {
    this.bodies = bodies;
  }

  @Override
  public void configuration() {
    routeConfiguration().interceptFrom("rest*").process(this::receive);
    routeConfiguration().interceptFrom("platform-http*").process(this::receive);
  }

  private void receive(Exchange exchange) throws IOException {
    if (exchange.getProperty(TAKEN) != null
        || !(exchange.getMessage() instanceof PlatformHttpMessage)) {
      return;
    }
    HttpServletRequest shielded = exchange.getMessage(PlatformHttpMessage.class).getRequest();
    Original original = Original.of(shielded);
    exchange.setProperty(TAKEN, true);
    exchange.setProperty(Problem.ANSWERED, true);
    exchange.setProperty(Problem.TRACE_ID, original.traceId());
    exchange.getMessage().removeHeaders("*");
    HttpServletRequest request = original.request();
    Operation hook = hook(exchange.getContext(), request);
    RequestRules.authorize(hook, original.caller());
    Map<String, String> query = RequestRules.query(request, hook);
    Map<String, String> headers = RequestRules.headers(request, hook);
    BodyBudget.Share share = bodies.share(hook.mostBytes());
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                share.close();
              }
            });
    long declared = request.getContentLengthLong();
    share.admit(declared);
    Message message = exchange.getMessage();
    message.setBody(body(share.read(declared, request.getInputStream()), request.getContentType()));
    RequestRules.path(request).forEach(message::setHeader);
    query.forEach(message::setHeader);
    headers.forEach(message::setHeader);
  }

  /** Text where it is JSON or text, in UTF-8, and bytes otherwise. */
  private static Object body(byte[] bytes, String contentType) throws IOException {
    String type = RawBody.of(contentType, bytes).mediaType();
    if (bytes.length > 0 && type.equals(MediaType.APPLICATION_JSON_VALUE)) {
      ApiJson.read(bytes, contentType, Object.class); // refused as an operation's would be
    }
    return type.equals(MediaType.APPLICATION_JSON_VALUE) || type.startsWith("text/")
        ? ApiJson.text(bytes)
        : bytes;
  }

  private Operation hook(CamelContext context, HttpServletRequest request) {
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    String pattern =
        String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
    return known.computeIfAbsent(method + " " + pattern, key -> find(context, method, pattern));
  }

  private static Operation find(CamelContext context, String method, String pattern) {
    for (RestDefinition rest : ((ModelCamelContext) context).getRestDefinitions()) {
      for (VerbDefinition verb : rest.getVerbs()) {
        if (Hook.path(rest, verb).equals(pattern) && verb.asVerb().equalsIgnoreCase(method)) {
          return Hook.of(rest, verb);
        }
      }
    }
    if (pattern.startsWith(Hook.PREFIX)) {
      return Hook.plain(method, pattern);
    }
    throw new NotFoundException("path", pattern, "REST routes of your own lie under /hooks/");
  }
}
