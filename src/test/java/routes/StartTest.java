package routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import routes.devservices.TestStores;

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
  void aBrokenFileStopsTheHubAndIsNamed() throws Exception {
    own("broken.camel.yaml", "- route:\n    from:\n      uri: direct:x\n      stepps: []\n");

    assertThatThrownBy(this::start)
        .satisfies(e -> assertThat(messages(e)).contains("broken.camel.yaml"));
  }

  @Test
  void aFileThatIsNoYamlStopsTheHubAndIsNamed() throws Exception {
    own("odd.camel.yaml", "- route: [unclosed\n");

    assertThatThrownBy(this::start)
        .satisfies(e -> assertThat(messages(e)).contains("odd.camel.yaml"));
  }

  @Test
  void aBadTriggerStopsTheHubAndIsNamed() throws Exception {
    own(
        "own.camel.yaml",
        """
        - templatedRoute:
            routeTemplateRef: job
            routeId: own.nightly
            parameters:
              - {name: job, value: backup.verify}
              - {name: name, value: nightly}
              - {name: cron, value: whenever}
        """);

    assertThatThrownBy(this::start)
        .satisfies(
            e ->
                assertThat(messages(e))
                    .contains(
                        "trigger backup.verify/nightly: cron is 'whenever' but must be a Quartz cron"));
  }

  @Test
  void anOperationWithoutARoleStopsTheHub() throws Exception {
    own(
        "own.camel.yaml",
        """
        - rest:
            path: /api
            get:
              - {id: own.open, routeId: own.open, path: /open, description: Open to all, to: "direct:api.health"}
        """);

    assertThatThrownBy(this::start)
        .satisfies(e -> assertThat(messages(e)).contains("GET /api/open names no role"));
  }

  private void own(String name, String text) throws Exception {
    Path folder = Files.createDirectories(state.resolve("routes"));
    Files.writeString(folder.resolve(name), text);
  }

  private ConfigurableApplicationContext start() {
    List<String> arguments = new ArrayList<>();
    TestStores.get()
        .properties(database)
        .forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.add("--hub.state-dir=" + state);
    arguments.add("--server.port=0");
    arguments.add("--management.server.port=0");
    arguments.add("--hub.jobs.shutdown-grace=0s");
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
