package routes.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What holds for every service of {@code compose/compose.yaml}, so that a new one cannot forget it.
 */
class ComposeTest {

  private static final Path FOLDER = Path.of("compose");
  private static final Map<String, Object> COMPOSE = read(FOLDER.resolve("compose.yaml"));

  private static final Map<String, Object> TLS = read(FOLDER.resolve("compose.tls.yaml"));
  private static final Map<String, Object> MINIO = read(FOLDER.resolve("compose.minio.yaml"));

  /** These work once and end: they have no health, and are waited for by their end. */
  private static final Set<String> ONCE =
      Set.of("volumes", "s3_setup", "postgres_grants", "buckets");

  private static final Pattern PINNED =
      Pattern.compile("[a-z0-9./_-]+:(v?\\d+(\\.\\d+)+[a-z0-9.-]*|RELEASE\\.[0-9TZ-]+)");
  private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|token|_key|dsn).*");

  @Test
  void theProjectIsNamedAsThePlatformKnowsIt() {
    assertThat(COMPOSE.get("name")).isEqualTo("local-ml-security");
    assertThat(map(COMPOSE, "volumes").keySet())
        .contains("postgres_data", "redis_data", "minio_data", "prometheus_data", "grafana_data");
    assertThat(map(COMPOSE, "networks").keySet()).containsExactly("ml-network");
    assertThat(map(COMPOSE, "networks").toString())
        .contains("name=ml-network", "subnet=${HUB_SUBNET:-172.20.0.0/16}");
    assertThat(services().keySet())
        .contains(
            "postgres",
            "redis",
            "s3",
            "mlflow",
            "jaeger",
            "prometheus",
            "alertmanager",
            "grafana",
            "postgres_exporter",
            "redis_exporter",
            "node_exporter",
            "hub");
  }

  @Test
  void whatIsPublishedIsPublishedOnLoopbackUnlessToldOtherwise() {
    List<String> published = new ArrayList<>();
    services()
        .forEach(
            (name, service) ->
                list(service, "ports")
                    .forEach(
                        port -> {
                          assertThat(port.toString())
                              .as(name)
                              .matches("\\$\\{HUB_BIND:-127\\.0\\.0\\.1}:\\d+:\\d+");
                          published.add(port.toString().split(":")[2]);
                        }));
    assertThat(published)
        .doesNotHaveDuplicates()
        .contains(
            "5432", "6379", "9000", "5000", "16686", "4317", "4318", "14268", "14250", "9090",
            "3001", "8080")
        .doesNotContain("8081", "9187", "9121", "9100");
  }

  /** Threads count: the API's server and the management's have as many each, if so many ask. */
  @Test
  void theHubMayHaveTheThreadsThatItsServersAreConfiguredFor() {
    Map<String, Object> server =
        map(read(Path.of("src/main/resources/application.yaml")), "server");
    int threads = (int) map(server, "tomcat").get("threads.max");
    Map<String, Object> hub = services().get("hub");
    assertThat((int) map(map(map(hub, "deploy"), "resources"), "limits").get("pids"))
        .as("limit of pids, with 200 for all that is not a server's")
        .isGreaterThanOrEqualTo(2 * threads + 200);
  }

  @TestFactory
  List<DynamicTest> everyService() {
    return services().entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry)))
        .toList();
  }

  private static void check(Map.Entry<String, Map<String, Object>> entry) {
    String name = entry.getKey();
    Map<String, Object> service = entry.getValue();

    assertThat(service.get("image").toString()).as("pinned").matches(PINNED);
    assertThat(service.get("read_only")).as("read-only root").isEqualTo(true);
    assertThat(list(service, "cap_drop")).as("capabilities").containsExactly("ALL");
    assertThat(list(service, "security_opt")).containsExactly("no-new-privileges:true");
    assertThat(service).doesNotContainKeys("privileged", "env_file");
    assertThat(map(map(map(service, "deploy"), "resources"), "limits"))
        .as("limits")
        .containsKeys("cpus", "memory", "pids");
    if (name.equals("volumes")) {
      assertThat(service.get("network_mode")).isEqualTo("none");
      assertThat(list(service, "cap_add")).containsExactly("CHOWN");
    } else {
      assertThat(service).doesNotContainKey("cap_add");
      assertThat(service.get("user").toString()).as("not root").startsWith("${HUB_UID:?");
      assertThat(networks(service)).containsExactly("ml-network");
    }
    if (ONCE.contains(name)) {
      assertThat(service.get("restart").toString()).startsWith("on-failure");
    } else {
      assertThat(service.get("restart")).isEqualTo("unless-stopped");
      assertThat(list(map(service, "healthcheck"), "test")).as("health").hasSizeGreaterThan(1);
    }
    map(service, "environment")
        .forEach(
            (key, value) -> {
              if (SECRET.matcher(key).matches()) {
                assertThat(key).as("a secret is a file").containsPattern("_(FILE|DIR)$");
              }
              assertThat(String.valueOf(value))
                  .as(key + " holds no password")
                  .doesNotMatch(".*://[^/@\\s]*:[^/@\\s]+@.*");
            });
    dependencies(service)
        .forEach(
            (other, condition) ->
                assertThat(condition)
                    .as("waits for " + other)
                    .isEqualTo(
                        ONCE.contains(other)
                            ? "service_completed_successfully"
                            : "service_healthy"));
  }

  @Test
  void whoNeedsAStoreWaitsForIt() {
    assertThat(dependencies(services().get("hub")))
        .containsKeys("postgres", "redis", "s3", "s3_setup");
    assertThat(dependencies(services().get("mlflow"))).containsKeys("postgres", "s3_setup");
    assertThat(dependencies(services().get("grafana"))).containsKeys("postgres", "prometheus");
    assertThat(dependencies(services().get("buckets"))).containsKey("hub");
    for (Map<String, Object> service : services().values()) {
      boolean keepsData =
          list(service, "volumes").stream().anyMatch(v -> v.toString().matches("[a-z_]+:/.*[^o]"));
      if (keepsData && service != services().get("volumes")) {
        assertThat(dependencies(service)).containsKey("volumes");
      }
    }
  }

  @Test
  void everySecretIsAFileThatSomebodyReadsAndTheScriptMakes() throws IOException {
    Set<String> used = new TreeSet<>();
    services()
        .values()
        .forEach(
            service ->
                list(service, "secrets")
                    .forEach(
                        secret ->
                            used.add(
                                secret instanceof Map<?, ?> named
                                    ? named.get("source").toString()
                                    : secret.toString())));
    Map<String, Object> declared = map(COMPOSE, "secrets");

    assertThat(used).isEqualTo(declared.keySet());
    declared.forEach(
        (name, secret) -> assertThat(secret).isEqualTo(Map.of("file", "secrets/" + name)));
    assertThat(Files.readString(Path.of(".gitignore")))
        .contains("compose/secrets/", "compose/.env", "compose/certs/");
  }

  @Test
  void whoGetsASecretNeedsIt() {
    assertThat(whoReads("postgres_password")).containsExactly("postgres");
    assertThat(whoReads("postgres_grafana")).containsExactly("grafana", "postgres");
    assertThat(whoReads("postgres_hub_drill")).containsExactly("hub", "postgres");
    assertThat(whoReads("s3_root_password")).containsExactly("s3", "s3_setup");
    assertThat(whoReads("s3_hub")).containsExactly("hub", "s3_setup");
    assertThat(whoReads("mlflow_webhook_key")).containsExactly("mlflow");
    assertThat(whoReads("redis_hub")).containsExactly("hub", "redis");
    assertThat(whoReads("hub_metrics_token")).containsExactly("hub", "prometheus");
  }

  @Test
  void whatIsMountedIsThere() {
    services()
        .forEach(
            (name, service) ->
                list(service, "volumes").stream()
                    .map(volume -> volume.toString().split(":")[0])
                    .filter(path -> path.startsWith("."))
                    .forEach(
                        path -> assertThat(FOLDER.resolve(path).normalize()).as(name).exists()));
  }

  /**
   * {@code up --wait} takes a service that has ended for a failure unless somebody waits for its
   * end.
   */
  @Test
  void somebodyWaitsForWhateverEnds() {
    for (String once : ONCE) {
      assertThat(services().values().stream().map(ComposeTest::dependencies))
          .as(once)
          .anyMatch(all -> "service_completed_successfully".equals(all.get(once)));
    }
  }

  @Test
  void nothingIsMountedThatSomeMachinesCannotMount() {
    services()
        .forEach(
            (name, service) -> {
              assertThat(list(service, "volumes").toString())
                  .as(name + ": / is not shared everywhere")
                  .doesNotContainPattern("rslave|rshared");
              for (Object tmpfs : list(service, "tmpfs")) {
                assertThat(tmpfs.toString())
                    .as(name + ": a place that its image has")
                    .matches("(/tmp|/var/run/postgresql):.*");
              }
            });
  }

  @Test
  void mlflowHasRoomForWhatPassesThroughAndRemembersItsWebhooks() throws IOException {
    Map<String, Object> mlflow = services().get("mlflow");
    Map<String, Object> environment = map(mlflow, "environment");

    assertThat(environment.get("MLFLOW_SERVER_ENABLE_JOB_EXECUTION")).isEqualTo("false");
    assertThat(list(mlflow, "volumes"))
        .as("on disk: in memory it would count against the limit")
        .contains("mlflow_scratch:" + environment.get("TMPDIR"));
    assertThat(list(services().get("volumes"), "volumes").toString()).contains("mlflow_scratch:");
    assertThat(Files.readString(FOLDER.resolve("mlflow/start.sh")))
        .contains("MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY=$(</run/secrets/mlflow_webhook_key)");
  }

  @Test
  void prometheusLooksForNothingThatIsNotThere() throws IOException {
    List<Object> mounted = list(services().get("prometheus"), "volumes");

    assertThat(mounted)
        .contains(
            "${HUB_SERVICES:-./prometheus/none.yml}:/etc/prometheus/targets/services.yml:ro",
            "./prometheus/none.yml:/etc/prometheus/targets/minio.yml:ro");
    assertThat(mounted.indexOf("./prometheus/none.yml:/etc/prometheus/targets/minio.yml:ro"))
        .as("over the folder, so after it")
        .isGreaterThan(
            mounted.indexOf("../monitoring/prometheus/targets:/etc/prometheus/targets:ro"));
    assertThat(Files.readString(FOLDER.resolve("prometheus/none.yml"))).endsWith("\n[]\n");
    assertThat(list(map(map(MINIO, "services"), "prometheus"), "volumes").toString())
        .contains("targets/minio.yml:/etc/prometheus/targets/minio.yml:ro");
  }

  @Test
  void minioTakesThePlaceOfTheS3Server() throws IOException {
    Map<String, Object> minio = map(MINIO, "services");

    assertThat(services().keySet()).as("nothing but overrides").containsAll(minio.keySet());
    assertThat(networks(services().get("s3"))).contains("ml-network");
    assertThat(services().get("s3").get("networks").toString())
        .as("as the platform's services know it")
        .contains("aliases=[minio]");
    for (String name : List.of("s3", "s3_setup")) {
      Map<String, Object> service = map(minio, name);
      assertThat(service.get("image").toString()).matches(PINNED);
      String built = Files.readString(Path.of(map(service, "build").get("dockerfile").toString()));
      assertThat(built).contains("go install github.com/minio/minio@v0.0.0-2026");
    }
    // What ./hub real tries.
    String tried = Files.readString(Path.of("scripts/real/servers.txt"));
    for (String file : List.of("s3/Dockerfile", "minio/Dockerfile")) {
      var installs =
          Pattern.compile("go install (\\S+)@(\\S+)")
              .matcher(Files.readString(FOLDER.resolve(file)));
      while (installs.find()) {
        assertThat(tried.lines())
            .as(installs.group())
            .anyMatch(line -> line.contains(installs.group(1)) && line.contains(installs.group(2)));
      }
    }
    assertThat(list(map(minio, "s3"), "ports").toString()).contains(":9001:9001");
    assertThat(list(map(minio, "volumes"), "command").toString()).contains("/minio");
  }

  /** mc, which sets MinIO up, was killed for memory at 128 MB. */
  @Test
  void whatSetsTheS3ServerUpHasTheMemoryItNeeds() {
    Map<String, Object> limits =
        map(map(map(services().get("s3_setup"), "deploy"), "resources"), "limits");

    assertThat(limits.get("memory").toString()).matches("(25[6-9]|2[6-9]\\d|[3-9]\\d\\d)M|\\d+G");
    assertThat(map(map(MINIO, "services"), "s3_setup")).doesNotContainKey("deploy");
  }

  @Test
  void theGuideReadsTheKeyWhereTheHubWritesIt() throws IOException {
    String hub = Files.readString(FOLDER.resolve("hub/application.yaml"));

    assertThat(hub).contains("state-dir: /var/lib/hub");
    assertThat(Files.readString(Path.of("docs/hardening.md")))
        .contains("exec -T hub cat /var/lib/hub/api-key", "HUB_API_KEY_FILE=");
  }

  /** Each has a release that mends what is known of it, and one that is named here is too old. */
  @Test
  void noImageIsOlderThanWhatMendsIt() {
    assertThat(version("redis"))
        .as("CVE-2025-49844")
        .isGreaterThanOrEqualTo(Version.parse("7.4.6"));
    assertThat(version("grafana"))
        .as("12.1 is not maintained")
        .isGreaterThanOrEqualTo(Version.parse("12.4"));
    assertThat(version("prometheus"))
        .as("3.5 is the one with long support")
        .isBetween(Version.parse("3.5.1"), Version.parse("3.6"));
    assertThat(services().values().stream().map(each -> each.get("image").toString()))
        .as("no release since 2025, and CVE-2025-62506")
        .noneMatch(image -> image.startsWith("minio/"));
  }

  private static Version version(String service) {
    return Version.parse(
        services().get(service).get("image").toString().replaceAll(".*:v?([0-9.]+).*", "$1"));
  }

  private static Set<String> networks(Map<String, Object> service) {
    Object networks = service.get("networks");
    return networks instanceof Map<?, ?> named
        ? named.keySet().stream().map(Object::toString).collect(Collectors.toSet())
        : list(service, "networks").stream().map(Object::toString).collect(Collectors.toSet());
  }

  @Test
  void theOverrideEncryptsWhateverListens() throws IOException {
    Map<String, Object> encrypted = map(TLS, "services");
    String certificates = Files.readString(FOLDER.resolve("tls/certs.sh"));

    services()
        .forEach(
            (name, service) -> {
              if (!ONCE.contains(name)) {
                assertThat(encrypted).containsKey(name);
                assertThat(list(map(encrypted, name), "volumes").toString())
                    .as("a certificate of its own")
                    .contains("./certs/" + name + ":/certs:ro");
                assertThat(certificates).contains(name);
              }
            });
    assertThat(services().keySet()).as("nothing but overrides").containsAll(encrypted.keySet());
    assertThat(Files.readString(FOLDER.resolve("compose.tls.yaml")))
        .doesNotContain("sslmode=disable", "http://");
    assertThat(Files.readString(FOLDER.resolve("tls/pg_hba.conf")))
        .contains("hostssl all all all scram-sha-256")
        .doesNotContainPattern("(?m)^host |trust");
    Set<String> urls = new TreeSet<>();
    for (String line : Files.readAllLines(FOLDER.resolve("hub/application.yaml"))) {
      if (line.contains("postgresql://")) {
        urls.add(line.replaceAll(".*://(\\w+)@.*", "$1"));
      }
    }
    String hub = Files.readString(FOLDER.resolve("tls/hub.yaml"));
    assertThat(urls).hasSize(4);
    assertThat(urls)
        .allMatch(role -> hub.matches("(?s).*://" + role + "@[^\n]*sslmode=verify-full.*"));
  }

  @Test
  void anythingThatIsRunIsExecutable() throws IOException {
    try (var files = Files.walk(FOLDER)) {
      assertThat(files.filter(file -> file.toString().endsWith(".sh")))
          .hasSizeGreaterThan(8)
          .allMatch(Files::isExecutable);
    }
  }

  private static Set<String> whoReads(String secret) {
    return services().entrySet().stream()
        .filter(
            entry ->
                list(entry.getValue(), "secrets").toString().matches(".*\\b" + secret + "\\b.*"))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, String> dependencies(Map<String, Object> service) {
    return map(service, "depends_on").entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, e -> ((Map<?, ?>) e.getValue()).get("condition").toString()));
  }

  @SuppressWarnings("unchecked") // as YAML has it
  private static Map<String, Map<String, Object>> services() {
    return (Map<String, Map<String, Object>>) COMPOSE.get("services");
  }

  @SuppressWarnings("unchecked") // as YAML has it
  private static Map<String, Object> map(Map<String, Object> in, String key) {
    return (Map<String, Object>) in.getOrDefault(key, Map.of());
  }

  @SuppressWarnings("unchecked") // as YAML has it
  private static List<Object> list(Map<String, Object> in, String key) {
    return (List<Object>) in.getOrDefault(key, List.of());
  }

  private static Map<String, Object> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
