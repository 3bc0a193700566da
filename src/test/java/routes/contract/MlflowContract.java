package routes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import routes.devservices.MlflowRecording;

/**
 * What the hub relies on MLflow's REST API for. Names hold {@link #label}: each run has its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class MlflowContract {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** Where it answers. */
  protected abstract URI server();

  /** Part of every name; {@code recorded} for what the simulator knows. */
  protected abstract String label();

  /** Skips the test where the server does not run. */
  protected void assumeThere() {}

  /** Called with each question and its answer. */
  protected void seen(MlflowRecording.Exchange exchange) {}

  /** Called with each body that a webhook got, after the exchange that caused it. */
  protected void delivered(String body) {}

  @BeforeEach
  final void there() {
    assumeThere();
  }

  @Test
  void saysThatItRunsAndWhichVersion() {
    assertThat(send("GET", "/health", "").text()).startsWith("OK");
    assertThat(send("GET", "/version", "").text()).startsWith("3.");
  }

  @Test
  void experimentsAreFoundPageByPage() {
    List<String> made = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      made.add(
          post("experiments/create", Map.of("name", name("paged/" + name)))
              .at("/experiment_id")
              .textValue());
    }

    String filter = "name LIKE '" + name("paged/") + "%'";
    List<String> found = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      JsonNode page =
          post(
              "experiments/search",
              Map.of(
                  "max_results",
                  2,
                  "filter",
                  filter,
                  "order_by",
                  List.of("name ASC"),
                  "page_token",
                  token));
      found.addAll(page.at("/experiments").findValuesAsText("experiment_id"));
      token = page.path("next_page_token").asText();
      pages++;
    } while (!token.isEmpty());

    assertThat(found).isEqualTo(made);
    assertThat(pages).isEqualTo(2);
    JsonNode one =
        get("experiments/get-by-name?experiment_name=" + encoded(name("paged/b")))
            .at("/experiment");
    assertThat(one.at("/experiment_id").textValue()).isEqualTo(made.get(1));
    assertThat(one.at("/lifecycle_stage").textValue()).isEqualTo("active");
    assertError(
        400,
        "RESOURCE_ALREADY_EXISTS",
        send("POST", API + "experiments/create", json(Map.of("name", name("paged/b")))));
  }

  @Test
  void runsAreLoggedAndSearched() {
    String experiment = experiment("runs");
    List<String> made = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      String run = run(experiment, n);
      made.add(run);
      post("runs/log-parameter", Map.of("run_id", run, "key", "depth", "value", "" + n));
      post(
          "runs/log-batch",
          Map.of(
              "run_id",
              run,
              "metrics",
              List.of(
                  Map.of("key", "auc", "value", 0.5 + n / 10.0, "timestamp", 1_000 + n, "step", 0),
                  Map.of("key", "auc", "value", 0.6 + n / 10.0, "timestamp", 2_000 + n, "step", 1)),
              "tags",
              List.of(Map.of("key", "team", "value", "security"))));
      post("runs/update", Map.of("run_id", run, "status", "FINISHED", "end_time", 9_000));
    }

    JsonNode first = get("runs/get?run_id=" + made.get(0)).at("/run");
    assertThat(first.at("/info/status").textValue()).isEqualTo("FINISHED");
    assertThat(first.at("/info/end_time").longValue()).isEqualTo(9_000);
    assertThat(first.at("/data/metrics/0/value").doubleValue()).as("the last one").isEqualTo(0.6);
    assertThat(first.at("/data/params/0/value").textValue()).isEqualTo("0");
    JsonNode history = get("metrics/get-history?run_id=" + made.get(0) + "&metric_key=auc");
    assertThat(history.at("/metrics").findValuesAsText("step")).containsExactly("0", "1");

    List<String> found = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          post(
              "runs/search",
              Map.of(
                  "experiment_ids",
                  List.of(experiment),
                  "filter",
                  "metrics.auc > 0.65",
                  "order_by",
                  List.of("metrics.auc DESC"),
                  "max_results",
                  3,
                  "page_token",
                  token));
      page.at("/runs").forEach(each -> found.add(each.at("/info/run_id").textValue()));
      token = page.path("next_page_token").asText();
    } while (!token.isEmpty());
    assertThat(found).containsExactly(made.get(4), made.get(3), made.get(2), made.get(1));
  }

  @Test
  void versionsAndAliasesOfAModel() {
    String model = name("model");
    version(model);
    assertThat(another(model)).isEqualTo("2");
    post("registered-models/alias", Map.of("name", model, "alias", "champion", "version", "1"));

    String byAlias = "registered-models/alias?name=" + encoded(model) + "&alias=champion";
    assertThat(get(byAlias).at("/model_version/version").textValue()).isEqualTo("1");
    post("registered-models/alias", Map.of("name", model, "alias", "champion", "version", "2"));
    assertThat(get(byAlias).at("/model_version/version").textValue()).isEqualTo("2");
    JsonNode held = get("registered-models/get?name=" + encoded(model)).at("/registered_model");
    assertThat(held.at("/aliases/0/alias").textValue()).isEqualTo("champion");
    assertThat(held.at("/aliases/0/version").textValue()).isEqualTo("2");

    String filter = encoded("name = '" + model + "'");
    JsonNode models =
        get("registered-models/search?max_results=10&filter=" + filter).at("/registered_models");
    assertThat(models).hasSize(1);
    assertThat(models.at("/0/description").textValue()).isEqualTo("contract");
    JsonNode page = get("model-versions/search?max_results=1&filter=" + filter);
    assertThat(page.at("/model_versions")).hasSize(1);
    JsonNode rest =
        get(
            "model-versions/search?max_results=1&filter="
                + filter
                + "&page_token="
                + encoded(page.at("/next_page_token").textValue()));
    assertThat(
            List.of(
                page.at("/model_versions/0/version").textValue(),
                rest.at("/model_versions/0/version").textValue()))
        .containsExactlyInAnyOrder("1", "2");
    assertError(
        400,
        "INVALID_PARAMETER_VALUE",
        send("GET", API + byAlias.replace("champion", "nobody"), ""));
  }

  @Test
  void artifactsGoThroughTheServer() {
    String experiment = experiment("artifacts");
    String run = run(experiment, 0);
    String folder = ARTIFACTS + experiment + "/" + run + "/artifacts/";

    assertThat(send("PUT", folder + "report/labels.txt", "cat, dog").status()).isEqualTo(200);

    JsonNode top = get("artifacts/list?run_id=" + run);
    assertThat(top.at("/root_uri").textValue()).startsWith("mlflow-artifacts:/");
    assertThat(top.at("/files/0/path").textValue()).isEqualTo("report");
    assertThat(top.at("/files/0/is_dir").booleanValue()).isTrue();
    JsonNode inside = get("artifacts/list?run_id=" + run + "&path=report").at("/files/0");
    assertThat(inside.at("/path").textValue()).isEqualTo("report/labels.txt");
    assertThat(inside.at("/file_size").asLong()).isEqualTo(8);
    assertThat(send("GET", folder + "report/labels.txt", "").text()).isEqualTo("cat, dog");
    assertThat(send("GET", folder + "report/never.txt", "").status()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void webhooksAreSigned() throws Exception {
    String secret = "of-this-test-only";
    try (Receiver receiver = new Receiver()) {
      JsonNode made =
          post(
                  "webhooks",
                  Map.of(
                      "name",
                      name("hook"),
                      "url",
                      receiver.url(),
                      "secret",
                      secret,
                      "events",
                      List.of(Map.of("entity", "MODEL_VERSION_TAG", "action", "SET"))))
              .at("/webhook");
      String id = made.at("/webhook_id").textValue();
      assertThat(made.at("/status").textValue()).isEqualTo("ACTIVE");
      assertThat(made.at("/url").textValue()).isEqualTo(receiver.url());
      assertThat(made.toString()).doesNotContain(secret);

      JsonNode tried = post("webhooks/" + id + "/test", Map.of()).at("/result");
      assertThat(tried.at("/success").booleanValue()).isTrue();
      assertSigned(receiver.next(), secret);

      version(name("tagged"));
      post(
          "model-versions/set-tag",
          Map.of("name", name("tagged"), "version", "1", "key", "tier", "value", "critical"));
      JsonNode event = assertSigned(receiver.next(), secret);
      assertThat(event.at("/entity").textValue()).isEqualTo("model_version_tag");
      assertThat(event.at("/action").textValue()).isEqualTo("set");
      assertThat(event.at("/data/name").textValue()).isEqualTo(name("tagged"));

      assertThat(send("DELETE", API + "webhooks/" + id, "").status()).isEqualTo(200);
      assertError(404, "RESOURCE_DOES_NOT_EXIST", send("GET", API + "webhooks/" + id, ""));
    }
  }

  @Test
  void mistakesAreToldApart() {
    assertError(404, "RESOURCE_DOES_NOT_EXIST", send("GET", API + "runs/get?run_id=never", ""));
    assertError(
        404,
        "RESOURCE_DOES_NOT_EXIST",
        send("GET", API + "experiments/get-by-name?experiment_name=never", ""));
    assertError(
        404, "RESOURCE_DOES_NOT_EXIST", send("GET", API + "registered-models/get?name=never", ""));
    assertError(
        400,
        "INVALID_PARAMETER_VALUE",
        send("POST", API + "runs/search", json(Map.of("max_results", "x"))));
    assertError(
        400,
        "INVALID_PARAMETER_VALUE",
        send(
            "POST",
            API + "runs/search",
            json(Map.of("experiment_ids", List.of("0"), "filter", "bogus = 'x'"))));
    assertThat(send("GET", API + "never", "").status()).isEqualTo(404);
  }

  /** An answer as it came. */
  private record Answer(int status, String text) {
    JsonNode json() {
      return read(text);
    }
  }

  private String experiment(String hint) {
    return post("experiments/create", Map.of("name", name(hint))).at("/experiment_id").textValue();
  }

  private String run(String experiment, int number) {
    return post(
            "runs/create",
            Map.of(
                "experiment_id",
                experiment,
                "start_time",
                1_000 + number,
                "run_name",
                "run-" + number))
        .at("/run/info/run_id")
        .textValue();
  }

  /** A new model with its first version. */
  private void version(String model) {
    post("registered-models/create", Map.of("name", model, "description", "contract"));
    assertThat(another(model)).isEqualTo("1");
  }

  /** One more version of a model, from a run as the server wants it; its number. */
  private String another(String model) {
    String experiment =
        post("experiments/search", Map.of("max_results", 1, "filter", "name = '" + model + "'"))
            .at("/experiments/0/experiment_id")
            .asText();
    if (experiment.isEmpty()) {
      experiment =
          post("experiments/create", Map.of("name", model)).at("/experiment_id").textValue();
    }
    String run = run(experiment, 0);
    return post(
            "model-versions/create",
            Map.of(
                "name",
                model,
                "run_id",
                run,
                "source",
                "mlflow-artifacts:/" + experiment + "/" + run + "/artifacts/model"))
        .at("/model_version/version")
        .textValue();
  }

  private String name(String hint) {
    return "contract-" + label() + "-" + hint;
  }

  private JsonNode get(String path) {
    return ok(send("GET", API + path, ""));
  }

  private JsonNode post(String path, Map<String, ?> body) {
    return ok(send("POST", API + path, json(body)));
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static void assertError(int status, String code, Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.json().path("error_code").textValue()).isEqualTo(code);
    assertThat(answer.json().path("message").textValue()).isNotBlank();
  }

  private Answer send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", path.startsWith(ARTIFACTS) ? "text/plain" : "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      seen(
          new MlflowRecording.Exchange(
                  method,
                  path,
                  body,
                  answer.statusCode(),
                  answer.headers().firstValue("content-type").orElse("text/plain"),
                  answer.body(),
                  List.of())
              .forgettingReceiver());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(method + " " + path, e);
    }
  }

  /** One that is of now, and of who has the secret. */
  private JsonNode assertSigned(Delivery delivery, String secret) throws Exception {
    String id = delivery.headers().getFirst("X-MLflow-Delivery-Id");
    String timestamp = delivery.headers().getFirst("X-MLflow-Timestamp");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signed = id + "." + timestamp + "." + delivery.body();
    assertThat(delivery.headers().getFirst("X-MLflow-Signature"))
        .isEqualTo(
            "v1,"
                + Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
    assertThat(Instant.ofEpochSecond(Long.parseLong(timestamp)))
        .isBetween(Instant.now().minusSeconds(300), Instant.now().plusSeconds(300));
    return read(delivery.body());
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(text, e);
    }
  }

  private static String json(Map<String, ?> body) {
    return JSON.valueToTree(body).toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private record Delivery(Headers headers, String body) {}

  /** Takes what a webhook sends. */
  private final class Receiver implements AutoCloseable {

    private final BlockingQueue<Delivery> taken = new LinkedBlockingQueue<>();
    private final HttpServer listening;

    Receiver() throws IOException {
      listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      listening.createContext(
          "/",
          exchange -> {
            try (exchange) {
              String body =
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
              taken.add(new Delivery(exchange.getRequestHeaders(), body));
              exchange.sendResponseHeaders(200, -1);
            }
          });
      listening.start();
    }

    String url() {
      return "http://127.0.0.1:" + listening.getAddress().getPort() + "/mlflow";
    }

    Delivery next() throws InterruptedException {
      Delivery next = taken.poll(20, TimeUnit.SECONDS);
      assertThat(next).as("a delivery within 20 s").isNotNull();
      delivered(next.body());
      return next;
    }

    @Override
    public void close() {
      listening.stop(0);
    }
  }
}
