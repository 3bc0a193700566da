package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import routes.TestJobs;
import routes.backup.config.EncryptionProperties;
import routes.jobs.ledger.Run;
import routes.repository.crypto.TestIdentity;
import routes.repository.format.SnapshotInfo;

/**
 * A byte flipped in each chunk and in each manifest of a repository, one after another: it is found
 * and named, the metric says so, what is not touched stays usable, and the next backup heals it.
 */
class FlipsTest extends BackupSteps {

  private static final String SOURCE = "small";
  private static final TestIdentity ADA = TestIdentity.generate();

  @Autowired private ApplicationContext hub;
  @Autowired private MeterRegistry meters;
  @Autowired private BackupMetrics metrics;
  @TempDir Path folder;
  private final List<String> made = new ArrayList<>();
  private OtherRepository on;

  @AfterEach
  void forget() {
    made.forEach(id -> jdbc.sql("DELETE FROM hub.snapshot WHERE id = ?").param(id).update());
  }

  private EncryptionProperties encryption(String kind) throws IOException {
    if (kind.equals("plain")) {
      return new EncryptionProperties(null, null, null, null, false);
    }
    Path identity = Files.writeString(folder.resolve("identity"), ADA.secret() + "\n");
    Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString("rw-------"));
    return new EncryptionProperties(
        List.of(ADA.recipient()), "3c".repeat(32), null, identity, false);
  }

  private Run call(TestJobs.Work work) {
    String name = UUID.randomUUID().toString();
    jobs.call(name, work);
    return ended(submit("test.call", java.util.Map.of("name", name)).id());
  }

  private String backUp() {
    Run run = succeeded(call(r -> on.part(Backup.class).run(new BackupRequest(SOURCE), r)));
    made.add(run.summary().get("snapshot").asText());
    return made.get(made.size() - 1);
  }

  private Run verify(String snapshot) {
    return call(
        r -> on.part(Verification.class).run(new VerifyRequest(SOURCE, snapshot, 100, ""), r));
  }

  private double gauge(String name) {
    metrics.refresh();
    return meters.get("hub.backup." + name).tag("source", SOURCE).gauge().value();
  }

  private static void flip(Path file, int turn) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) (turn * 7919L % bytes.length)] ^= (byte) (1 << turn % 8);
    Files.write(file, bytes);
  }

  private List<Path> files(String below) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("repository").resolve(below))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"plain", "encrypted"})
  void eachChunkIsFoundNamedCountedAndHealed(String kind) throws Exception {
    on = new OtherRepository(hub, folder.resolve("repository"), encryption(kind));
    double before = gauge("damaged.chunks");
    String snapshot = backUp();
    List<Path> chunks = files("chunks");
    assertThat(chunks).hasSizeGreaterThanOrEqualTo(4);
    int healed = 0;

    for (int turn = 0; turn < chunks.size(); turn++) {
      Path chunk = chunks.get(turn);
      String id = chunk.getFileName().toString();
      byte[] whole = Files.readAllBytes(chunk);
      flip(chunk, turn + 1);

      Run verify = verify(snapshot);

      assertThat(verify.state()).as(id).isEqualTo("failed");
      assertThat(verify.headline()).startsWith("1 damaged chunks: ").contains(id);
      assertThat(gauge("damaged.chunks")).isEqualTo(before + 1);
      assertThat(on.repositories().open().quarantined()).hasToString("[" + id + "]");

      String next = backUp();
      succeeded(verify(next));
      if (names(next).contains(id)) {
        healed++;
      } else {
        // pg_dump stamps its archive: the next one is another chunk, and this one stays as it is.
        Files.write(chunk, whole);
      }
      succeeded(verify(snapshot));
      assertThat(gauge("damaged.chunks")).isEqualTo(before);
      on.repositories().open().quarantined().forEach(mark -> unmark(mark.toString()));
    }
    assertThat(healed).as("rows and sequences").isGreaterThanOrEqualTo(3);
    succeeded(call(r -> on.part(Drill.class).run(new DrillRequest(SOURCE, snapshot, ""), r)));
  }

  private void unmark(String chunk) {
    try {
      Files.delete(folder.resolve("repository/quarantine").resolve(chunk));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<String> names(String snapshot) {
    return on.repositories().find(SOURCE, snapshot).manifest().entries().stream()
        .flatMap(entry -> entry.chunks().stream())
        .map(ref -> ref.id().toString())
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"plain", "encrypted"})
  void eachManifestIsFoundAndNamedAndTheOthersStayUsable(String kind) throws Exception {
    on = new OtherRepository(hub, folder.resolve("repository"), encryption(kind));
    backUp();
    TestSources.execute(TestSources.SMALL, "UPDATE accounts SET balance = balance WHERE id = 1");
    backUp();
    List<Path> manifests =
        files("snapshots").stream().filter(file -> file.endsWith("manifest.json")).toList();
    assertThat(manifests).hasSize(2);

    for (int turn = 0; turn < manifests.size(); turn++) {
      byte[] whole = Files.readAllBytes(manifests.get(turn));
      String id = manifests.get(turn).getParent().getFileName().toString();
      String other = made.stream().filter(one -> !one.equals(id)).findFirst().orElseThrow();
      flip(manifests.get(turn), turn + 3);
      jdbc.sql("DELETE FROM hub.snapshot WHERE id = ?").param(id).update();

      for (TestJobs.Work work :
          List.<TestJobs.Work>of(
              r -> on.part(Verification.class).run(new VerifyRequest(SOURCE, id, 100, ""), r),
              r -> on.part(Drill.class).run(new DrillRequest(SOURCE, id, ""), r),
              r -> on.part(CatalogueRebuild.class).run(new CatalogueRebuild.Request(), r))) {
        Run run = call(work);
        assertThat(run.state()).isEqualTo("failed");
        assertThat(run.headline()).contains(id);
        assertThat(run.attempt()).as("no repeat heals it").isEqualTo(1);
      }
      succeeded(verify(other));
      succeeded(call(r -> on.part(Drill.class).run(new DrillRequest(SOURCE, other, ""), r)));
      assertThat(on.repositories().open().list(SOURCE)).extracting(SnapshotInfo::id).hasSize(2);
      Files.write(manifests.get(turn), whole);
    }

    flip(manifests.get(1), 11);
    String next = backUp();
    succeeded(verify(next));
  }
}
