package routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import routes.devservices.TestStores;
import routes.devservices.TestStores.Database;

/** This hub on the database and the repository of a hub of 0.1 that was killed at work. */
class RecordedStateTest {

  private static final Path RECORDED = Path.of("src/test/resources/recorded/0.1");

  private Path recorded;
  private Api admin;

  @Test
  void whatAnOlderHubLeftEncryptedIsGoneOnWith(@TempDir Path folder) throws Exception {
    goesOnWith("encrypted", folder);
  }

  @Tag("slow")
  @Test
  void whatAnOlderHubLeftIsGoneOnWith(@TempDir Path folder) throws Exception {
    goesOnWith("plain", folder);
  }

  private void goesOnWith(String kind, Path folder) throws Exception {
    recorded = RECORDED.resolve(kind);
    try (ConfigurableApplicationContext hub = start(folder, kind.equals("encrypted"))) {
      admin = api(hub, "api-key");

      keysAndTriggersAreThere(api(hub, "service-key"));
      itsRunsAreEnded();
      String snapshot = theSnapshotIsListed();
      itsMessagesWait();
      aRepeatOfAnOldRequestFindsItsRun();

      ran("backup.verify", "{\"source\": \"shop\", \"snapshot\": \"%s\"}".formatted(snapshot));
      JsonNode drill =
          ran("backup.drill", "{\"source\": \"shop\", \"snapshot\": \"%s\"}".formatted(snapshot));
      assertThat(drill.path("headline").asText()).startsWith("verified 600 rows equal");
      JsonNode backup = ran("backup.postgres", "{\"source\": \"shop\"}").path("summary");
      assertThat(backup.path("newBytes").asLong())
          .as("rows are known, definitions have a date")
          .isLessThan(backup.path("storedBytes").asLong() * 2 / 3);
      assertThat(
              admin
                  .get("/api/snapshots/shop/" + snapshot + "/diff/latest")
                  .json()
                  .at("/diff/equal")
                  .asInt())
          .isPositive();
      JsonNode kept = ran("retention.snapshots", "{\"source\": \"shop\"}").path("summary");
      assertThat(kept.path("removed").asInt()).as("one is held, one is new").isZero();
    }
  }

  private void keysAndTriggersAreThere(Api service) {
    assertThat(service.get("/api/snapshots").status()).as("a key of a service").isEqualTo(403);
    JsonNode triggers = admin.get("/api/triggers").json().path("items");
    Map<String, String> states = new HashMap<>();
    triggers.forEach(one -> states.put(one.path("id").asText(), one.path("state").asText()));
    assertThat(states)
        .containsEntry("backup.postgres/shop-nightly", "paused")
        .containsEntry("backup.drill/shop-nightly", "active")
        .containsEntry("backup.verify/own-weekly", "active")
        .doesNotContainValue("broken");
  }

