package routes.traces;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import routes.kernel.Columns;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.NotFoundException;
import routes.kernel.http.ConfiguredHttp;

/**
 * Jaeger's query API, of versions 1 and 2. What it does not answer is the caller's 503, in words.
 */
@Component
record Jaeger(JaegerProperties properties, ConfiguredHttp http, ObjectMapper json) {

  /** Newest first, as many as were asked for at most. */
  List<Trace.Summary> find(TraceQuery query) {
    StringBuilder path = new StringBuilder("/api/traces?service=" + encoded(query.service()));
    if (query.operation() != null) {
      path.append("&operation=").append(encoded(query.operation()));
    }
    path.append("&start=").append(micros(query.from()));
    path.append("&end=").append(micros(query.to()));
    path.append("&limit=").append(query.limit());
    if (!query.tags().isEmpty()) {
      path.append("&tags=").append(encoded(Columns.text(json, query.tags())));
    }
    List<Trace.Summary> found = new ArrayList<>();
    for (Trace trace : traces(ask(path.toString()))) {
      found.add(trace.summary());
    }
    found.sort((one, other) -> other.startedAt().compareTo(one.startedAt()));
    return found.size() > query.limit() ? found.subList(0, query.limit()) : found;
  }

  /**
   * @param id 32 hex digits
   * @throws NotFoundException when Jaeger has none: not yet, not any more, or never sampled
   */
  Trace get(String id) {
    List<Trace> found = traces(ask("/api/traces/" + id));
    if (found.isEmpty()) {
      throw new NotFoundException(
          "trace",
          id,
          "it comes some seconds after its work ended, and goes when Jaeger's time is up");
    }
    return found.get(0);
  }

  private List<Trace> traces(JsonNode answer) {
    List<Trace> traces = new ArrayList<>();
    for (JsonNode data : answer.path("data")) {
      Trace trace = Trace.of(data);
      if (!trace.spans().isEmpty()) {
        traces.add(trace);
      }
    }
    return traces;
  }

  private JsonNode ask(String path) {
    if (properties.url().isEmpty()) {
      throw away("hub.jaeger.url is not set: this hub knows no Jaeger to ask");
    }
    try {
      ConfiguredHttp.Answer answer =
          http.get(
              URI.create(properties.url() + path),
              properties.timeout(),
              (int) properties.most().toBytes());
      if (answer.status() == 404) {
        return json.createObjectNode();
      }
      if (answer.status() != 200) {
        throw away("Jaeger answers " + answer.status());
      }
      if (answer.cut()) {
        throw away("Jaeger's answer is longer than hub.jaeger.most; ask for less");
      }
      return json.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw away("what answers at hub.jaeger.url is not Jaeger's query API");
    } catch (IOException e) {
      throw away("Jaeger: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away("this hub is being stopped");
    }
  }

  private static HttpException away(String detail) {
    return new HttpException(503, "Unavailable", detail, Map.of("store", "jaeger"));
  }

  private static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
