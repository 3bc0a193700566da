package routes.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.cli.CliHelp;
import routes.devservices.RedisServer;
import routes.devservices.TestStores;

/** The doctor on real servers: all well, and each way of being ill, told in one line. */
class DoctorTest {

  private static final String DEAD = "127.0.0.1:1";

  private final TestStores stores = TestStores.get();
  private final Map<String, String> keys = new TreeMap<>();
  private TestStores.Database source;
  private String bucket;

  @TempDir Path state;

  private record Told(int code, List<String> lines) {

    /** The lines about one thing. */
    String about(String what) {
      return String.join(
          "\n", lines.stream().filter(line -> line.matches("\\w+ +" + what + " .*")).toList());
    }

    @Override
    public String toString() {
      return String.join("\n", lines);
    }
  }

  @BeforeEach
  void healthy() throws Exception {
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
    source = stores.newDatabase("doctor source");
    execute(source, "CREATE TABLE \"Orders\" (id int); CREATE TABLE customers (id int)");
    bucket = stores.newBucket("doctor");
    keys.putAll(stores.properties(stores.newDatabase("doctor hub")));
    keys.put("hub.state-dir", state.toString());
    keys.put("hub.repository.url", "s3://" + bucket + "/hub");
    database("hub.sources.main", source);
    database("hub.targets.spare", source);
    database("hub.backup.drill", source);
  }

  @Test
  void everythingIsWell() {
    Told told = examine();

    assertThat(told.code()).as(told.toString()).isZero();
    assertThat(told.lines())
        .filteredOn(line -> !line.contains("hub.copies"))
        .allMatch(line -> line.startsWith("ok ") || line.contains(" failed"));
    // The tests' stores are all on this machine, which is worth a warning.
    assertThat(told.about("hub.copies")).startsWith("warn").contains("are on one machine");
    assertThat(told.about("hub.sources.main")).contains("pg_dump", "all 2 tables may be read");
    assertThat(told.about("hub.backup.drill")).contains("may create databases");
    assertThat(told.about("hub.repository")).contains("new, the first backup makes it");
    assertThat(told.about("hub.database")).contains("the first start makes the schemas", "clock");
    assertThat(stores.s3Client().listObjectsV2(r -> r.bucket(bucket)).contents()).isEmpty();
  }

  @Test
  void aWrongKeyFailsOnce() {
    keys.put("hub.schedule.zone", "Mars/Base");

    Told told = examine();

    assertThat(told.lines())
        .filteredOn(line -> line.startsWith("FAIL"))
        .singleElement()
        .asString()
        .contains("configuration", "hub.schedule.zone is 'Mars/Base'");
    assertThat(told.toString()).containsPattern("\\d ok, \\d warnings?, 1 failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hub.database.url", "hub.sources.main.url", "hub.targets.spare.url",
        "hub.repository.url", "hub.backup.drill.url", "hub.database.username"
      })
  void aMissingKeyFailsOnceAtMost(String key) {
    keys.remove(key);

    Told told = examine();

    assertThat(told.lines())
        .filteredOn(line -> line.startsWith("FAIL"))
        .as(told.toString())
        .hasSizeLessThan(2);
  }

