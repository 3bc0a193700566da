package routes.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import routes.Api;
import routes.HubTest;
import routes.devservices.TestStores;
import routes.stores.redis.RedisPumpConnections;

/** What happened, as a browser's EventSource is told of it: real HTTP, a real Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest extends HubTest {

  @Autowired private EventStreams streams;
  @Autowired private RedisPumpConnections pumps;
  @Autowired private ObjectMapper json;
  @Autowired private MeterRegistry meters;

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

  @Test
  void whoComesTooLateIsToldOfTheGap() throws Exception {
    String channel = channel();
    String first = add(channel, Map.of("id", "x", "type", "t", "event", "{}"));
    publish(channel, "info", "test.lost");
    redis.sync().xtrim("events:" + channel, 0);
    String kept = publish(channel, "info", "test.kept");

    try (Source source = open("?channels=" + channel, first + "." + channel)) {
      Event gap = source.next();
      assertThat(gap.name()).isEqualTo("gap");
      assertThat(json.readTree(gap.data()).path("after").asText()).isEqualTo(first + "." + channel);
      assertThat(source.take(1)).containsExactly(kept);
    }
    for (String strange :
        List.of("1700000000000-0." + channel, "1700000000000", "99999999999999")) {
      try (Source source = open("?channels=" + channel, strange)) {
        assertThat(source.next().name()).as(strange).isEqualTo("gap");
        String next = publish(channel, "info", "test.next");
        List<String> got = source.take(1);
        while (!got.contains(next)) {
          got = source.take(1);
        }
      }
    }
  }

  @Test
  void whateverLiesInAStreamOnlyEventsComeOutAndOneByOne() throws Exception {
    String channel = channel();
    String noStream = channel();
    redis.sync().set("events:" + noStream, "somebody's own");
    try (Source source = open("?channels=" + channel + "," + noStream, null).begun()) {
      add(channel, Map.of("other", "field"));
      add(channel, Map.of("event", "no JSON"));
      add(channel, Map.of("event", "[1]"));
      add(channel, Map.of("event", "{\"severity\":\"loud\"}"));
      add(channel, Map.of("event", "{\"id\":\"a\",\n\n\"b\":\"\r\nid: 0-0.x\"}"));
      add(channel, Map.of("event", "{\"id\":\"pretty\",\n\"x\":\r1\r\n}"));

      assertThat(source.take(1)).containsExactly("pretty");
      assertThat(source.lastEventId).endsWith("." + channel);
    } finally {
      redis.sync().del("events:" + noStream);
    }
  }

  @Test
  void redisGoesAndComesBackUnderAnOpenStream() throws Exception {
    String channel = channel();
    try (Source source = open("?channels=" + channel, null).begun()) {
      String before = publish(channel, "info", "test.before");
      assertThat(source.take(1)).containsExactly(before);
      String last = source.lastEventId;
      String after;
      TestStores.get().redis().kill();
      try (Source late = open("?channels=" + channel, last)) {
        // Both ends know that the other is there: what comes is no event.
        for (int beats = 0; beats < 3; beats++) {
          while (!":".equals(source.lines.readLine())) {
            // greetings
          }
        }
        TestStores.get().redis().start();
        connect();
        after = publish(channel, "info", "test.after");

        assertThat(source.take(1)).containsExactly(after);
        assertThat(late.take(1)).containsExactly(after);
      }
    } finally {
      TestStores.get().redis().start();
    }
  }

  @Test
  void whoReadsTooSlowlyIsCutAndComesBack() throws Exception {
    String channel = channel();
    String query = "?channels=" + channel;
    double cut = meters.get("hub.events.dropped").counter().count();
    String start;
    try (Source source = open(query, null).begun();
        Socket slow = new Socket()) {
      start = source.lastEventId;
      slow.setReceiveBufferSize(4_096);
      slow.connect(new InetSocketAddress("127.0.0.1", port));
      slow.getOutputStream()
          .write(
              ("GET /api/events"
                      + query
                      + " HTTP/1.1\r\nHost: hub\r\nX-API-Key: "
                      + viewerKey
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      await().atMost(PATIENCE).until(() -> streams.open() == 2);
      String big = "{\"id\":\"big\",\"data\":\"" + "x".repeat(100_000) + "\"}";
      for (int i = 0; i < 100; i++) {
        add(channel, Map.of("type", "t", "event", big));
        assertThat(source.take(1)).as("who reads is told all the while").containsExactly("big");
      }
      await().atMost(PATIENCE).until(() -> streams.open() == 1);
    }
    assertThat(meters.get("hub.events.dropped").counter().count()).isEqualTo(cut + 1);
    try (Source again = open(query, start)) {
      assertThat(again.take(100)).hasSize(100);
    }
  }

  @Test
  void aTicketAdmitsOnceAndOddParametersAreNamed() throws Exception {
    Api viewer = new Api(port, viewerKey);
    String ticket = viewer.post("/api/tickets", null).text("/ticket");
    try (Source source = new Source(get("?ticket=" + ticket).body())) {
      assertThat(source.begun().lastEventId).matches("\\d+");
    }
    assertThat(status("?ticket=" + ticket)).isEqualTo(401);
    assertThat(status("")).isEqualTo(401);
    assertThat(as("service").get("/api/events").status()).isEqualTo(403);
    for (String odd :
        List.of(
            "channels=A",
            "channels=",
            "channels=a,,b",
            "channels=" + "a,".repeat(70) + "a",
            "channels=..%2Fx",
            "severity=loud",
            "types=a%20b",
            "types=*",
            "after=x",
            "other=1",
            "after=1-1")) {
      Api.Answer answer = viewer.get("/api/events?" + odd);
      assertThat(answer.status()).as(odd).isEqualTo(400);
      assertThat(answer.text("/field")).isEqualTo(odd.substring(0, odd.indexOf('=')));
    }
    assertThat(viewer.get("/api/events", "Last-Event-ID", "-1").text("/field"))
        .isEqualTo("Last-Event-ID");
    assertThat(viewer.send(viewer.request("HEAD", "/api/events", null)).status()).isEqualTo(405);
  }

  private int status(String query) throws Exception {
    HttpResponse<InputStream> answer = get(query);
    answer.body().close();
    return answer.statusCode();
  }
}
