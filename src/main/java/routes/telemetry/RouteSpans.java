package routes.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.telemetry.Op;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.SpanContextPropagationExtractor;
import org.apache.camel.telemetry.SpanContextPropagationInjector;
import org.apache.camel.telemetry.SpanLifecycleManager;
import org.apache.camel.telemetry.Tracer;
import org.apache.camel.telemetry.decorators.AbstractSpanDecorator;

/**
 * Camel's spans, mended: a trigger's is named for the trigger and not {@code quartz}, kinds tell
 * who waits for whom, what was handled but failed is red, and attributes hold neither SQL text nor
 * URLs nor messages of exceptions, all of which may hold values.
 */
final class RouteSpans extends Tracer {

  /** Attributes that Camel may set; every other one may hold a value. */
  private static final Set<String> HARMLESS =
      Set.of("op", "component", "url.scheme", "exchangeId", "http.method", "http.status_code");

  /** What begins by itself. */
  private static final Map<String, String> CLOCKS =
      Map.of("quartz", "trigger ", "timer", "timer ", "scheduler", "timer ");

  /** What listens to a store is named for its route: the URI of one names the server. */
  private static final Set<String> STORES = Set.of("aws2-s3", "spring-redis");

  private static final Map<String, SpanKind> SENT =
      Map.of(
          "direct", SpanKind.INTERNAL,
          "bean", SpanKind.INTERNAL,
          "log", SpanKind.INTERNAL,
          "mock", SpanKind.INTERNAL,
          "seda", SpanKind.PRODUCER);
  private static final Map<String, SpanKind> RECEIVED =
      Map.of("seda", SpanKind.CONSUMER, "spring-redis", SpanKind.CONSUMER);

  private final io.opentelemetry.api.trace.Tracer tracer;
  private final TextMapPropagator propagator;

  /** Of an exchange whose trace is not kept: how deep in its endpoints it is. */
  private static final String UNSEEN = RouteSpans.class.getName() + ".unseen";

  private static final class Beginning {
    private final String name;
    private final SpanKind kind;
    private boolean kept;

    private Beginning(String name, SpanKind kind) {
      this.name = name;
      this.kind = kind;
    }
  }

  // Camel's life cycle is told neither endpoint nor exchange: it is called by these on one thread.
  private final ThreadLocal<Beginning> beginning = new ThreadLocal<>();
  private final ThreadLocal<Throwable> failure = new ThreadLocal<>();

