package routes.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;
import routes.platform.error.ErrorPolicy;
import routes.platform.error.HttpException;
import routes.platform.error.InvalidInputException;
import routes.platform.error.NotFoundException;
import routes.platform.http.ApiContract.Operation;
import routes.platform.http.RequestShield.Original;

/**
 * The one way in: before a REST operation goes to its port, its request is checked against the
 * contract and becomes an {@link ApiRequest}; nothing from outside is left in a header. Holds for
 * every operation under {@code /api}, also one that is added later or by a user's own file.
 */
@Component
public class ApiIngress extends RouteConfigurationBuilder {

  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

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
    if (original == null) {
      return; // a user's own REST path, not the API's
    }
    exchange.setProperty(ErrorPolicy.ANSWERED, true);
    exchange.setProperty(ErrorPolicy.TRACE_ID, original.traceId());
    exchange.getMessage().removeHeaders("*");
    BodyBudget.Share share = bodies.share();
    ApiRequest request;
    try {
      request = read(shielded, original, share);
    } catch (IOException | RuntimeException e) {
      share.close();
      throw e;
    }
    if (share.holds()) {
      exchange
          .getExchangeExtension()
          .addOnCompletion(
              new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                  share.close();
                }
              });
    }
    exchange.getMessage().setBody(request);
  }

  /**
   * The request of an operation that a controller serves, checked like any other. None of those
   * takes a body, so nothing is held after it is read.
   *
   * @throws routes.platform.error.ClientException when the contract does not allow it
   */
  public ApiRequest read(HttpServletRequest shielded) throws IOException {
    try (BodyBudget.Share share = bodies.share()) {
      return read(shielded, Original.of(shielded), share);
    }
  }

  /** A header that the contract of the request's operation names, or null. */
  public String header(HttpServletRequest shielded, String name) {
    Original original = Original.of(shielded);
    return operation(shielded, original).headers().contains(name.toLowerCase(Locale.ROOT))
        ? original.request().getHeader(name)
        : null;
  }

  private ApiRequest read(HttpServletRequest shielded, Original original, BodyBudget.Share share)
      throws IOException {
    HttpServletRequest request = original.request();
    Operation operation = operation(shielded, original);
    authorize(operation, original);
    Map<String, String> query = query(request, operation);
    byte[] bytes;
    try {
      bytes = share.read(request, operation.mostBytes());
    } catch (IOException e) {
      throw new InvalidInputException("body", "broke off before its end");
    }
    Map<String, Object> body =
        operation.raw()
            ? Map.of(RawBody.MEMBER, RawBody.of(request.getContentType(), bytes))
            : JsonBody.read(bytes, request.getContentType());
    if (!operation.body() && !body.isEmpty()) {
      throw new InvalidInputException("body", "is not taken by this operation");
    }
    return new ApiRequest(
        path(shielded),
        query,
        body,
        original.caller(),
        idempotencyKey(request, operation),
        headers(request, operation));
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

  private static void authorize(Operation operation, Original original) {
    if (operation.role() == null) {
      return;
    }
    if (original.caller() == null) {
      throw new HttpException(401, "Unauthorized", "send a live API key", Map.of());
    }
    if (!original.caller().role().may(operation.role())) {
      throw new HttpException(
          403,
          "Forbidden",
          "key '"
              + original.caller().name()
              + "' is a "
              + original.caller().role().text()
              + "'s; this needs role "
              + operation.role().text(),
          Map.of("role", operation.role().text()));
    }
  }

  /** From the query string alone: Tomcat's own reading would also take a form for parameters. */
  private static Map<String, String> query(HttpServletRequest request, Operation operation) {
    Map<String, String> query = new LinkedHashMap<>();
    String text = request.getQueryString();
    if (text == null || text.isEmpty()) {
      return query;
    }
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals), "query");
      if (!operation.query().contains(name)) {
        throw new InvalidInputException(
            name,
            operation.query().isEmpty()
                ? "is no parameter of this operation, which takes none"
                : "is no parameter of this operation; it takes "
                    + String.join(", ", operation.query()));
      }
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1), name);
      if (value.isEmpty() || value.indexOf('\0') >= 0) {
        throw new InvalidInputException(name, "is empty or holds a NUL character");
      }
      if (query.put(name, value) != null) {
        throw new InvalidInputException(name, "is given more than once");
      }
    }
    return query;
  }

  private static String decode(String text, String field) {
    try {
      // As bytes first: a decoder of text would make one question mark of all that is not UTF-8.
      byte[] bytes =
          URLDecoder.decode(text, StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(field, "holds a % that encodes nothing");
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(field, "is not UTF-8, percent-encoded");
    }
  }

  private static String idempotencyKey(HttpServletRequest request, Operation operation) {
    String key = request.getHeader("Idempotency-Key");
    if (key == null) {
      return null;
    }
    if (!operation.headers().contains("idempotency-key")) {
      throw new InvalidInputException("Idempotency-Key", "is not taken by this operation");
    }
    if (!IDEMPOTENCY_KEY.matcher(key).matches()) {
      throw new InvalidInputException(
          "Idempotency-Key", "must be 1 to 200 visible ASCII characters, such as a UUID");
    }
    return key;
  }

  private static Map<String, String> headers(HttpServletRequest request, Operation operation) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : operation.headers()) {
      Enumeration<String> values = request.getHeaders(name);
      if (values.hasMoreElements()) {
        headers.put(name, values.nextElement());
        if (values.hasMoreElements()) {
          throw new InvalidInputException(name, "is given more than once");
        }
      }
    }
    return headers;
  }

  /** Decoded; Tomcat refuses a path that is not UTF-8. */
  @SuppressWarnings("unchecked")
  private static Map<String, String> path(HttpServletRequest shielded) {
    Object variables = shielded.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    return variables == null ? Map.of() : (Map<String, String>) variables;
  }
}
