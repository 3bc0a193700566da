package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import routes.backup.postgres.TestTools;
import routes.devservices.TestStores;
import routes.repository.TestIdentity;

/** Runs the blocks of {@code docs/break-glass.md}, as somebody does who has lost the hub. */
class BreakGlassTest extends BackupSteps {
  private static final Logger LOG = LoggerFactory.getLogger(BreakGlassTest.class);
  private static final Path PAGE = Path.of("docs/break-glass.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```bash\\n(.*?)^```$");
  private static final Pattern SETTING = Pattern.compile("(?m)\\b([A-Z]+)=");
  private static final TestIdentity ADA = TestIdentity.generate();
  private static final TestIdentity BOB = TestIdentity.generate();

  @Autowired private ApplicationContext hub;
  @TempDir Path folder;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void tools() throws Exception {
    environment.put("PATH", TestTools.folder() + File.pathSeparator + System.getenv("PATH"));
    for (String tool : List.of("bash", "jq", "age", "zstd", "sha256sum", "psql", "pg_restore")) {
      assumeTrue(
          sh("type -P " + tool, "which").code() == 0,
          tool + " is not installed: the break-glass page is not tested");
    }
    // A value that a double cannot hold.
    TestSources.execute(TestSources.RICH, "CREATE SEQUENCE shop.\"far's\" START 9007199254740993");
  }

  @AfterEach
  void forget() {
    TestSources.execute(TestSources.RICH, "DROP SEQUENCE IF EXISTS shop.\"far's\"");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"plain", "encrypted"})
  void thePageRestoresEverything(String kind) throws Exception {
    Path repository = folder.resolve("repo of the hub");
    boolean encrypted = kind.equals("encrypted");
    backUp(
        repository,
        encrypted
            ? new EncryptionProperties(
                List.of(ADA.recipient(), BOB.recipient()), "7a".repeat(32), null, null, false)
            : new EncryptionProperties(null, null, null, null, false));
    String database = "glass_" + kind;
    settings(repository, database);
    List<String> blocks = blocks();
    assertThat(SETTING.matcher(blocks.get(0)).results().map(m -> m.group(1)))
        .as("what the page has set is what this test sets")
        .allSatisfy(name -> assertThat(environment).containsKey(name));

    long began = System.nanoTime();
    Ended page = sh(String.join("\n", blocks.subList(1, blocks.size())), "page");
    Duration took = Duration.ofNanos(System.nanoTime() - began);

    assertThat(page.code()).as(page.said()).isZero();
    assertThat(page.said()).contains(" chunks read and right", " into " + database);
    assertThat(dump(database)).isEqualTo(dump(TestSources.RICH.name()));
    LOG.info("break-glass restore, {}: {} ms", kind, took.toMillis());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"manifest.json", "chunk"})
  void damageStopsItBeforeAnythingIsMade(String what) throws Exception {
    Path repository = folder.resolve("repository");
    backUp(
        repository,
        new EncryptionProperties(List.of(ADA.recipient()), "7a".repeat(32), null, null, false));
    Path victim;
    try (Stream<Path> files = Files.walk(repository)) {
      victim =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toString().contains(what))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(victim);
    bytes[bytes.length / 2] ^= 1;
    Files.write(victim, bytes);
    settings(repository, "glass_never");
    List<String> blocks = blocks();

    Ended page = sh(String.join("\n", blocks.subList(1, blocks.size())), "page");

    assertThat(page.code()).as(page.said()).isNotZero();
    assertThat(page.said()).contains("DAMAGED");
    assertThat(databases("glass_never")).isEmpty();
  }

  private void backUp(Path repository, EncryptionProperties encryption) {
    OtherRepository on = new OtherRepository(hub, repository, encryption);
    String name = UUID.randomUUID().toString();
    jobs.call(
        name, run -> Backup.outcome(on.part(Backup.class).take(new BackupRequest("rich"), run)));
    succeeded(ended(submit("test.call", Map.of("name", name)).id()));
  }

  private static List<String> blocks() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private void settings(Path repository, String database) throws IOException {
    URI server = URI.create(TestStores.get().postgres().url().replaceFirst("^jdbc:", ""));
    environment.put("REPO", repository.toString());
    environment.put("SOURCE", "rich");
    environment.put("DATABASE", database);
    environment.put("IDENTITY", secret("identity", BOB.secret() + "\n" + ADA.secret() + "\n"));
    environment.put("PGHOST", server.getHost());
    environment.put("PGPORT", Integer.toString(server.getPort()));
    environment.put("PGUSER", TestSources.RICH.username());
    environment.put("PGPASSFILE", secret("pgpass", "*:*:*:*:" + TestSources.RICH.password()));
  }

  private String secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }

  /** Without the token that newer versions put into each dump. */
  private List<String> dump(String database) throws Exception {
    Ended dump = sh("pg_dump -d '" + database + "'", "dump");
    assertThat(dump.code()).as(dump.said()).isZero();
    return dump.said()
        .lines()
        .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
        .toList();
  }

  private record Ended(int code, String said) {}

  private Ended sh(String script, String name) throws Exception {
    Path said = folder.resolve(name + ".out");
    Path text = Files.writeString(folder.resolve(name + ".sh"), script);
    ProcessBuilder builder = new ProcessBuilder("bash", text.toString());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("ended within a minute").isTrue();
    return new Ended(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
  }
}