  RouteSpans(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("camel");
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  @Override
  protected void initTracer() {
    setSpanLifecycleManager(new Life());
  }

  /** Only the first span of a trace that is not kept is begun: it carries the id on. */
  @Override
  protected void beginEventSpan(Exchange exchange, Endpoint endpoint, Op op) throws Exception {
    Integer unseen = exchange.getProperty(UNSEEN, Integer.class);
    if (unseen != null) {
      exchange.setProperty(UNSEEN, unseen + 1);
      return;
    }
    boolean heard = op == Op.EVENT_RECEIVED && STORES.contains(scheme(endpoint));
    Beginning begins =
        new Beginning(
            heard ? ExchangeHelper.getRouteId(exchange) : nameOf(endpoint), kindOf(endpoint, op));
    beginning.set(begins);
    try {
      super.beginEventSpan(exchange, endpoint, op);
    } finally {
      beginning.remove();
    }
    if (!begins.kept) {
      exchange.setProperty(UNSEEN, 0);
    }
  }

  @Override
  protected void endEventSpan(Exchange exchange, Endpoint endpoint) throws Exception {
    Integer unseen = exchange.getProperty(UNSEEN, Integer.class);
    if (unseen != null && unseen > 0) {
      exchange.setProperty(UNSEEN, unseen - 1);
      return;
    }
    exchange.removeProperty(UNSEEN);
    failure.set(ExchangeOutcome.failure(exchange));
    try {
      super.endEventSpan(exchange, endpoint);
    } finally {
      failure.remove();
    }
  }

  @Override
  protected void beginProcessorSpan(Exchange exchange, String processor) throws Exception {
    if (exchange.getProperty(UNSEEN) == null) {
      super.beginProcessorSpan(exchange, processor);
    }
  }

  @Override
  protected void endProcessorSpan(Exchange exchange, String processor) throws Exception {
    if (exchange.getProperty(UNSEEN) == null) {
      super.endProcessorSpan(exchange, processor);
    }
  }

  /** Null: as Camel names it. */
  private static String nameOf(Endpoint endpoint) {
    String scheme = scheme(endpoint);
    if (scheme.equals("platform-http")) {
      return "/" + pathOf(endpoint); // else just GET
    }
    return CLOCKS.containsKey(scheme) ? CLOCKS.get(scheme) + pathOf(endpoint) : null;
  }

  private static String pathOf(Endpoint endpoint) {
    return URLDecoder.decode(
            AbstractSpanDecorator.stripSchemeAndOptions(endpoint), StandardCharsets.UTF_8)
        .replaceFirst("^/+", "");
  }

  private static SpanKind kindOf(Endpoint endpoint, Op op) {
    return op == Op.EVENT_SENT
        ? SENT.getOrDefault(scheme(endpoint), SpanKind.CLIENT)
        // A request's server span is Tomcat's; a route is what is done inside.
        : RECEIVED.getOrDefault(scheme(endpoint), SpanKind.INTERNAL);
  }

  private static String scheme(Endpoint endpoint) {
    String uri = endpoint.getEndpointUri();
    int colon = uri.indexOf(':');
    return colon < 0 ? uri : uri.substring(0, colon);
  }

  private final class Life implements SpanLifecycleManager {

    @Override
    public Span create(String name, Span parent, SpanContextPropagationExtractor headers) {
      Beginning begins = beginning.get();
      String named = begins == null || begins.name == null ? name : begins.name;
      Context context =
          parent == null
              // Never this thread's: a pooled one may still carry somebody else's.
              ? propagator.extract(Context.root(), headers, Headers.INSTANCE)
              : Context.root().with(((Written) parent).span);
      io.opentelemetry.api.trace.Span span =
          tracer
              .spanBuilder(named)
              .setSpanKind(begins == null ? SpanKind.INTERNAL : begins.kind)
              .setParent(context)
              .startSpan();
      if (begins != null) {
        begins.kept = span.getSpanContext().isSampled();
      }
      return new Written(span);
    }

    @Override
    public void activate(Span span) {
      Written written = (Written) span;
      written.scope = written.span.makeCurrent();
    }

    @Override
    public void deactivate(Span span) {
      Written written = (Written) span;
      if (failure.get() != null) {
        Spans.fail(written.span, failure.get());
      }
      written.span.end();
    }

    @Override
    public void close(Span span) {
      Written written = (Written) span;
      if (written.scope != null) {
        written.scope.close();
      }
    }

    @Override
    public void inject(Span span, SpanContextPropagationInjector headers, boolean alsoIds) {
      propagator.inject(
          Context.root().with(((Written) span).span),
          headers,
          (carrier, name, value) -> carrier.put(name, value));
    }
  }

  /** A span as Camel writes to it. */
  private static final class Written implements Span {

    private final io.opentelemetry.api.trace.Span span;
    private Scope scope;

    private Written(io.opentelemetry.api.trace.Span span) {
      this.span = span;
    }

    @Override
    public void log(Map<String, String> fields) {
      // The message of an exception.
    }

    @Override
    public void setTag(String name, String value) {
      if (HARMLESS.contains(name) && value != null) {
        span.setAttribute(name, value);
      }
    }

    @Override
    public void setComponent(String component) {
      span.setAttribute("component", component);
    }

    @Override
    public void setError(boolean failed) {
      if (failed) {
        span.setStatus(StatusCode.ERROR);
      }
    }
  }

  private static final class Headers implements TextMapGetter<SpanContextPropagationExtractor> {

    private static final Headers INSTANCE = new Headers();

    @Override
    public Iterable<String> keys(SpanContextPropagationExtractor headers) {
      return headers.keys();
    }

    @Override
    public String get(SpanContextPropagationExtractor headers, String name) {
      Object value = headers == null ? null : headers.get(name);
      return value == null ? null : value.toString();
    }
  }
}
