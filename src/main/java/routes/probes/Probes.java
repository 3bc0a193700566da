package routes.probes;

import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import routes.platform.http.PlainGet;
import routes.platform.telemetry.Spans;
import routes.probes.ProbeProperties.Probe;

/** Looks at one target and keeps what was found. */
@Component
class Probes {

  private static final int MOST_BODY = 64 * 1024;

  private final ProbeProperties properties;
  private final Map<String, Expectation> expectations = new HashMap<>();
  private final ProbeStates states;
  private final PlainGet http;
  private final Spans spans;

  Probes(ProbeProperties properties, ProbeStates states, PlainGet http, Spans spans) {
    this.properties = properties;
    properties
        .probes()
        .forEach((name, probe) -> expectations.put(name, new Expectation(name, probe)));
    this.states = states;
    this.http = http;
    this.spans = spans;
  }

  /** Within the probe's timeout; what does not answer is down, and no failure of ours. */
  Look look(String name) throws Exception {
    Look look =
        spans.in(
            "probe " + name,
            SpanKind.CLIENT,
            Map.of("http.request.method", "GET"),
            () -> ask(name, properties.probes().get(name)));
    states.keep(look);
    return look;
  }

  private Look ask(String name, Probe probe) throws InterruptedException {
    long began = System.nanoTime();
    Optional<String> why;
    try {
      PlainGet.Answer answer = http.get(probe.url(), probe.timeout(), MOST_BODY);
      why = expectations.get(name).unmet(answer.status(), answer.body());
    } catch (IOException e) {
      why = Optional.of(e.getMessage());
    }
    return new Look(name, why.isEmpty(), (System.nanoTime() - began) / 1_000_000, why.orElse(null));
  }
}
