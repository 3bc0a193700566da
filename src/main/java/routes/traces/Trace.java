package routes.traces;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A trace as the API shows it.
 *
 * @param id 32 hex digits
 * @param spans in the order they began
 */
record Trace(String id, List<Span> spans) {

  /**
   * One span.
   *
   * @param parent null: the trace's first, or its parent was not kept
   * @param micros how long it took
   * @param failed its status is an error
   * @param tags attributes, as text
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Span(
      String id,
      String parent,
      String service,
      String operation,
      Instant startedAt,
      long micros,
      boolean failed,
      Map<String, String> tags) {}

  /**
   * A trace in a list.
   *
   * @param operation of its first span
   * @param micros from the first beginning to the last end
   * @param spans count
   * @param failed count
   * @param href where all of it is
   */
  record Summary(
      String id,
      String service,
      String operation,
      Instant startedAt,
      long micros,
      int spans,
      long failed,
      String href) {}

  /**
   * @param trace one of {@code data} in an answer of {@code /api/traces}
   */
  static Trace of(JsonNode trace) {
    JsonNode processes = trace.path("processes");
    List<Span> spans = new ArrayList<>();
    for (JsonNode span : trace.path("spans")) {
      Map<String, String> tags = new TreeMap<>();
      span.path("tags").forEach(tag -> tags.put(text(tag, "key"), text(tag, "value")));
      spans.add(
          new Span(
              text(span, "spanID"),
              parent(span),
              text(processes.path(text(span, "processID")), "serviceName"),
              text(span, "operationName"),
              Instant.EPOCH.plus(span.path("startTime").asLong(), ChronoUnit.MICROS),
              span.path("duration").asLong(),
              "true".equals(tags.get("error")) || "ERROR".equals(tags.get("otel.status_code")),
              tags));
    }
    spans.sort(Comparator.comparing(Span::startedAt));
    return new Trace(text(trace, "traceID"), List.copyOf(spans));
  }

  /** Of a trace with a span or more. */
  Summary summary() {
    Set<String> ids = spans.stream().map(Span::id).collect(Collectors.toSet());
    Span first =
        spans.stream()
            .filter(span -> span.parent() == null || !ids.contains(span.parent()))
            .findFirst()
            .orElse(spans.get(0));
    Instant began = spans.get(0).startedAt();
    long took =
        spans.stream()
            .mapToLong(span -> ChronoUnit.MICROS.between(began, span.startedAt()) + span.micros())
            .max()
            .orElse(0);
    return new Summary(
        id,
        first.service(),
        first.operation(),
        began,
        took,
        spans.size(),
        spans.stream().filter(Span::failed).count(),
        "/api/traces/" + id);
  }

  private static String parent(JsonNode span) {
    for (JsonNode reference : span.path("references")) {
      if (text(reference, "refType").equals("CHILD_OF")
          && text(reference, "traceID").equals(text(span, "traceID"))) {
        return text(reference, "spanID");
      }
    }
    return null;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
