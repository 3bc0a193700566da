package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.jobs.Run;
import routes.repository.ChunkId;
import routes.repository.ChunkRef;
import routes.repository.FileObjectStore;
import routes.repository.Manifest;
import routes.repository.Repository;
import routes.repository.SnapshotId;

/** Second places through real runs: what arrives, what is read there, what heals. */
class CopyTest extends BackupSteps {

  private Run copy(String to, String snapshot) {
    return ended(
        submit("backup.copy", Map.of("copy", to, "source", "small", "snapshot", snapshot)).id());
  }

  private Run verify(Map<String, ?> params) {
    return ended(submit("backup.verify", params).id());
  }

  private static Repository folder() {
    return Repository.openReadOnly(
        FileObjectStore.open(TestSources.COPY_FOLDER, Clock.systemUTC()), Clock.systemUTC());
  }

  private String snapshotOf(Run backup) {
    return backup.summary().get("snapshot").asText();
  }

  @Test
  void aCopyHoldsWhatTheRepositoryHoldsAndASecondOneSendsNothing() {
    String id = snapshotOf(succeeded(run("backup.postgres", "small")));

    Run first = succeeded(copy("folder", "latest"));
    Run second = succeeded(copy("folder", "latest"));
    Run near = succeeded(copy("near", "latest"));

    assertThat(first.headline()).startsWith("1 of 1 snapshot copied to folder");
    assertThat(second.headline()).startsWith("0 of 1 snapshot copied to folder, 0 B sent");
    assertThat(near.headline()).startsWith("1 of 1 snapshot copied to near");
    Manifest here = repositories.open().read("small", new SnapshotId(id));
    assertThat(folder().read("small", new SnapshotId(id))).isEqualTo(here);
    assertThat(
            succeeded(verify(Map.of("source", "small", "snapshot", id, "copy", "near"))).headline())
        .contains("read and right");
  }

  @Test
  void damageInACopyIsFoundThereAndHealedByTheNextCopy() throws Exception {
    String id = snapshotOf(succeeded(run("backup.postgres", "small")));
    succeeded(copy("folder", id));
    ChunkId chunk = table(folder().read("small", new SnapshotId(id)));
    Path file = TestSources.COPY_FOLDER.resolve(chunk.key());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    Run found = verify(Map.of("source", "small", "snapshot", id, "copy", "folder"));
    assertThat(found.state()).isEqualTo("failed");
    assertThat(found.headline()).contains("1 damaged chunks", chunk.hex());
    assertThat(listed("small"))
        .filteredOn(snapshot -> snapshot.id().equals(id))
        .singleElement()
        .satisfies(s -> assertThat(s.intact()).as("the repository itself is whole").isNull());

    assertThat(succeeded(copy("folder", id)).headline()).startsWith("1 of 1 snapshot copied");
    succeeded(verify(Map.of("source", "small", "snapshot", id, "copy", "folder")));
  }

  @Test
  void aChunkThatACopyLostIsFoundThereAndSentAgainByTheNextCopy() throws Exception {
    String id = snapshotOf(succeeded(run("backup.postgres", "small")));
    succeeded(copy("folder", id));
    ChunkId chunk = table(folder().read("small", new SnapshotId(id)));
    Path file = TestSources.COPY_FOLDER.resolve(chunk.key());
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);

    Run found = verify(Map.of("source", "small", "snapshot", id, "copy", "folder"));
    assertThat(found.state()).isEqualTo("failed");
    assertThat(found.headline()).contains("1 damaged chunks", chunk.hex());

    assertThat(succeeded(copy("folder", id)).headline()).startsWith("1 of 1 snapshot copied");
    assertThat(file).hasBinaryContent(bytes);
    assertThat(folder().quarantined()).isEmpty();
    succeeded(verify(Map.of("source", "small", "snapshot", id, "copy", "folder")));
  }

  private static ChunkId table(Manifest manifest) {
    return manifest.entries().stream()
        .filter(entry -> entry.name().equals("public.accounts"))
        .flatMap(entry -> entry.chunks().stream())
        .map(ChunkRef::id)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPlanSendsNothing() {
    String id = snapshotOf(succeeded(run("backup.postgres", "small")));
    Run plan =
        ended(
            runs.submit(
                    new routes.jobs.Runs.Request(
                        "backup.copy",
                        Map.of("copy", "folder", "source", "small", "snapshot", id),
                        true,
                        true,
                        "test",
                        null))
                .id());
    assertThat(plan.summary().at("/items/0/action").asText()).isEqualTo("copy");
    assertThat(Files.exists(TestSources.COPY_FOLDER.resolve("snapshots/small/" + id))).isFalse();
  }

  @Test
  void allSnapshotsAreReadWholeInARoundOfDays() {
    succeeded(run("backup.postgres", "small"));
    Run all = succeeded(verify(Map.of("source", "small", "snapshot", "all")));
    Run some = succeeded(verify(Map.of("source", "small", "snapshot", "all", "share", 25)));

    assertThat(all.headline()).contains("read and right");
    assertThat(some.headline()).containsPattern("\\(part [1-4] of 4\\)");
    assertThat(some.summary().get("chunks").asLong())
        .isLessThan(all.summary().get("chunks").asLong());
    assertThat(verify(Map.of("source", "small", "share", 0)).headline()).contains("1 to 100");
    assertThat(verify(Map.of("source", "small", "copy", "nowhere")).headline())
        .contains("hub.copies.nowhere");
  }

  @Test
  void eachCopyHasItsNightlyTrigger() {
    assertThat(admin().get("/api/triggers").json().at("/items").findValuesAsText("id"))
        .contains("backup.copy/near-nightly", "backup.copy/folder-nightly")
        .contains("backup.verify/small-daily");
  }
}
