package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.Covers;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.devservices.TestStores;
import routes.jobs.ledger.Run;
import routes.kernel.errors.InvalidInputException;
import routes.repository.Repository;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.store.FileObjectStore;
import software.amazon.awssdk.services.s3.S3Client;

/** Second places through real runs: what arrives, what is read there, what heals. */
@Covers({"backup.copy", "backup.verify"})
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

  @Test
  void eachSnapshotIsToldOfItsOwnDamageOnly() {
    S3Client s3 = TestStores.get().s3Client();
    Map<String, String> chunks = new LinkedHashMap<>();
    Map<String, byte[]> whole = new LinkedHashMap<>();
    for (int round = 1; round <= 2; round++) {
      // Moves the row, and leaves what other tests sum up.
      TestSources.execute(
          TestSources.SMALL, "UPDATE accounts SET balance = balance WHERE id = " + round);
      String id = snapshotOf(succeeded(run("backup.postgres", "small")));
      ChunkId chunk = table(repositories.open().read("small", new SnapshotId(id)));
      chunks.put(id, chunk.hex());
      whole.put("hub/" + chunk.key(), flip(s3, "hub/" + chunk.key()));
    }
    try {
      Run all = verify(Map.of("source", "small", "snapshot", "all"));

      assertThat(all.headline()).contains("2 damaged chunks").contains(chunks.values());
      chunks.forEach(
          (id, its) ->
              assertThat(listed("small"))
                  .filteredOn(snapshot -> snapshot.id().equals(id))
                  .singleElement()
                  .extracting(SnapshotCatalogue.Snapshot::readDetail, STRING)
                  .startsWith("1 damaged chunks")
                  .contains(its));
    } finally {
      whole.forEach((key, bytes) -> put(s3, key, bytes));
      chunks
          .values()
          .forEach(
              hex ->
                  s3.deleteObject(d -> d.bucket(TestSources.BUCKET).key("hub/quarantine/" + hex)));
      succeeded(verify(Map.of("source", "small", "snapshot", "all")));
    }
  }

  private static byte[] flip(S3Client s3, String key) {
    byte[] whole = s3.getObjectAsBytes(g -> g.bucket(TestSources.BUCKET).key(key)).asByteArray();
    byte[] flipped = whole.clone();
    flipped[flipped.length / 2] ^= 1;
    put(s3, key, flipped);
    return whole;
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
  void aDrillAndARestoreReadTheCopyAndProveIt() throws Exception {
    String id = snapshotOf(succeeded(run("backup.postgres", "small")));
    succeeded(copy("folder", id));
    ChunkId chunk = table(repositories.open().read("small", new SnapshotId(id)));
    S3Client s3 = TestStores.get().s3Client();
    byte[] whole = flip(s3, "hub/" + chunk.key());
    String database = "from_copy_" + System.nanoTime();
    Map<String, ?> here = Map.of("source", "small", "snapshot", id);
    Map<String, ?> there = Map.of("source", "small", "snapshot", id, "copy", "folder");
    Map<String, Object> restore = new LinkedHashMap<>(there);
    restore.putAll(Map.of("target", "spare", "database", database));
    try {
      Run drill = succeeded(ended(submit("backup.drill", there).id()));
      succeeded(ended(submit("restore.postgres", restore).id()));
      assertThat(ended(submit("backup.drill", here).id()).state()).isEqualTo("failed");

      assertThat(drill.headline()).contains("rows equal");
      try (java.sql.Connection restored = connect(database)) {
        assertThat(single(restored, "SELECT count(*)::text FROM accounts")).isEqualTo("2000");
      }
      assertThat(folder().foundHere("small", new SnapshotId(id)).values())
          .singleElement()
          .satisfies(found -> assertThat(found.path("right").asBoolean()).isTrue());
      assertThat(listed("small"))
          .filteredOn(snapshot -> snapshot.id().equals(id))
          .singleElement()
          .satisfies(s -> assertThat(s.verified()).as("of the repository alone").isFalse());
    } finally {
      put(s3, "hub/" + chunk.key(), whole);
      s3.deleteObject(
          delete -> delete.bucket(TestSources.BUCKET).key("hub/quarantine/" + chunk.hex()));
    }
    succeeded(verify(here));
  }

  @Test
  void aDrillThatFindsDamageInACopyLeavesTheRepositoryAsItIs() throws Exception {
    String id = snapshotOf(succeeded(run("backup.postgres", "small")));
    succeeded(copy("folder", id));
    ChunkId chunk = table(folder().read("small", new SnapshotId(id)));
    Files.delete(TestSources.COPY_FOLDER.resolve(chunk.key()));

    Run drill =
        ended(
            submit("backup.drill", Map.of("source", "small", "snapshot", id, "copy", "folder"))
                .id());

    assertThat(drill.state()).isEqualTo("failed");
    assertThat(drill.headline()).contains("NOT verified", "public.accounts");
    assertThat(folder().quarantined()).containsExactly(chunk);
    assertThat(repositories.open().quarantined()).doesNotContain(chunk);
    assertThat(repositories.open().drills("small", new SnapshotId(id))).isEmpty();
    succeeded(copy("folder", id));
    assertThat(folder().quarantined()).isEmpty();
  }

  @Test
  void aPlanSendsNothing() {
    String id = snapshotOf(succeeded(run("backup.postgres", "small")));
    Run plan =
        ended(
            runs.submit(
                    new routes.jobs.runs.Runs.Request(
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
    assertThatThrownBy(() -> verify(Map.of("source", "small", "share", 0)))
        .hasMessage("params.share: must be 1 or more");
    assertThatThrownBy(() -> verify(Map.of("source", "small", "copy", "nowhere")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("hub.copies has folder, near");
  }

  @Test
  void eachCopyHasItsNightlyTrigger() {
    assertThat(admin().get("/api/triggers").json().at("/items").findValuesAsText("id"))
        .contains("backup.copy/near-nightly", "backup.copy/folder-nightly")
        .contains("backup.verify/near-small-copy-nightly")
        .contains("retention.snapshots/near-small-copy-nightly", "backup.sweep/near-nightly")
        .contains("backup.verify/small-daily");
  }
}
