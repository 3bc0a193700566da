package routes.web.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import routes.Api;
import routes.HubApplication;
import routes.devservices.TestStores;
import routes.kernel.routefiles.BrokenRoute;
import routes.kernel.routefiles.RouteFiles;

/** REST routes of a user's own: the documented example, and what may not come in by one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HooksTest {

  private static final String DEPLOYED = "/hooks/deployments/scorer";

  private final TestStores.Database database = TestStores.get().newDatabase("hooks");

  private ConfigurableApplicationContext hub;
  private Api admin;

  @BeforeAll
  void start(@TempDir Path state) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA ops");
      statement.execute(
          "CREATE TABLE ops.deployments (delivery text PRIMARY KEY, service text, environment text,"
              + " version text, at timestamptz DEFAULT now())");
    }
    Path folder = Files.createDirectories(state.resolve("routes"));
    Files.copy(Path.of("docs/examples/hooks.camel.yaml"), folder.resolve("deployments.camel.yaml"));
    Files.writeString(
        folder.resolve("echo.camel.yaml"),
        """
        - route:
            id: own.echo
            from:
              uri: platform-http:/hooks/echo
              steps:
                - setBody:
                    simple: "${body} ${headers.keySet}"
        - route:
            id: own.fails
            from:
              uri: platform-http:/hooks/fails
              steps:
                - throwException: {exceptionType: java.lang.IllegalStateException, message: "psst"}
        """);
    Files.writeString(
        folder.resolve("outside.camel.yaml"),
        """
        - rest:
            path: /api/mine
            get:
              - {id: own.open, routeId: own.open, path: /open, to: "direct:own"}
        """);
    Files.writeString(
        folder.resolve("plain.camel.yaml"),
        """
        - route:
            id: own.plain
            from:
              uri: platform-http:/mine
              steps:
                - log: never
        - route:
            id: own.beside
            from:
              uri: platform-http:/hooks/beside
              steps:
                - setBody: {constant: runs}
        - route:
            id: own.orders
            from:
              uri: platform-http:/hooks/orders/{CamelFileName}
              steps:
                - log: never
        """);
    Files.writeString(
        folder.resolve("root.camel.yaml"),
        """
        - rest:
            path: /hooks/x
            get:
              - id: own.scope
                security: [{key: apiKey, scopes: everybody}]
                to: "direct:own"
        """);
    List<String> arguments = new ArrayList<>();
    TestStores.get()
        .properties(database)
        .forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.add("--hub.state-dir=" + state);
    arguments.add("--hub.sources.main.url=" + database.url());
    arguments.add("--hub.sources.main.username=" + database.username());
    arguments.add("--hub.sources.main.password=" + database.password());
    arguments.add("--server.port=0");
    arguments.add("--management.server.port=0");
    arguments.add("--hub.jobs.shutdown-grace=0s");
    hub = new SpringApplicationBuilder(HubApplication.class).run(arguments.toArray(String[]::new));
    admin = new Api(port(), Files.readString(state.resolve("api-key")).strip());
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
  }

  private int port() {
    return hub.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private Api as(String role) {
    return new Api(
        port(),
        admin
            .post("/api/keys", "{\"name\": \"%s\", \"role\": \"%1$s\"}".formatted(role))
            .text("/key"));
  }

  @Test
  void theDocumentedExampleNotesADeploymentOnce() throws Exception {
    Api service = as("service");
    for (int i = 0; i < 2; i++) {
      Api.Answer noted =
          service.post(
              DEPLOYED + "?environment=live", "{\"version\": \"1.4\"}", "X-Delivery", "d-1");
      assertThat(noted.status()).as(noted.toString()).isEqualTo(200);
      assertThat(noted.json().path("noted").asBoolean()).isTrue();
      assertThat(noted.http().headers().map()).doesNotContainKeys("x-delivery", "environment");
    }
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM ops.deployments")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString("service")).isEqualTo("scorer");
      assertThat(row.getString("environment")).isEqualTo("live");
      assertThat(row.getString("version")).isEqualTo("1.4");
      assertThat(row.next()).isFalse();
    }
  }

  @Test
  void theDocumentedExampleQueuesABackupOnce() {
    Api.Answer first =
        admin.post("/hooks/backups", "{\"source\": \"main\"}", "Idempotency-Key", "release-7");
    assertThat(first.status()).as(first.toString()).isEqualTo(200);
    String run = first.text("/run");
    assertThat(first.text("/job")).isEqualTo("backup.postgres");

    Api.Answer asked = admin.get("/api/runs/" + run);
    assertThat(asked.text("/params/source")).isEqualTo("main");
    assertThat(asked.text("/requestedBy")).isEqualTo("route hooks.backups");
    assertThat(
            admin
                .post("/hooks/backups", "{\"source\": \"main\"}", "Idempotency-Key", "release-7")
                .text("/run"))
        .isEqualTo(run);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"source": "nope"}               | params.source: there is no source 'nope'; hub.sources has main
          {"source": "main", "dryRun": 1}  | params.dryRun: is not a parameter of backup.postgres; it takes source
          {}                               | params.source: is required: the database's name under hub.sources; hub.sources has main
          """)
  void whatAJobDoesNotTakeIsRefusedByName(String body, String detail) {
    Api.Answer refused = admin.post("/hooks/backups", body);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/detail")).isEqualTo(detail);
  }

  @Test
  void eachNeedsItsRole() {
    Api viewer = as("viewer");

    assertThat(new Api(port(), null).post(DEPLOYED, "{}").status()).isEqualTo(401);
    assertThat(viewer.post(DEPLOYED, "{}").status()).isEqualTo(403);
    assertThat(viewer.get("/hooks/echo").status()).as("operator, if none is said").isEqualTo(403);
    assertThat(admin.get("/hooks/echo").status()).isBetween(200, 204);
    assertThat(admin.get("/hooks/none").status()).isEqualTo(404);
  }

  @ParameterizedTest(name = "{0} {1} {2}: {3} {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?other=1               | {}                       | 400 | other
          ?environment=a&environment=b | {}                 | 400 | environment
          ?CamelHttpUri=x        | {}                       | 400 | CamelHttpUri
          ''                     | {"version": 1e400}       | 400 | version
          ''                     | {"a": 1, "a": 2}         | 400 | a
          ''                     | {"a": "\\ud800"}         | 400 | a
          ''                     | {                        | 400 | body
          """)
  void whatMayNotComeInIsRefusedByName(String query, String body, int status, String field) {
    Api.Answer refused = admin.post(DEPLOYED + query, body, "X-Delivery", "d-2");

    assertThat(refused.status()).as(refused.toString()).isEqualTo(status);
    assertThat(refused.text("/field")).isEqualTo(field);
    assertThat(refused.mediaType()).isEqualTo("application/problem+json");
  }

  @Test
  void aBodyIsBounded() {
    String large = "{\"version\": \"" + "x".repeat(64 << 10) + "\"}";

    assertThat(admin.post(DEPLOYED, large, "X-Delivery", "d-3").status()).isEqualTo(413);
  }

  @Test
  void noHeaderComesInThatIsNotDeclaredAndNoneGoesBack() {
    Api.Answer echo =
        admin.post(
            "/hooks/echo", "{\"a\": 1}", "CamelFileName", "x", "X-Other", "y", "breadcrumbId", "z");

    assertThat(echo.status()).isEqualTo(200);
    assertThat(echo.http().body())
        .startsWith("{\"a\": 1} ")
        .doesNotContainIgnoringCase("camelfile");
    assertThat(echo.http().body()).doesNotContain("X-Other", "breadcrumb", "uthorization");
    assertThat(echo.http().headers().map()).doesNotContainKeys("x-other", "camelfilename");
  }

  @Test
  void whatARouteFailsWithIsNotShown() {
    Api.Answer failed = admin.get("/hooks/fails");

    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.http().body()).doesNotContain("psst");
    assertThat(failed.text("/traceId")).matches("[0-9a-f]{32}");
  }

  @Test
  void aPathOutsideAndAnUnknownRoleAreBrokenFiles() {
    assertThat(hub.getBean(RouteFiles.class).broken())
        .extracting(BrokenRoute::file)
        .containsExactly(
            "outside.camel.yaml", "plain.camel.yaml", "plain.camel.yaml", "root.camel.yaml");
    assertThat(hub.getBean(RouteFiles.class).broken())
        .extracting(BrokenRoute::reason)
        .allMatch(reason -> reason.contains("/hooks/"));
    assertThat(admin.get("/api/mine/open").status()).isEqualTo(404);
    assertThat(admin.get("/mine").status()).isEqualTo(404);
    assertThat(admin.get("/hooks/beside").http().body()).as("of the same file").isEqualTo("runs");
  }
}