  @Test
  void aBrokenTriggerIsToldWithItsPlace() throws Exception {
    Path folder = Files.createDirectory(state.resolve("routes"));
    Files.writeString(
        folder.resolve("own.camel.yaml"),
        """
        - templatedRoute:
            routeTemplateRef: job
            routeId: own.weekly
            parameters:
              - {name: job, value: backup.verify}
              - {name: name, value: weekly}
              - {name: cron, value: "{{hub.schedule.backup-verify}}"}
              - {name: params, value: '{"source": "nobody"}'}
        - templatedRoute:
            routeTemplateRef: job
            routeId: schedule.backup.sweep
            parameters:
              - {name: job, value: backup.sweep}
              - {name: name, value: second}
              - {name: cron, value: "0 0 2 * * ?"}
        - route:
            id: own.plain
            from: {uri: "direct:own.plain", steps: []}
        - templatedRoute:
            routeTemplateRef: job
            routeId: own.plain
            parameters:
              - {name: job, value: backup.sweep}
              - {name: name, value: third}
              - {name: cron, value: "0 0 2 * * ?"}
        """);
    Files.writeString(folder.resolve("odd.camel.yaml"), "- route: [unclosed\n");

    Told told = examine();

    assertThat(told.code()).isEqualTo(1);
    assertThat(told.about("hub.routes.folder"))
        .contains(
            "FAIL",
            "odd.camel.yaml line 2: ",
            "own.camel.yaml line 1, route own.weekly: trigger backup.verify/weekly: params.source:"
                + " there is no source 'nobody'; hub.sources has main",
            "own.camel.yaml line 9, route schedule.backup.sweep: route id schedule.backup.sweep is"
                + " taken by camel/schedules.camel.yaml line 68",
            "own.camel.yaml line 19, route own.plain: route id own.plain is taken by"
                + " own.camel.yaml");
  }

  @Test
  void aFolderOfRoutesThatIsNotThereIsTold() {
    keys.put("hub.routes.folder", "/no/where");

    assertThat(examine().about("hub.routes.folder"))
        .startsWith("FAIL")
        .contains("hub.routes.folder is '/no/where', which is not a folder");
  }

  @Test
  void aFolderIsAsGoodARepository() throws Exception {
    Path folder = Files.createDirectory(state.resolve("repository"));
    keys.put("hub.repository.url", folder.toUri().toString());

    Told told = examine();

    assertThat(told.code()).as(told.toString()).isZero();
    assertThat(told.about("hub.repository")).contains("can be written once, read, listed, deleted");
    assertThat(folder.resolve("doctor")).doesNotExist();
  }

  @Test
  void whatTheRoleMayNotDoIsNamedWithItsGrant() throws Exception {
    String role = source.name() + "_role";
    execute(
        source,
        "CREATE ROLE "
            + role
            + " LOGIN PASSWORD 'pw';"
            + " GRANT SELECT ON customers TO "
            + role
            + "; CREATE SCHEMA closed;"
            + " CREATE TABLE closed.secret (id int)");
    TestStores.Database as = new TestStores.Database(source.name(), source.url(), role, "pw");
    database("hub.database", as);
    database("hub.sources.main", as);
    database("hub.targets.spare", as);

    Told told = examine();

    assertThat(told.code()).isEqualTo(1);
    assertThat(told.about("hub.sources.main"))
        .startsWith("FAIL")
        .contains("GRANT SELECT ON \"public\".\"Orders\" TO \"" + role + "\"")
        .contains("GRANT USAGE ON SCHEMA \"closed\"")
        .doesNotContain("customers");
    assertThat(told.about("hub.targets.spare")).contains("ALTER ROLE " + role + " CREATEDB");
    assertThat(told.about("hub.database"))
        .contains("GRANT CREATE ON DATABASE " + source.name() + " TO " + role);
  }

  @Test
  void wrongPasswordsAndAMissingBucketAreOneLineEach() {
    keys.put("hub.database.password", "not-this");
    keys.put("hub.sources.main.password", "not-that");
    keys.put(
        "spring.data.redis.url", stores.redis().url().replaceFirst(":[^:/@]+@", ":not-there@"));
    keys.put("hub.repository.url", "s3://" + bucket + "-missing");

    Told told = examine();

    assertThat(told.code()).isEqualTo(1);
    for (String what :
        List.of("hub.database", "hub.sources.main", "spring.data.redis", "hub.repository")) {
      assertThat(told.about(what)).startsWith("FAIL").hasLineCount(1);
    }
    assertThat(told.about("hub.database")).contains("check hub.database.username");
    assertThat(told.about("spring.data.redis")).contains("check the password");
    assertThat(told.about("hub.repository")).contains("there is no bucket");
    assertThat(told.toString()).doesNotContain("not-th", "\tat ");
  }

