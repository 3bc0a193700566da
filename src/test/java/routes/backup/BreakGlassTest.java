package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import routes.backup.config.EncryptionProperties;
import routes.repository.crypto.TestIdentity;

/** Runs the blocks of {@code docs/break-glass.md}, as somebody does who has lost the hub. */
class BreakGlassTest extends BackupSteps {
  private static final Logger LOG = LoggerFactory.getLogger(BreakGlassTest.class);
  private static final TestIdentity ADA = TestIdentity.generate();
  private static final TestIdentity BOB = TestIdentity.generate();

  @Autowired private ApplicationContext hub;
  @TempDir Path folder;
  private BreakGlassPage page;

  @BeforeEach
  void tools() throws Exception {
    page = new BreakGlassPage(folder);
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

    long began = System.nanoTime();
    BreakGlassPage.Ended ended = page.run();
    Duration took = Duration.ofNanos(System.nanoTime() - began);

    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ended.said()).contains(" chunks read and right", " into " + database);
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

    BreakGlassPage.Ended ended = page.run();

    assertThat(ended.code()).as(ended.said()).isNotZero();
    assertThat(ended.said()).contains("DAMAGED");
    assertThat(databases("glass_never")).isEmpty();
  }

  private void backUp(Path repository, EncryptionProperties encryption) {
    OtherRepository on = new OtherRepository(hub, repository, encryption);
    String name = UUID.randomUUID().toString();
    jobs.call(name, run -> on.part(Backup.class).run(new BackupRequest("rich"), run));
    succeeded(ended(submit("test.call", Map.of("name", name)).id()));
  }

  private void settings(Path repository, String database) throws IOException {
    page.on(TestSources.RICH, repository, "rich", database);
    page.set("IDENTITY", page.secret("identity", BOB.secret() + "\n" + ADA.secret() + "\n"));
  }

  /** Without the token that newer versions put into each dump. */
  private List<String> dump(String database) throws Exception {
    BreakGlassPage.Ended dump = page.sh("pg_dump -d '" + database + "'", "dump");
    assertThat(dump.code()).as(dump.said()).isZero();
    return dump.said()
        .lines()
        .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
        .toList();
  }
}
