package routes.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;
import routes.devservices.FaultyProxy;

/** The documented way for a browser, in a real EventSource (that of Node), whose line is cut. */
class EventSourceTest extends HubTest {

  @Autowired private EventStreams streams;

  private final String channel = "es-" + UUID.randomUUID().toString().substring(0, 8);

  @Test
  void nothingIsLostAndNothingComesTwiceWhenTheLineIsCut() throws Exception {
    assumeTrue(hasEventSource(), "no Node whose --experimental-eventsource has an EventSource");
    try (FaultyProxy line = new FaultyProxy(URI.create("http://127.0.0.1:" + port))) {
      Process browser = follow(line.endpoint());
      List<String> seen = Collections.synchronizedList(new ArrayList<>());
      Thread reader = new Thread(() -> read(browser, seen));
      reader.start();
      try {
        await().atMost(PATIENCE).until(() -> streams.open() == 1);
        int told = 0;
        for (int cut = 0; cut < 3; cut++) {
          told = publish(told);
          waitFor(seen, told);
          line.set(FaultyProxy.Mode.UNAVAILABLE);
          told = publish(told);
          line.set(FaultyProxy.Mode.FINE);
          waitFor(seen, told);
        }
      } finally {
        browser.destroyForcibly().waitFor();
        reader.join();
      }
    }
  }

  @Test
  void aTicketThatWasUsedIsRefusedSoThatNobodyWaitsInVain() throws Exception {
    String ticket = as("viewer").post("/api/tickets", "").text("/ticket");
    HttpResponse<InputStream> first =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:"
                                + port
                                + "/api/events?positions=true&ticket="
                                + ticket))
                    .timeout(PATIENCE)
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream open = first.body()) {
      assertThat(first.statusCode()).isEqualTo(200);
      BufferedReader lines = new BufferedReader(new InputStreamReader(open));
      assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine(), lines.readLine()))
          .as("it says where it is, also to a page")
          .satisfiesExactly(
              line -> assertThat(line).isEqualTo("retry: 2000"),
              line -> assertThat(line).startsWith("id: "),
              line -> assertThat(line).isEqualTo("event: position"),
              line -> assertThat(line).isEqualTo("data: {}"));
      Api.Answer again = nobody().get("/api/events?ticket=" + ticket, "Last-Event-ID", "1-0.a");
      assertThat(again.status()).isEqualTo(401);
      assertThat(again.text("/detail")).contains("the ticket was used");
    }
  }

  private Process follow(URI hub) throws IOException {
    ProcessBuilder node =
        new ProcessBuilder(
                "node",
                "--experimental-eventsource",
                "docs/examples/follow_events.mjs",
                hub.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    node.environment().put("HUB_API_KEY", key("viewer"));
    return node.start();
  }

  private static boolean hasEventSource() throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "node",
                  "--experimental-eventsource",
                  "-e",
                  "new EventSource('http://127.0.0.1:1').close()")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no Node
    }
  }

  private void waitFor(List<String> seen, int told) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(seen)
                    .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, told)
                            .mapToObj(n -> "{\"n\":" + n + "}")
                            .toList()));
  }

  private int publish(int told) {
    Api service = as("service");
    for (int n = told + 1; n <= told + 5; n++) {
      Api.Answer taken =
          service.post(
              "/api/notifications/" + channel,
              "{\"events\": [{\"type\": \"test.told\", \"key\": \"a\", \"data\": {\"n\": %d}}]}"
                  .formatted(n));
      assertThat(taken.status()).as(taken.toString()).isBetween(200, 202);
    }
    return told + 5;
  }

  private static void read(Process browser, List<String> seen) {
    try (BufferedReader lines = browser.inputReader()) {
      lines
          .lines()
          .filter(line -> line.contains(" test.told "))
          .forEach(line -> seen.add(line.substring(line.indexOf('{'))));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
