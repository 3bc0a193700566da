package routes.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.repository.RepositoryFixture.CLOCK;
import static routes.repository.RepositoryFixture.NOW;
import static routes.repository.RepositoryFixture.manifest;
import static routes.repository.RepositoryFixture.rows;
import static routes.repository.RepositoryFixture.table;
import static routes.repository.RepositoryFixture.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkReader;
import routes.repository.format.ChunkRef;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.ForeignRepositoryException;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.FileObjectStore;
import routes.repository.store.ObjectStore;
import routes.repository.store.TestStore;

class RepositoryTest {
  @TempDir Path folder;
  private RepositoryFixture fixture;
  private Repository repository;
  private TestStore store;

  @BeforeEach
  void open() {
    fixture = new RepositoryFixture(folder);
    repository = fixture.repository;
    store = fixture.store;
  }

  @Test
  void theFirstToOpenItOwnsIt() {
    assertThat(repository.isNew()).isTrue();
    Repository again = Repository.open(store, "hub-a", CLOCK);
    assertThat(again.isNew()).isFalse();
    assertThatThrownBy(() -> Repository.open(store, "hub-b", CLOCK))
        .isInstanceOf(ForeignRepositoryException.class)
        .hasMessageContaining("belongs to hub hub-a, not to hub-b")
        .hasMessageContaining("read-only");
  }

  @Test
  void ofManyHubsThatOpenAnEmptyStoreOneOwnsIt(@TempDir Path empty) throws Exception {
    ObjectStore contested = FileObjectStore.open(empty, CLOCK);
    List<Callable<Boolean>> hubs =
        IntStream.range(0, 8)
            .<Callable<Boolean>>mapToObj(
                i ->
                    () -> {
                      try {
                        return Repository.open(contested, "hub-" + i, CLOCK).isNew();
                      } catch (ForeignRepositoryException e) {
                        return false;
                      }
                    })
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    int owners = 0;
    try {
      for (Future<Boolean> owner : threads.invokeAll(hubs)) {
        owners += owner.get() ? 1 : 0;
      }
    } finally {
      threads.shutdown();
    }
    assertThat(owners).isEqualTo(1);
  }

