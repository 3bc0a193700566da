package routes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import routes.Api;
import routes.HubApplication;
import routes.devservices.TestStores;

/** The job and the schedule of {@code docs/add-a-job.md} work as they are printed there. */
class AddAJobPageTest {

  private static final Path PAGE = Path.of("docs/add-a-job.md");

  @Test
  void theJobOfThePageRunsInAHub(@TempDir Path folder) throws Exception {
    String code = block("java");
    Matcher name = Pattern.compile("package (\\S+);[^{]*\\nclass (\\w+)").matcher(code);
    assertThat(name.find()).isTrue();
    Path source = Files.writeString(folder.resolve(name.group(2) + ".java"), code);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    String options = "-proc:none -parameters -Xlint:all -Werror -d";
    List<String> compile = new ArrayList<>(List.of(options.split(" ")));
    compile.addAll(List.of(classes.toString(), source.toString()));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, compile.toArray(String[]::new)))
        .isZero();
    Path state = Files.createDirectory(folder.resolve("state"));
    Files.writeString(
        Files.createDirectory(state.resolve("routes")).resolve("feeds.camel.yaml"), block("yaml"));

    TestStores.Database database = TestStores.get().newDatabase("page");
    List<String> arguments = new ArrayList<>();
    TestStores.get()
        .properties(database)
        .forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.add("--hub.state-dir=" + state);
    arguments.add("--server.port=0");
    arguments.add("--management.server.port=0");
    arguments.add("--hub.jobs.shutdown-grace=0s");
    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
        var hub =
            new SpringApplicationBuilder(
                    HubApplication.class, loader.loadClass(name.group(1) + "." + name.group(2)))
                .run(arguments.toArray(String[]::new))) {
      int port = hub.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      Api api = new Api(port, Files.readString(state.resolve("api-key")).strip());

      Path export = Files.createFile(Files.createDirectory(folder.resolve("in")).resolve("a.csv"));
      Api.Answer fresh = ended(api, "{\"folder\": \"" + export.getParent() + "\"}");
      assertThat(fresh.text("/state")).as(fresh.toString()).isEqualTo("succeeded");
      assertThat(fresh.text("/headline")).isEqualTo("a.csv is 0 min old");
      Files.setLastModifiedTime(
          export, FileTime.from(Instant.now().minus(Duration.ofMinutes(121))));
      Api.Answer stale = ended(api, "{\"folder\": \"" + export.getParent() + "\", \"hours\": 2}");
      assertThat(stale.text("/state")).as(stale.toString()).isEqualTo("failed");
      assertThat(stale.text("/headline")).isEqualTo("a.csv is 121 min old: the feed has stopped");
      assertThat(
              api.post("/api/jobs/feeds.check/runs", "{\"folder\": \"x\", \"hours\": 0}")
                  .text("/field"))
          .isEqualTo("params.hours");
      assertThat(api.get("/api/triggers").json().path("items"))
          .filteredOn(trigger -> trigger.path("id").asText().equals("feeds.check/exports"))
          .extracting(trigger -> trigger.path("state").asText())
          .containsExactly("active");
    }
  }

  private static Api.Answer ended(Api api, String params) {
    String run = api.post("/api/jobs/feeds.check/runs", params).text("/id");
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> api.get("/api/runs/" + run),
            answer -> List.of("succeeded", "failed").contains(answer.text("/state")));
  }

  private static String block(String language) throws Exception {
    Matcher block =
        Pattern.compile("(?s)```" + language + "\\n(.*?)```").matcher(Files.readString(PAGE));
    assertThat(block.find()).as("a block of " + language).isTrue();
    return block.group(1);
  }
}
