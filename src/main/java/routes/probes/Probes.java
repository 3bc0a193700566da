package routes.probes;

import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import routes.kernel.http.ConfiguredHttp;
import routes.probes.ProbeProperties.Probe;
import routes.telemetry.Spans;

/** Looks at one target and keeps what was found. */
@Component
class Probes {

  private static final int MOST_BODY = 64 * 1024;

  private final ProbeProperties properties;
  private final Map<String, Expectation> expectations = new HashMap<>();
  private final ProbeStates states;
  private final ConfiguredHttp http;
  private final Spans spans;

  Probes(ProbeProperties properties, ProbeStates states, ConfiguredHttp http, Spans spans) {
    this.properties = properties;
    properties
        .probes()
        .forEach((name, probe) -> expectations.put(name, new Expectation(name, probe)));
    this.states = states;
    this.http = http;
    this.spans = spans;
  }

  /** Within the probe's timeout; what does not answer is down, and no failure of ours. */
  ProbeResult look(String name) throws Exception {
    ProbeResult look =
        spans.in(
            "probe " + name,
            SpanKind.CLIENT,
            Map.of("http.request.method", "GET"),
            () -> ask(name, properties.probes().get(name)));
    states.keep(look);
    return look;
  }

  private ProbeResult ask(String name, Probe probe) throws InterruptedException {
    long began = System.nanoTime();
    Optional<String> why;
    try {
      ConfiguredHttp.Answer answer = http.get(probe.url(), probe.timeout(), MOST_BODY);
      why = expectations.get(name).unmet(answer.status(), answer.body());
    } catch (IOException e) {
      why = Optional.of(e.getMessage());
    }
    return new ProbeResult(
        name, why.isEmpty(), (System.nanoTime() - began) / 1_000_000, why.orElse(null));
  }
}
