package routes.devservices;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import routes.Api;

/** The hub as it runs in production: a process of its own, spoken to over HTTP. */
public final class HubServer extends JavaProcess {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> OPEN = Set.of("queued", "running");

  private final Path home;
  private final Path keys;
  private final int port;
  private Api api;

  private HubServer(HubHome home, Path keys, int port, List<String> jvm) {
    super(jvm, home.command("routes.HubApplication"), home.log());
    this.home = home.folder();
    this.keys = keys;
    this.port = port;
  }

  /**
   * Starts a hub and waits until it answers.
   *
   * @param home its folder; made here
   * @param settings its configuration, without ports
   * @param jvm options such as {@code -Xmx512m}
   */
  public static HubServer start(Path home, Map<String, String> settings, String... jvm) {
    HubServer hub = launch(home, home, settings, jvm);
    hub.ready();
    return hub;
  }

  /**
   * Starts a hub, without waiting for it.
   *
   * @param keys folder of the API key: only the first hub on a database makes one
   */
  public static HubServer launch(
      Path home, Path keys, Map<String, String> settings, String... jvm) {
    int port = Ports.random();
    Map<String, String> all = new HashMap<>(settings);
    all.put("server.port", Integer.toString(port));
    all.put("management.server.port", "0");
    List<String> options = new java.util.ArrayList<>(List.of(jvm));
    // Tomcat's folders, too, go with its home, also when it is killed.
    options.addAll(List.of("-Djava.io.tmpdir=" + home, "-cp", productionClassPath()));
    return new HubServer(HubHome.create(home, all), keys, port, options);
  }

  /** Without the tests' own classes: the hub's scan would take their configurations. */
  private static String productionClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  /** Waits until it answers. */
  public void ready() {
    await("hub " + pid())
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .failFast("the hub ended", this::mustRun)
        .ignoreExceptionsMatching(AssertionError.class::isInstance)
        .until(() -> new Api(port, null).get("/health").status() == 200);
    api = new Api(port, key());
  }

  public Api api() {
    return api;
  }

  public int port() {
    return port;
  }

  /** The key that {@link #api} uses. */
  public String key() {
    try {
      return Files.readString(keys.resolve("api-key")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path home() {
    return home;
  }

  /** Queues a run; its id. */
  public String submit(String job, Map<String, ?> params) {
    Api.Answer answer = api.post("/api/jobs/" + job + "/runs?overlap=queue", json(params));
    if (answer.status() != 202) {
      throw new IllegalStateException(job + ": " + answer);
    }
    return answer.text("/id");
  }

  /** Waits for the end of a run, looking every few milliseconds. */
  public JsonNode ended(String id) {
    return await("run " + id)
        .atMost(Duration.ofMinutes(30))
        .pollInterval(Duration.ofMillis(25))
        .failFast("the hub ended", this::mustRun)
        .until(
            () -> api.get("/api/runs/" + id).json(),
            run -> !OPEN.contains(run.get("state").asText()));
  }

  /**
   * Runs a job to its end.
   *
   * @throws IllegalStateException when it does not succeed
   */
  public JsonNode run(String job, Map<String, ?> params) {
    JsonNode run = ended(submit(job, params));
    if (!run.get("state").asText().equals("succeeded")) {
      throw new IllegalStateException(job + " " + run.toPrettyString());
    }
    return run;
  }

  private static String json(Map<String, ?> params) {
    try {
      return JSON.writeValueAsString(params);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its resident memory, bytes. */
  public long residentBytes() {
    return status("VmRSS");
  }

  /** A field of {@code /proc/<pid>/status}, bytes. */
  private long status(String field) {
    try {
      return Files.readAllLines(Path.of("/proc", pid(), "status")).stream()
          .filter(line -> line.startsWith(field + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processor time that it has had until now, ms, in steps of 10. */
  public long processorMillis() {
    try {
      String stat = Files.readString(Path.of("/proc", pid(), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ");
      return 10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has written to disks until now, bytes. */
  public long writtenBytes() {
    try {
      return Files.readAllLines(Path.of("/proc", pid(), "io")).stream()
          .filter(line -> line.startsWith("write_bytes:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
