package routes.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.platform.redis.RedisPumps;

/** What happened, as a browser's EventSource is told of it: real HTTP, a real Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest extends HubTest {

  @Autowired private EventStreams streams;
  @Autowired private RedisPumps pumps;
  @Autowired private ObjectMapper json;

  private final HttpClient http = HttpClient.newHttpClient();
  private StatefulRedisConnection<String, String> redis;
  private String viewerKey;

  @BeforeAll
  void connect() {
    redis = pumps.open(PATIENCE);
    viewerKey = key("viewer");
  }

  @AfterAll
  void disconnect() {
    redis.close();
  }

  @AfterEach
  void everySlotIsFreed() {
    await().atMost(PATIENCE).until(() -> streams.open() == 0);
  }

  /**
   * One event as EventSource tells it.
   *
   * @param name {@code message} unless it has one
   */
  private record Event(String id, String name, String data) {}

  /** Reads as the HTML standard says. */
  private final class Source implements AutoCloseable {
    private final BufferedReader lines;
    private String lastEventId = "";

    private Source(InputStream in) {
      lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The next event, or null at the end. */
    private Event next() throws IOException {
      String name = "message";
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (!data.isEmpty()) {
            return new Event(lastEventId, name, data.substring(0, data.length() - 1));
          }
          name = "message";
        } else if (line.startsWith("id: ")) {
          lastEventId = line.substring(4);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6)).append('\n');
        }
      }
      return null;
    }

    /** Ids of the envelopes of so many events. */
    private List<String> take(int count) throws IOException {
      List<String> ids = new ArrayList<>();
      while (ids.size() < count) {
        Event event = next();
        assertThat(event).as("after " + ids.size() + " events").isNotNull();
        assertThat(event.name()).isEqualTo("message");
        ids.add(json.readTree(event.data()).path("id").asText());
      }
      return ids;
    }

    /** Waits until the stream says where it is. */
    private Source begun() throws IOException {
      while (lastEventId.isEmpty()) {
        String line = lines.readLine();
        if (line.startsWith("id: ")) {
          lastEventId = line.substring(4);
        }
      }
      return this;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private HttpResponse<InputStream> get(String query, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/events" + query))
            .timeout(PATIENCE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofInputStream());
  }

  private Source open(String query, String lastEventId) throws Exception {
    List<String> headers = new ArrayList<>(List.of("X-API-Key", viewerKey));
    if (lastEventId != null) {
      headers.addAll(List.of("Last-Event-ID", lastEventId));
    }
    HttpResponse<InputStream> answer = get(query, headers.toArray(String[]::new));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    return new Source(answer.body());
  }

  private static String channel() {
    return "t" + UUID.randomUUID();
  }

  private String publish(String channel, String severity, String type) {
    String id = UUID.randomUUID().toString();
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"type\":\"%s\",\"severity\":\"%s\",\"data\":{\"severity\":\"critical\"}}"
            .formatted(id, type, severity);
    add(channel, Map.of("id", id, "type", type, "event", event));
    return id;
  }

  private String add(String channel, Map<String, String> entry) {
    return redis.sync().xadd("events:" + channel, entry);
  }

  @Test
  void aClientIsToldWhatHappensFromNowOn() throws Exception {
    String channel = channel();
    try (Source source = open("?channels=" + channel, null).begun()) {
      publish(channel, "info", "test.before");
      assertThat(source.take(1)).hasSize(1);
    }
    await().atMost(PATIENCE).until(() -> streams.open() == 0);
    try (Source source = open("?channels=" + channel, null).begun()) {
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        sent.add(publish(channel, "info", "test.said"));
      }

      assertThat(source.take(20)).isEqualTo(sent);
      assertThat(source.lastEventId).endsWith("." + channel);
    }
  }

  @Test
  void whoComesBackMissesNothingAndSeesNothingTwice() throws Exception {
    List<String> channels = List.of(channel(), channel(), channel());
    String query = "?channels=" + String.join(",", channels);
    List<String> sent = java.util.Collections.synchronizedList(new ArrayList<>());
    String last;
    try (Source source = open(query, null).begun()) {
      last = source.lastEventId;
    }
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < 3_000; i++) {
                sent.add(publish(channels.get(i % 3), "info", "test.said"));
              }
            });
    writer.start();

    List<String> got = new ArrayList<>();
    for (int visit = 0; got.size() < 3_000; visit++) {
      try (Source source = open(query, last)) {
        got.addAll(source.take(Math.min(1 + visit * 97 % 400, 3_000 - got.size())));
        last = source.lastEventId;
      }
    }
    writer.join();

    assertThat(got).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(sent);
    try (Source source = open(query, last)) {
      String next = publish(channels.get(0), "info", "test.said");
      assertThat(source.take(1)).containsExactly(next);
    }
  }

  @Test
  void aClientIsToldOnlyWhatItWants() throws Exception {
    String one = channel();
    String other = channel();
    try (Source source = open("?channels=" + one + "&severity=error&types=test.a", null).begun()) {
      publish(one, "warning", "test.a");
      publish(one, "critical", "test.b");
      publish(other, "critical", "test.a");
      String wanted = publish(one, "critical", "test.a.b");
      String alsoWanted = publish(one, "error", "test.a");

      assertThat(source.take(2)).containsExactly(wanted, alsoWanted);
    }
  }
}