  /** Those that it was killed over, too. */
  private void itsRunsAreEnded() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                items("/api/runs?state=queued").isEmpty()
                    && items("/api/runs?state=running").isEmpty());
    Map<String, Long> states = new HashMap<>();
    // Its triggers missed more, the longer ago it was recorded; those runs are not its own.
    items("/api/runs?limit=100").stream()
        .filter(run -> run.path("triggerKind").asText().equals("api"))
        .forEach(
            run ->
                states.merge(
                    run.path("job").asText() + " " + run.path("state").asText(), 1L, Long::sum));
    assertThat(states)
        .isEqualTo(
            Map.of(
                "backup.postgres succeeded", 1L,
                "backup.drill succeeded", 1L,
                "restore.postgres failed", 1L,
                "backup.verify succeeded", 6L));
  }

  private String theSnapshotIsListed() {
    JsonNode snapshot = items("/api/snapshots").get(0);
    assertThat(snapshot.path("verified").asBoolean()).isTrue();
    assertThat(snapshot.path("rows").asInt()).isEqualTo(600);
    assertThat(snapshot.at("/holds/audit/reason").asText()).isEqualTo("kept for the audit");
    return snapshot.path("id").asText();
  }

  private void itsMessagesWait() {
    List<JsonNode> letters = items("/api/dead-letters");
    assertThat(letters).hasSize(2);
    assertThat(letters.get(0).path("state").asText()).isEqualTo("waiting");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> items("/api/deliveries?limit=100"), found -> !found.isEmpty());
  }

  private void aRepeatOfAnOldRequestFindsItsRun() {
    Api.Answer repeat =
        admin.post(
            "/api/jobs/backup.postgres/runs",
            "{\"source\": \"shop\"}",
            "Idempotency-Key",
            "recorded-1");
    assertThat(repeat.status()).isEqualTo(202);
    assertThat(repeat.text("/state")).isEqualTo("succeeded");
  }

  private List<JsonNode> items(String path) {
    JsonNode items = admin.get(path).json().path("items");
    return StreamSupport.stream(items.spliterator(), false).toList();
  }

  private JsonNode ran(String job, String params) {
    Api.Answer asked = admin.post("/api/jobs/" + job + "/runs?overlap=queue", params);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(202);
    JsonNode run =
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () -> admin.get("/api/runs/" + asked.text("/id")).json(),
                now -> now.has("finishedAt"));
    assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("succeeded");
    return run;
  }

  private Api api(ConfigurableApplicationContext hub, String key) throws IOException {
    int port = hub.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    return new Api(port, Files.readString(recorded.resolve(key)).strip());
  }

  private ConfigurableApplicationContext start(Path folder, boolean encrypted) throws Exception {
    Database database = TestStores.get().newDatabase("recorded");
    Database shop = TestStores.get().newDatabase("recorded_shop");
    load(database, recorded.resolve("database.sql"));
    load(shop, RECORDED.resolve("shop.sql"));
    Path repository = folder.resolve("repository");
    FileSystemUtils.copyRecursively(recorded.resolve("repository"), repository);
    Files.createDirectories(folder.resolve("state/routes"));
    Files.copy(recorded.resolve("api-key"), folder.resolve("state/api-key"));
    Files.copy(RECORDED.resolve("own.camel.yaml"), folder.resolve("state/routes/own.camel.yaml"));

    Map<String, String> keys = new HashMap<>(TestStores.get().properties(database));
    keys.put("server.port", "0");
    keys.put("management.server.port", "0");
    keys.put("hub.id", "recorded");
    keys.put("hub.state-dir", folder.resolve("state").toString());
    keys.put("hub.repository.url", repository.toUri().toString());
    keys.put("hub.backup.drill.on-source", "true");
    keys.put("hub.jobs.shutdown-grace", "0s");
    keys.put("hub.notify.targets.oncall.kind", "webhook");
    keys.put("hub.notify.targets.oncall.url", "https://alerts.example.org/hook");
    keys.put("hub.notify.targets.oncall.secret-file", secret(folder).toString());
    keys.put("hub.notify.rules.all.severity", "info");
    keys.put("hub.notify.rules.all.to[0]", "oncall");
    for (String server : List.of("hub.sources.shop", "hub.targets.spare")) {
      keys.put(server + ".url", shop.url());
      keys.put(server + ".username", shop.username());
      keys.put(server + ".password", shop.password());
    }
    if (encrypted) {
      keys.putAll(encryption(folder));
    }
    List<String> arguments = new ArrayList<>();
    keys.forEach((key, value) -> arguments.add("--" + key + "=" + value));
    return new SpringApplicationBuilder(HubApplication.class).run(arguments.toArray(String[]::new));
  }

  private static Path secret(Path folder) throws IOException {
    return ownersOnly(
        folder.resolve("secret"), "whsec_cmVjb3JkZWQtc2VjcmV0LW9mLWEtdGVzdC0zMmJ5dGU=\n");
  }

  /** The example keys of the documented format. */
  private static Map<String, String> encryption(Path folder) throws IOException {
    String page = Files.readString(Path.of("docs/formats/repository.md"));
    String identity = page.replaceFirst("(?s).*(AGE-SECRET-KEY-1[0-9A-Z]+).*", "$1");
    return Map.of(
        "hub.encryption.recipients", page.replaceFirst("(?s).*\n(age1[0-9a-z]+)\n.*", "$1"),
        "hub.encryption.key", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "hub.encryption.identity-file",
            ownersOnly(folder.resolve("identity"), identity + "\n").toString());
  }

  private static Path ownersOnly(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static void load(Database database, Path sql)
      throws IOException, InterruptedException, SQLException {
    ProcessBuilder psql =
        new ProcessBuilder(
                "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database.url().replaceFirst("^jdbc:", ""),
                "-U",
                database.username(),
                "-f",
                sql.toString())
            .redirectErrorStream(true);
    psql.environment().put("PGPASSWORD", database.password());
    Process process = psql.start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }
}