  @Test
  void aNewerFormatOrEncryptionIsRefusedBeforeAnythingElse() {
    store.put("repository.json", json("{'hub':{'new':'form'},'format':2}"));
    assertThatThrownBy(() -> Repository.open(store, "hub-a", CLOCK))
        .isInstanceOf(ForeignRepositoryException.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("update the hub");
    store.put(
        "repository.json",
        json("{'format':1,'hub':'hub-a','created':'2026-01-01T00:00:00Z','encryption':'other'}"));
    assertThatThrownBy(() -> Repository.openReadOnly(store, CLOCK))
        .isInstanceOf(ForeignRepositoryException.class)
        .hasMessageContaining("encrypted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{'format':1}", "{'format':'x'}", "null"})
  void aDamagedHeaderIsNamed(String header) {
    store.put("repository.json", json(header));
    assertThatThrownBy(() -> Repository.open(store, "hub-a", CLOCK))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("repository.json");
  }

  @Test
  void snapshotsWithoutAHeaderAreNotTakenOver() {
    fixture.publish("shop", NOW, rows(0, 5));
    store.delete("repository.json");
    assertThatThrownBy(() -> Repository.open(store, "hub-b", CLOCK))
        .isInstanceOf(ForeignRepositoryException.class)
        .hasMessageContaining("no repository.json");
  }

  @Test
  void anyHubReadsButDoesNotWrite() {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 5));
    Repository foreign = Repository.openReadOnly(store, CLOCK);
    assertThat(foreign.hub()).isEqualTo("hub-a");
    Manifest manifest = foreign.read("shop", id);
    ChunkRef ref = manifest.entries().get(0).chunks().get(0);
    try (ChunkReader reader = foreign.reader(manifest)) {
      assertThat(reader.read(ref).remaining()).isEqualTo(ref.plain());
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> foreign.quarantine(ref.id(), "x"))
        .withMessageContaining("read-only");
    assertThatIllegalStateException()
        .isThrownBy(() -> foreign.recordDrill("shop", id, "d", Map.of()));
    assertThatThrownBy(
            () -> Repository.openReadOnly(FileObjectStore.open(folder.resolve("e"), CLOCK), CLOCK))
        .isInstanceOf(ForeignRepositoryException.class)
        .hasMessageContaining("is not a repository");
  }

  @Test
  void whatIsPublishedIsListedAndReadBack() {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 300));
    assertThat(id.value()).matches("20261120T030000Z-[0-9a-f]{32}");
    assertThat(store.size("snapshots/shop/" + id + "/manifest.json")).isPresent();
    assertThat(repository.sources()).containsExactly("shop");
    assertThat(repository.list("shop"))
        .singleElement()
        .satisfies(
            info -> {
              assertThat(info.id()).isEqualTo(id);
              assertThat(info.takenAt()).isEqualTo("2026-11-20T03:00:00Z");
            });
    Manifest manifest = repository.read("shop", id);
    assertThat(manifest.takenAt()).isEqualTo(NOW);
    assertThat(manifest.totals().rows()).isEqualTo(300);
    assertThat(manifest.entries().get(0).about()).containsEntry("table", "customer");
  }

  @Test
  void whatHasNoManifestDoesNotExist() {
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      write(pipeline, rows(0, 300));
    }
    store.put("snapshots/shop/20261120T030000Z-" + "0".repeat(32) + "/drill/x.json", new byte[2]);
    store.put("snapshots/shop/notes/manifest.json", new byte[2]);
    assertThat(repository.sources()).isEmpty();
    assertThat(repository.list("shop")).isEmpty();
    assertThatThrownBy(() -> repository.resolve("shop", "latest"))
        .isInstanceOf(UnknownSnapshotException.class)
        .hasMessageContaining("shop has no snapshot");
  }

  @Test
  void publishingTwiceIsOneSnapshot() {
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      Manifest manifest = manifest("shop", NOW, List.of(table("t", write(pipeline, rows(0, 5)))));
      assertThat(repository.publish(manifest, pipeline))
          .isEqualTo(repository.publish(manifest, pipeline));
    }
    assertThat(repository.list("shop")).hasSize(1);
  }

  @Test
  void aChunkThatThisRunDidNotStoreIsRefused() {
    List<ChunkRef> refs;
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      refs = write(pipeline, rows(0, 5));
    }
    try (ChunkPipeline other = fixture.pipeline()) {
      Manifest manifest = manifest("shop", NOW, List.of(table("customer", refs)));
      assertThatThrownBy(() -> repository.publish(manifest, other))
          .isInstanceOfSatisfying(
              ManifestRefusedException.class, e -> assertThat(e.mayHeal()).isFalse())
          .hasMessageContaining("customer")
          .hasMessageContaining(refs.get(0).id().hex());
    }
    assertThat(repository.list("shop")).isEmpty();
  }

  @Test
  void aChunkFoundDamagedMeanwhileIsRefused() {
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      List<ChunkRef> refs = write(pipeline, rows(0, 5));
      repository.quarantine(refs.get(0).id(), "a drill of an older snapshot failed");
      Manifest manifest = manifest("shop", NOW, List.of(table("customer", refs)));
      assertThatThrownBy(() -> repository.publish(manifest, pipeline))
          .isInstanceOfSatisfying(
              ManifestRefusedException.class, e -> assertThat(e.mayHeal()).isTrue());
    }
  }

  @Test
  void snapshotsAnswerToLatestAndToTheBeginningOfTheirId() {
    SnapshotId old = fixture.publish("shop", NOW.minusSeconds(86_400), rows(0, 5));
    SnapshotId first = fixture.publish("shop", NOW, rows(0, 6));
    SnapshotId newest = fixture.publish("shop", NOW.plusNanos(1_000_000), rows(0, 7));

    assertThat(repository.resolve("shop", "latest").id()).as("same second").isEqualTo(newest);
    assertThat(repository.resolve("shop", "20261119").id()).isEqualTo(old);
    assertThat(repository.resolve("shop", first.value()).id()).isEqualTo(first);
    assertThat(repository.list("shop")).extracting(SnapshotInfo::id).endsWith(old).hasSize(3);
    assertThatThrownBy(() -> repository.resolve("shop", "20261120T"))
        .isInstanceOf(UnknownSnapshotException.class)
        .hasMessageContaining("2 snapshots of shop");
    for (String text : List.of("", "2025", "../x")) {
      assertThatThrownBy(() -> repository.resolve("shop", text))
          .isInstanceOf(UnknownSnapshotException.class)
          .hasMessageContaining("the newest is");
    }
  }

  @Test
  void drillsAreKeptBesideTheSnapshot() {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 5));
    repository.recordDrill("shop", id, "run-7", Map.of("verified", true, "rows", 5));
    repository.recordDrill("shop", id, "run-8", Map.of("verified", false));
    assertThat(store.size("snapshots/shop/" + id + "/drill/run-7.json")).isPresent();
    assertThat(repository.drills("shop", id)).containsOnlyKeys("run-7", "run-8");
    assertThat(repository.drills("shop", id).get("run-7").get("rows").asInt()).isEqualTo(5);
    assertThat(repository.list("shop")).hasSize(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> repository.recordDrill("shop", id, "../x", Map.of()));
  }

  @Test
  void quarantineIgnoresWhatIsNotAMark() {
    store.put("quarantine/readme", new byte[1]);
    assertThat(repository.quarantined()).isEqualTo(Set.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "A", "a/b", "a.b", "ü", "a b"})
  void sourceNamesAreChecked(String source) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> repository.list(source))
        .withMessageContaining("source name");
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
