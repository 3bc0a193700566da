package routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.telemetry.RefreshedMetrics;
import routes.web.operations.Operations;

/**
 * Every route that the hub ships has an id and a description ({@link WiringTest} asks for them), a
 * timer, a span that is named for it, and a test that is there for it; all of it together stays a
 * bounded number of series.
 */
class EveryRouteTest extends HubTest {

  @Autowired private Operations operations;

  /** What the tests add to the hub, and what stands for a user's own. */
  private static final Pattern NOT_OURS = Pattern.compile("(test|own)\\..*|schedule\\.test-.*");

  /** A value, where a label should have the name of a kind of thing. */
  private static final Pattern VALUE =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-.*|[0-9a-f]{32,}|.*@.*\\..*|jdbc:.*|.*\\bSELECT\\b.*|\\d{5,}");

  @Autowired private JobCatalogue jobCatalogue;
  @Autowired private MeterRegistry meters;
  @Autowired private List<RefreshedMetrics> all;

  private List<Route> ours() {
    return camel.getRoutes().stream()
        .filter(route -> !NOT_OURS.matcher(route.getId()).matches())
        .toList();
  }

  private static List<Class<?>> annotated(Class<? extends Annotation> annotation)
      throws ClassNotFoundException {
    List<Class<?>> tests = new ArrayList<>();
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(annotation));
    for (var found : scanner.findCandidateComponents("routes")) {
      tests.add(Class.forName(found.getBeanClassName()));
    }
    return tests;
  }

  @Test
  void everyRouteHasATestThatIsThereForIt() throws Exception {
    List<String> claims = new ArrayList<>();
    for (Class<?> test : annotated(Covers.class)) {
      claims.addAll(List.of(test.getAnnotation(Covers.class).value()));
    }

    assertThat(ours())
        .extracting(Route::getId)
        .allMatch(
            id -> claims.stream().anyMatch(claim -> CoversExtension.covers(claim, id)),
            "stands in the @Covers of a test class");
  }

  /** The ports of all jobs are one route in a loop, which {@code JobPortsTest} tests. */
  @Test
  void everyRouteIsTestedByItself() throws Exception {
    List<String> claims = new ArrayList<>(jobCatalogue.all().stream().map(Job::id).toList());
    for (Class<?> test : annotated(RouteTest.Of.class)) {
      assertThat(CamelTestSupport.class).as(test.getName()).isAssignableFrom(test);
      claims.addAll(List.of(test.getAnnotation(RouteTest.Of.class).value()));
    }

    assertThat(ours())
        .extracting(Route::getId)
        .allMatch(
            id -> claims.stream().anyMatch(claim -> CoversExtension.covers(claim, id)),
            "stands in the @RouteTest.Of of a test that extends RouteTest");
  }

  @Test
  void everyRouteHasACounterATimerAndASpan() {
    Map<String, String> traces = new TreeMap<>();
    Map<String, Double> counted = new HashMap<>();
    Map<String, Long> timed = new HashMap<>();
    for (Route route : camel.getRoutes()) {
      counted.put(route.getId(), count(route.getId()));
      timed.put(route.getId(), times(route.getId()));
      traces.put(route.getId(), sendThrough(route));
    }

    for (Route route : camel.getRoutes()) {
      String id = route.getId();
      assertThat(count(id)).as("hub_route_exchanges_total of " + id).isGreaterThan(counted.get(id));
      assertThat(times(id)).as("camel_route_policy_seconds of " + id).isGreaterThan(timed.get(id));
      List<SpanData> spans = TestTelemetry.ofTrace(traces.get(id));
      assertThat(spans).as("span of " + id).hasSize(1);
      assertThat(spans.get(0).getKind())
          .isEqualTo(
              route.getEndpoint().getEndpointUri().matches("(seda|spring-redis):.*")
                  ? SpanKind.CONSUMER
                  : SpanKind.INTERNAL);
      assertThat(spans.get(0).getName()).as("span of " + id).isEqualTo(nameOf(route));
      assertThat(spans.get(0).getAttributes().asMap().keySet())
          .extracting(Objects::toString)
          .isSubsetOf("op", "component", "url.scheme", "exchangeId", "http.method");
    }
  }

  /** A trigger is named for what it starts, a port and an operation for themselves. */
  private static String nameOf(Route route) {
    String uri = route.getEndpoint().getEndpointUri().replaceFirst("\\?.*", "");
    String path = uri.replaceFirst("^[\\w-]+:/*", "");
    String decoded = java.net.URLDecoder.decode(path, java.nio.charset.StandardCharsets.UTF_8);
    if (uri.startsWith("quartz:")) {
      return "trigger " + decoded;
    }
    if (uri.matches("(aws2-s3|spring-redis):.*")) {
      return route.getId();
    }
    if (uri.startsWith("timer:")) {
      return "timer " + decoded;
    }
    return uri.startsWith("rest:")
        ? decoded.replaceFirst("^\\w+:([\\w/]*):?", "$1")
        : uri.startsWith("platform-http:") ? "/" + decoded : decoded;
  }

  /** All routes in use, beside what jobs, stores and backups tell of. */
  @Test
  void theSeriesAreBoundedAndHoldNoValues() {
    camel.getRoutes().forEach(this::sendThrough);
    ended(submit("test.echo", Map.of("text", "for the series")).id());
    admin().get("/api/runs/" + UUID.randomUUID());
    all.forEach(RefreshedMetrics::refresh);

    String[] lines =
        new Api(managementPort, METRICS_TOKEN)
            .get("/actuator/prometheus")
            .http()
            .body()
            .split("\n");

    List<String> series = Stream.of(lines).filter(line -> !line.startsWith("#")).toList();
    assertThat(series.stream().filter(line -> !line.startsWith("http_server_requests")))
        .as("series at " + camel.getRoutes().size() + " routes, all in use")
        // What other tests have left is among them: runs of their jobs and triggers.
        .hasSizeLessThan(2500);
    assertThat(series)
        .as("with those of requests, by operation and outcome")
        .hasSizeLessThan(2500 + 25 * operations.all().size());
    assertThat(series)
        .as("what Camel counts twice, or calls a success that is none")
        .noneMatch(line -> line.startsWith("camel_exchanges") && line.contains("\"context\""))
        .noneMatch(line -> line.startsWith("camel_exchange_event_notifier"))
        .noneMatch(line -> line.startsWith("camel_exchanges_succeeded"));
    assertThat(series).anyMatch(line -> line.startsWith("camel_route_policy_seconds_bucket"));
    for (Meter meter : meters.getMeters()) {
      meter
          .getId()
          .getTagsAsIterable()
          .forEach(
              tag ->
                  assertThat(VALUE.matcher(tag.getValue()).matches())
                      .as(meter.getId() + " is labelled with a value")
                      .isFalse());
    }
  }

  /** An exchange for which no step is done; its trace. */
  private String sendThrough(Route route) {
    String trace = UUID.randomUUID().toString().replace("-", "");
    Exchange exchange = route.getEndpoint().createExchange();
    exchange.setProperty(TestTelemetry.HOLLOW, true);
    exchange.getMessage().setHeader("traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
    try {
      route.getProcessor().process(exchange);
    } catch (Exception e) {
      throw new AssertionError(route.getId(), e);
    }
    return trace;
  }

  private double count(String route) {
    var counter =
        meters
            .find("hub.route.exchanges")
            .tags("route_id", route, "outcome", "succeeded")
            .counter();
    return counter == null ? -1 : counter.count();
  }

  private long times(String route) {
    var timer = meters.find("camel.route.policy").tag("routeId", route).timer();
    return timer == null ? 0 : timer.count();
  }
}
