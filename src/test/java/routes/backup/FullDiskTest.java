package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import routes.TestJobs;
import routes.backup.catalogue.SnapshotHolds;
import routes.backup.config.EncryptionProperties;
import routes.backup.repositories.Repositories;
import routes.backup.retention.Retention;
import routes.backup.retention.RetentionRequest;
import routes.backup.retention.SweepRun;
import routes.jobs.ledger.Run;
import routes.kernel.errors.HttpException;

/**
 * A repository on a disk that is really full: what was there stays whole, nothing is deleted to
 * make room, and all goes on when there is room again. Needs a small file system of its own, and so
 * root.
 */
class FullDiskTest extends BackupSteps {

  private static final String SOURCE = "small";

  @Autowired private ApplicationContext hub;
  @TempDir Path folder;
  private Path disk;
  private OtherRepository on;
  private String first;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "hub-test", disk.toString()),
        "no file system can be mounted here: a full disk is not tested");
    on =
        new OtherRepository(
            hub,
            disk.resolve("repository"),
            new EncryptionProperties(null, null, null, null, false));
  }

  @AfterEach
  void unmount() throws Exception {
    command("umount", disk.toString());
    jdbc.sql("DELETE FROM hub.snapshot WHERE id = ?").param(first).update();
    TestSources.execute(TestSources.SMALL, "DROP TABLE IF EXISTS heavy");
  }

  private static boolean command(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private Run start(TestJobs.Work work) {
    String name = UUID.randomUUID().toString();
    jobs.call(name, work);
    return submit("test.call", Map.of("name", name));
  }

  private Run backUp() {
    return start(r -> on.part(Backup.class).run(new BackupRequest(SOURCE), r));
  }

  /** Its first failure: a full disk may heal, so the ledger would try again. */
  private Run failed(Run asked) {
    Run failed =
        org.awaitility.Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> runs.get(asked.id()), run -> run.error() != null || run.ended());
    if (!failed.ended()) {
      runs.cancel(failed.id(), "test");
      ended(failed.id());
    }
    return failed;
  }

  @Test
  void whatWasThereStaysAndNothingIsDeletedToMakeRoom() throws Exception {
    Run whole = succeeded(ended(backUp().id()));
    first = whole.summary().get("snapshot").asText();
    succeeded(
        ended(
            start(r -> on.part(Drill.class).run(new DrillRequest(SOURCE, "latest", ""), r)).id()));
    // No compression makes these small.
    TestSources.execute(
        TestSources.SMALL,
        "CREATE TABLE heavy AS SELECT i, (SELECT string_agg(md5(random()::text || i || j), '')"
            + " FROM generate_series(1, 100) j) AS text FROM generate_series(1, 3000) i");
    long objects = files();

    Run full = failed(backUp());

    String told = full.error().get("detail").asText();
    assertThat(told)
        .contains("No space left on device")
        .contains(disk.resolve("repository").toString())
        .contains("free space");
    assertThat(on.repositories().open().list(SOURCE)).hasSize(1);
    succeeded(
        ended(
            start(
                    r ->
                        on.part(Verification.class)
                            .run(new VerifyRequest(SOURCE, first, 100, ""), r))
                .id()));

    holdAndSweepSayThatItIsFull();

    Run retention =
        succeeded(
            ended(
                start(
                        r ->
                            on.part(Retention.class)
                                .run(new RetentionRequest(SOURCE, Optional.empty(), ""), r))
                    .id()));
    assertThat(retention.headline()).isEqualTo("0 removed, 1 stay");
    assertThat(retention.summary().at("/items/0/reason").asText()).contains("proven 1 of");
    assertThat(files())
        .as("chunks of the run that failed wait for the sweep")
        .isGreaterThanOrEqualTo(objects);

    assertThat(command("mount", "-o", "remount,size=100m", disk.toString())).isTrue();
    Run next = succeeded(ended(backUp().id()));
    assertThat(on.repositories().open().list(SOURCE)).hasSize(2);
    succeeded(
        ended(
            start(
                    r ->
                        on.part(Drill.class)
                            .run(
                                new DrillRequest(
                                    SOURCE, next.summary().get("snapshot").asText(), ""),
                                r))
                .id()));
    try (Stream<Path> left = Files.list(disk.resolve("repository/.tmp"))) {
      assertThat(left).as("half-written files").isEmpty();
    }
    jdbc.sql("DELETE FROM hub.snapshot WHERE id = ?")
        .param(next.summary().get("snapshot").asText())
        .update();
  }

  /** Nothing in a repository that is full can be written, and that is told at once. */
  private void holdAndSweepSayThatItIsFull() throws Exception {
    // A write needs a block, and chunks that no manifest names are left to mark.
    Path filler = disk.resolve("filler");
    fill(filler);
    try {
      Run sweep = ended(start(r -> on.part(SweepRun.class).run(new SweepRun.Request(""), r)).id());
      assertThat(sweep.state()).isEqualTo("failed");
      assertThat(sweep.error().get("detail").asText())
          .contains("no chunks were marked", "No space left on device", "make free space there");
      assertThatThrownBy(
              () ->
                  Repositories.asked(
                      () ->
                          on.part(SnapshotHolds.class)
                              .hold(
                                  new SnapshotHolds.Which(SOURCE, first, "keep"),
                                  "",
                                  null,
                                  "test")))
          .isInstanceOfSatisfying(
              HttpException.class, refused -> assertThat(refused.status()).isEqualTo(507))
          .hasMessageContaining("No space left on device");
    } finally {
      Files.delete(filler);
    }
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.walk(disk)) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
