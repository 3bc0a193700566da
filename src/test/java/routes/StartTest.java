package routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.devservices.TestStores;
import routes.jobs.triggers.TriggerStates;
import routes.kernel.errors.RedisUnavailableException;
import software.amazon.awssdk.core.sync.RequestBody;

/** Whole starts, with the user's own files in {@code hub.routes.folder}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class StartTest {

  @TempDir Path state;

  private TestStores.Database database;

  @BeforeAll
  void database() {
    database = TestStores.get().newDatabase("start");
  }

  @Test
  void withoutAFolderItStartsAndDoesNotComplain(CapturedOutput log) {
    try (ConfigurableApplicationContext hub = start()) {
      assertThat(hub.getBean(CamelContext.class).isStarted()).isTrue();
    }
    assertThat(log.getAll())
        .doesNotContain(state.resolve("routes").toString())
        .doesNotContain("generated security password");
  }

  @Test
  void whatIsWrongInTheUsersFilesIsMarkedAndTheRestRuns(CapturedOutput log) throws Exception {
    own("broken.camel.yaml", "- route:\n    from:\n      uri: direct:x\n      stepps: []\n");
    own("odd.camel.yaml", "\n- route: [unclosed\n");
    own(
        "own.camel.yaml",
        String.join(
            "",
            trigger("good", "0 0 2 * * ?", ""),
            trigger("unreadable", "whenever", ""),
            trigger("never", "0 0 2 31 6 ?", ""),
            trigger("ended", "0 19 17 30 11 ? 2020", ""),
            trigger("zone", "0 0 2 * * ?", "{name: zone, value: Mars/Olympus}"),
            trigger("offset", "0 0 2 * * ?", "{name: zone, value: '+02:00'}"),
            trigger("timezone", "0 0 2 * * ?", "{name: timezone, value: UTC}"),
            trigger("params", "0 0 2 * * ?", "{name: params, value: '{\"share\": 10}'}"),
            trigger("placeholder", "{{hub.nowhere}}", ""),
            trigger("good", "0 0 3 * * ?", ""),
            trigger("job", "0 0 2 * * ?", "{name: job, value: backup.nothing}"),
            """
            - templatedRoute:
                routeTemplateRef: job
                routeId: own.incomplete
                parameters:
                  - {name: job, value: backup.catalogue.rebuild}
            - templatedRoute:
                routeTemplateRef: jobs
                routeId: own.unknown-template
            - templatedRoute:
                routeTemplateRef: job
                routeIdd: own.misspelt
            """,
            trigger("weekday", "0 0 2 1W * ?", ""),
            trigger("takes-a-shipped-id", "0 0 2 * * ?", "")
                .replaceFirst("routeId: .*", "routeId: schedule.backup.catalogue"),
            trigger("takes-an-id", "0 0 2 * * ?", "")
                .replaceFirst("routeId: .*", "routeId: own.good.1")));

    try (ConfigurableApplicationContext hub = start()) {
      Map<String, TriggerStates.Trigger> broken = new LinkedHashMap<>();
      Map<String, TriggerStates.Trigger> sound = new LinkedHashMap<>();
      for (TriggerStates.Trigger trigger : hub.getBean(TriggerStates.class).list()) {
        (trigger.state().equals("broken") ? broken : sound)
            .put(trigger.route() == null ? trigger.id() : trigger.route(), trigger);
      }
      String job = "backup.catalogue.rebuild/";
      assertThat(sound)
          .containsOnlyKeys(
              job + "good",
              job + "ended",
              job + "offset",
              job + "weekday",
              // Of the shipped ones, those that need no source.
              job + "nightly",
              "backup.sweep/nightly");
      assertThat(sound.get(job + "good").state()).isEqualTo("active");
      assertThat(sound.get(job + "ended").state()).isEqualTo("ended");
      assertThat(broken.keySet())
          .containsExactlyInAnyOrder(
              "broken.camel.yaml",
              "odd.camel.yaml",
              "own.unreadable.2",
              "own.never.3",
              "own.zone.5",
              "own.timezone.7",
              "own.params.8",
              "own.placeholder.9",
              "own.good.10",
              "own.job.11",
              "schedule.backup.catalogue",
              "own.good.1",
              "own.incomplete",
              "own.unknown-template",
              "own.camel.yaml");
      TriggerStates.Trigger never = broken.get("own.never.3");
      assertThat(never.id()).isEqualTo(job + "never");
      assertThat(never.file()).isEqualTo("own.camel.yaml");
      assertThat(never.line()).isEqualTo(1 + 2 * 8);
      assertThat(never.reason())
          .contains("cron is '0 0 2 31 6 ?' but must be one that fires some time");
      assertThat(broken.get("own.timezone.7").reason()).contains("timezone is not a parameter");
      assertThat(broken.get("own.good.10").reason()).contains("is there already");
      assertThat(broken.get("schedule.backup.catalogue").reason())
          .startsWith(
              "route id schedule.backup.catalogue is taken by camel/schedules.camel.yaml line 36");
      assertThat(broken.get("own.good.1").reason())
          .startsWith("route id own.good.1 is taken by own.camel.yaml line 1:");
      assertThat(broken.get("odd.camel.yaml").line()).isBetween(2, 3);
    }
    assertThat(log.getAll())
        .contains(
            "own.camel.yaml line 17, route own.never.3: trigger backup.catalogue.rebuild/never");
  }

  private int triggers;

  /** Eight lines. */
  private String trigger(String name, String cron, String more) {
    triggers++;
    return """
        - templatedRoute:
            routeTemplateRef: job
            routeId: own.%1$s.%2$d
            parameters:
              - {name: name, value: %1$s}
              - {name: cron, value: "%3$s"}
              - {name: job, value: backup.catalogue.rebuild}
              - %4$s
        """
        .formatted(name, triggers, cron, more.isEmpty() ? "{name: what, value: Tried}" : more);
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hub.schedule.zone            | Mars/Olympus | hub.schedule.zone is 'Mars/Olympus' but must be a zone
          hub.schedule.backup-postgres | whenever     | hub.schedule.backup-postgres is 'whenever' but must be a Quartz cron
          hub.routes.folder            | /no/where    | hub.routes.folder is '/no/where', which is not a folder
          """)
  void aBadKeyStopsTheHubAndIsNamed(String key, String value, String message) {
    assertThatThrownBy(() -> start("--" + key + "=" + value))
        .satisfies(e -> assertThat(messages(e)).contains(message));
  }

  @Test
  void aSourceOfAPortThatNobodyServesStopsTheHubAndIsNamed() {
    assertThatThrownBy(
            () ->
                start(
                    "--hub.ingest.scanner.channel=scans",
                    "--hub.ingest.scanner.schema=classpath:schemas/redteam-message.json",
                    "--hub.ingest.scanner.port=no.such"))
        .satisfies(
            e ->
                assertThat(messages(e))
                    .contains("hub.ingest.scanner.port: no route serves direct:no.such"));
  }

  /** Routes that listen to a store are supervised: they follow when it answers. */
  @Test
  void withS3AndRedisDownItStartsAndItsRoutesFollow() throws Exception {
    TestStores stores = TestStores.get();
    String bucket = stores.newBucket("start-drop");
    String row = "{\"pattern_id\":\"%s\",\"name\":\"n\",\"category\":\"c\",\"severity\":\"low\"}";
    stores.redis().kill();
    stores.s3().kill();
    try (ConfigurableApplicationContext hub =
        start(
            "--hub.redteam.drop=s3://" + bucket + "/in",
            "--hub.redteam.every=200ms",
            "--hub.ingest.scanner.channel=start:scans",
            "--hub.ingest.scanner.schema=classpath:schemas/redteam-message.json",
            "--hub.ingest.scanner.port=redteam.ingest")) {
      RouteController routes = hub.getBean(CamelContext.class).getRouteController();
      assertThat(routes.isSupervising()).isTrue();
      await()
          .atMost(HubTest.PATIENCE)
          .until(
              () ->
                  routes.supervising().getRestartingRoutes().stream()
                      .anyMatch(route -> route.getId().equals("ingest.scanner.channel")));
      assertThat(routes.getRouteStatus("redteam.ingest").isStarted()).isTrue();
      assertThat(routes.getRouteStatus("ingest.scanner").isStarted()).isTrue();

      stores.redis().start();
      stores.s3().start();
      await()
          .atMost(HubTest.PATIENCE)
          .ignoreException(RedisUnavailableException.class) // the hub, too, connects again
          .until(
              () ->
                  hub.getBean(StringRedisTemplate.class)
                          .convertAndSend(
                              "start:scans",
                              "{\"kind\":\"attack-patterns\",\"rows\":["
                                  + row.formatted("heard")
                                  + "]}")
                      > 0);
      stores
          .s3Client()
          .putObject(
              put -> put.bucket(bucket).key("in/attack-patterns/a.jsonl"),
              RequestBody.fromString(row.formatted("dropped")));
      await()
          .atMost(HubTest.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          hub.getBean(JdbcClient.class)
                              .sql("SELECT pattern_id FROM analytics.attack_patterns")
                              .query(String.class)
                              .list())
                      .containsExactlyInAnyOrder("heard", "dropped"));
    } finally {
      stores.redis().start();
      stores.s3().start();
    }
  }

  private void own(String name, String text) throws Exception {
    Path folder = Files.createDirectories(state.resolve("routes"));
    Files.writeString(folder.resolve(name), text);
  }

  private ConfigurableApplicationContext start(String... more) {
    List<String> arguments = new ArrayList<>();
    TestStores.get()
        .properties(database)
        .forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.add("--hub.state-dir=" + state);
    arguments.add("--server.port=0");
    arguments.add("--management.server.port=0");
    arguments.add("--hub.jobs.shutdown-grace=0s");
    arguments.addAll(List.of(more));
    return new SpringApplicationBuilder(HubApplication.class).run(arguments.toArray(String[]::new));
  }

  private static String messages(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      text.append(at.getMessage()).append('\n');
    }
    return text.toString();
  }
}
