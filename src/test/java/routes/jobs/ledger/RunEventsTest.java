package routes.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;
import routes.jobs.web.RunStreams;

/** A run, looked at while it works: what a browser or {@code ./hub} is told, and what it costs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class RunEventsTest extends HubTest {

  @Autowired private RunStreams streams;
  @Autowired private ObjectMapper json;

  private final HttpClient http = HttpClient.newHttpClient();
  private String viewerKey;
  private Api viewer;

  @BeforeAll
  void key() {
    viewerKey = key("viewer");
    viewer = new Api(port, viewerKey);
  }

  @AfterEach
  void everySlotIsFreed() {
    await().atMost(PATIENCE).until(() -> streams.open() == 0);
  }

  /**
   * One event.
   *
   * @param id null: none
   */
  private record Event(String id, String name, JsonNode data) {}

  /** A stream as an EventSource reads it. */
  private final class Reader implements AutoCloseable {
    private final BufferedReader lines;

    private Reader(InputStream in) {
      lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The next event, or null at the end. */
    private Event next() throws IOException {
      String id = null;
      String name = null;
      String data = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && name != null) {
          return new Event(id, name, json.readTree(data));
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        }
      }
      return null;
    }

    private List<Event> rest() throws IOException {
      List<Event> all = new ArrayList<>();
      for (Event event = next(); event != null; event = next()) {
        all.add(event);
      }
      return all;
    }

    private Event until(String name) throws IOException {
      Event event = next();
      while (event != null && !event.name().equals(name)) {
        event = next();
      }
      assertThat(event).as(name).isNotNull();
      return event;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private String ticket() {
    Api.Answer made = viewer.post("/api/tickets", null);
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return made.text("/ticket");
  }

  private HttpResponse<InputStream> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofInputStream());
  }

  private Reader open(UUID run, String... headers) throws Exception {
    HttpResponse<InputStream> answer =
        get("/api/runs/" + run + "/events?ticket=" + ticket(), headers);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    return new Reader(answer.body());
  }

  private int refused(String path, String... headers) throws Exception {
    HttpResponse<InputStream> answer = get(path, headers);
    answer.body().close();
    if (answer.statusCode() != 200) {
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }
    return answer.statusCode();
  }

  @Test
  void aRunIsFollowedToItsEndByATicketOfAViewer() throws Exception {
    UUID run = submit("test.wait", Map.of("name", "a")).id();
    in("running", run);

    try (Reader stream = open(run)) {
      Event begins = stream.until("log");
      assertThat(begins.data().path("message").asText()).startsWith("begins");
      assertThat(begins.id()).isEqualTo(begins.data().path("seq").asText());
      assertThat(stream.until("state").data().path("state").asText()).isEqualTo("running");
      jobs.release("a");

      List<Event> rest = stream.rest();

      assertThat(rest).extracting(Event::name).endsWith("log", "state");
      assertThat(rest.get(rest.size() - 2).data().path("message").asText())
          .isEqualTo("succeeded: said a");
      JsonNode end = rest.get(rest.size() - 1).data();
      assertThat(end.path("state").asText()).isEqualTo("succeeded");
      assertThat(end.at("/summary/text").asText()).isEqualTo("a");
    }
  }

  @Test
  void anyReplicaTellsOfARunThatAnotherWorksOn() throws Exception {
    UUID run = elsewhere();
    try (Reader first = open(run);
        Reader second = open(run)) {
      progress(run, 5);
      assertThat(first.until("progress").data().path("done").asInt()).isEqualTo(5);
      assertThat(second.until("progress").data().path("detail").asText()).isEqualTo("t");
      progress(run, 9);
      assertThat(first.until("progress").data().path("done").asInt()).isEqualTo(9);
      end(run);
      assertThat(first.rest()).extracting(Event::name).endsWith("state");
    }
  }

  @Test
  void whoComesBackMissesNoLineAndSeesNoneTwice() throws Exception {
    UUID run = elsewhere();
    lines(run, 450, "line"); // more than one reading of them
    end(run);
    List<String> all;
    try (Reader stream = open(run)) {
      all = ids(stream.rest());
    }
    assertThat(all).hasSize(450).doesNotHaveDuplicates();

    try (Reader stream = open(run, "Last-Event-ID", all.get(123))) {
      assertThat(ids(stream.rest())).isEqualTo(all.subList(124, 450));
    }
    HttpResponse<InputStream> byParameter =
        get("/api/runs/" + run + "/events?after=" + all.get(440), "X-API-Key", viewerKey);
    try (Reader stream = new Reader(byParameter.body())) {
      assertThat(ids(stream.rest())).isEqualTo(all.subList(441, 450));
    }
  }

  @Test
  void aTicketAdmitsOnceToAStreamAndToNothingElse() throws Exception {
    UUID run = elsewhere();
    end(run);
    String path = "/api/runs/" + run + "/events?ticket=";
    String ticket = ticket();

    assertThat(refused("/api/runs/" + run + "?ticket=" + ticket)).isEqualTo(401);
    assertThat(refused("/api/runs/" + run + "/log?ticket=" + ticket)).isEqualTo(401);
    assertThat(refused("/api/runs/" + run + "/events/?ticket=" + ticket)).isEqualTo(401);
    assertThat(nobody().post("/api/runs/" + run + "/cancel?ticket=" + ticket, null).status())
        .isEqualTo(401);
    assertThat(nobody().get("/api/runs", "X-API-Key", ticket).status()).isEqualTo(401);
    assertThat(refused(path + ticket)).isEqualTo(200);
    assertThat(refused(path + ticket)).as("used").isEqualTo(401);
    assertThat(refused(path + "hub_" + "A".repeat(43))).isEqualTo(401);
    assertThat(refused(path)).isEqualTo(401);
    assertThat(refused("/api/runs/" + run + "/events")).isEqualTo(401);
    assertThat(refused(path + viewerKey)).as("a key has no place in an address").isEqualTo(401);
  }

  @Test
  void anOldTicketAndOneOfARevokedKeyAdmitNobody() throws Exception {
    UUID run = elsewhere();
    end(run);
    String path = "/api/runs/" + run + "/events?ticket=";
    String old = ticket();
    jdbc.sql("UPDATE hub.ticket SET expires_at = now() - interval '1 s'").update();
    assertThat(refused(path + old)).isEqualTo(401);
    Api.Answer key =
        admin()
            .post("/api/keys", "{\"name\": \"t-" + UUID.randomUUID() + "\", \"role\": \"viewer\"}");
    String ticket = new Api(port, key.text("/key")).post("/api/tickets", null).text("/ticket");
    admin().delete("/api/keys/" + key.text("/id"));
    assertThat(refused(path + ticket)).isEqualTo(401);

    jdbc.sql("UPDATE hub.ticket SET expires_at = now() - interval '1 s'").update();
    ticket();
    assertThat(jdbc.sql("SELECT count(*) FROM hub.ticket").query(Long.class).single())
        .as("what was never used is cleared away")
        .isEqualTo(1);
    assertThat(
            jdbc.sql("SELECT count(*) FROM hub.ticket WHERE encode(sha256, 'escape') LIKE 'hub_%'")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void whatIsNoRunIsNotFoundAndOddParametersAreNamed() throws Exception {
    assertThat(refused("/api/runs/" + UUID.randomUUID() + "/events?ticket=" + ticket()))
        .isEqualTo(404);
    assertThat(refused("/api/runs/1-2/events?ticket=" + ticket())).isEqualTo(400);
    String path = "/api/runs/" + elsewhere() + "/events";
    String[] key = {"X-API-Key", viewerKey};
    assertThat(refused(path + "?after=x", key)).isEqualTo(400);
    assertThat(refused(path + "?other=1", key)).isEqualTo(400);
    assertThat(refused(path, "X-API-Key", viewerKey, "Last-Event-ID", "-1")).isEqualTo(400);
    Api.Answer head = viewer.send(viewer.request("HEAD", path, null));
    assertThat(head.status()).isEqualTo(405);
  }

  @Test
  void thereAreSoManyAndWhoLeavesMakesRoom() throws Exception {
    UUID run = elsewhere();
    List<Reader> all = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        all.add(open(run));
      }
      ListAppender<ILoggingEvent> logged = new ListAppender<>();
      logged.start();
      Logger log = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      log.addAppender(logged);
      HttpResponse<InputStream> refused = get("/api/runs/" + run + "/events?ticket=" + ticket());
      log.detachAppender(logged);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(logged.list)
          .filteredOn(line -> line.getFormattedMessage().contains("streams"))
          .singleElement()
          .satisfies(
              line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getThrowableProxy()).isNull();
              });
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      refused.body().close();

      all.remove(0).close();
      await().atMost(PATIENCE).until(() -> streams.open() == 3);
      all.add(open(run));
    } finally {
      for (Reader reader : all) {
        reader.close();
      }
    }
  }

  @Test
  void whoTakesNothingIsDropped() throws Exception {
    UUID run = elsewhere();
    lines(run, 3_000, "x".repeat(4_000));
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4_096);
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /api/runs/"
                  + run
                  + "/events HTTP/1.1\r\nHost: hub\r\nX-API-Key: "
                  + viewerKey
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      await().atMost(PATIENCE).until(() -> streams.open() == 1);
      // Another one is told all the same.
      try (Reader reader = open(run)) {
        assertThat(reader.until("log").data().path("message").asText()).startsWith("xxx");
        await().atMost(PATIENCE).until(() -> streams.open() == 1);
      }
    }
  }

  private static List<String> ids(List<Event> events) {
    return events.stream().map(Event::id).filter(id -> id != null).toList();
  }

  /** A run that another hub works on, as far as the ledger knows. */
  private UUID elsewhere() {
    UUID id = UUID.randomUUID();
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, fire_time, state, requested_by,
              timeout_ms, attempt, fence, lease_owner, lease_until)
            VALUES (:id, 'other.job', 'api', now(), 'running', 'test', 1000, 1,
              nextval('hub.fence'), 'elsewhere', now() + interval '1 hour')""")
        .param("id", id)
        .update();
    return id;
  }

  private void progress(UUID run, int done) {
    jdbc.sql(
            "UPDATE hub.job_run SET progress = jsonb_build_object('done', CAST(:done AS int),"
                + " 'total', 10, 'unit', 'bytes', 'detail', 't') WHERE id = :id")
        .param("done", done)
        .param("id", run)
        .update();
  }

  private void lines(UUID run, int count, String message) {
    jdbc.sql(
            "INSERT INTO hub.run_log (run_id, attempt, level, message)"
                + " SELECT :id, 1, 'INFO', :message FROM generate_series(1, :count)")
        .param("id", run)
        .param("message", message)
        .param("count", count)
        .update();
  }

  private void end(UUID run) {
    jdbc.sql(
            "UPDATE hub.job_run SET state = 'succeeded', finished_at = now(), lease_owner = NULL,"
                + " lease_until = NULL WHERE id = :id")
        .param("id", run)
        .update();
  }
}