  /** As on a busy machine: a request in a hurry does without it, the doctor waits. */
  @Test
  void aRedisThatAnswersLaterThanRequestsWaitIsThere() {
    keys.put("spring.data.redis.timeout", "1ms");
    keys.put("spring.data.redis.connect-timeout", "1ms");

    assertThat(examine().about("spring.data.redis")).startsWith("ok");
  }

  @Test
  void aRedisThatMayLoseEventsIsToldOf(@TempDir Path folder) {
    try (RedisServer redis = RedisServer.ofItsOwn(folder.resolve("redis"));
        RedisClient client = RedisClient.create(redis.url());
        var connection = client.connect()) {
      keys.put("spring.data.redis.url", redis.url());
      connection.sync().configSet("appendonly", "no");
      connection.sync().configSet("maxmemory", "100mb");
      connection.sync().configSet("maxmemory-policy", "allkeys-lru");

      Told told = examine();

      assertThat(told.about("spring.data.redis"))
          .contains("no append-only file", "appendfsync everysec", "allkeys-lru", "volatile-ttl");
      assertThat(told.code()).as("it works, and somebody should know").isZero();
    }
  }

  @Test
  void aWrongKeyOfS3IsToldAsSuch() {
    keys.put("hub.s3.secret-key", "not-this");

    Told told = examine();

    assertThat(told.about("hub.s3")).startsWith("FAIL").contains("check hub.s3.access-key");
    assertThat(told.about("hub.repository")).startsWith("FAIL").contains("check the keys");
    assertThat(told.toString()).doesNotContain("not-this");
  }

  @Test
  void deadPortsAndWrongKeysHideNothingElse() {
    keys.put("hub.database.url", "postgresql://hub@" + DEAD + "/hub");
    keys.put("hub.sources.main.url", "postgresql://hub@" + DEAD + "/shop");
    keys.put("hub.backup.drill.url", "postgresql://hub@" + DEAD + "/postgres");
    keys.put("hub.s3.endpoint", "http://" + DEAD);
    keys.put("spring.data.redis.url", "redis://:secret@" + DEAD);
    keys.put("hub.jobs.slots", "many");
    keys.put("hub.databse.url", "typo");

    Told told = examine();

    assertThat(told.code()).isEqualTo(1);
    for (String what :
        List.of(
            "hub.database",
            "hub.sources.main",
            "hub.backup.drill",
            "hub.s3",
            "spring.data.redis",
            "hub.repository")) {
      assertThat(told.about(what)).startsWith("FAIL").containsIgnoringCase("refused");
    }
    assertThat(told.about("configuration")).contains("hub.jobs.slots", "hub.databse.url");
    assertThat(told.about("hub.targets.spare")).startsWith("ok");
    assertThat(told.toString()).doesNotContain("secret", "\tat ");
  }

  private void database(String key, TestStores.Database database) {
    keys.put(key + ".url", database.url());
    keys.put(key + ".username", database.username());
    keys.put(key + ".password", database.password());
  }

  private Told examine() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[] args =
        keys.entrySet().stream()
            .map(key -> "--" + key.getKey() + "=" + key.getValue())
            .toArray(String[]::new);
    int code = Doctor.examine(args, new PrintStream(out, true, StandardCharsets.UTF_8));
    return new Told(code, out.toString(StandardCharsets.UTF_8).lines().toList());
  }

  private static void execute(TestStores.Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void whatTheScriptsAndTestsReadIsNoUnknownKey() {
    List<String> variables =
        Stream.concat(
                Pattern.compile("(?m)^  (HUB_[\\w<>]+)")
                    .matcher(CliHelp.all())
                    .results()
                    .map(line -> line.group(1).replace("<NAME>", "MODELAPI"))
                    .filter(variable -> !variable.equals("HUB_STATE_DIR")), // the hub's own
                Stream.of("HUB_SECRETS_DIR", "HUB_ALERT_MAIL_TO", "HUB_PROMTOOL", "HUB_AMTOOL"))
            .toList();

    assertThat(variables).hasSizeGreaterThan(10).allMatch(ConfigurationCheckup::isBeside);
    assertThat(ConfigurationCheckup.isBeside("HUB_REPOSITORY_URI")).isFalse();
  }
}
