package routes.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.repository.RepositoryFixture.joined;
import static routes.repository.RepositoryFixture.rows;
import static routes.repository.RepositoryFixture.settings;
import static routes.repository.RepositoryFixture.write;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.format.ChunkRef;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.store.TestStore;

/** When a chunk is sent and when it is only named. */
@Timeout(20)
class ChunkReuseTest {
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
  void aStoredChunkIsReferencedAndNotSent() {
    List<ChunkRef> first;
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      first = write(pipeline, rows(0, 500));
      assertThat(write(pipeline, rows(0, 500))).as("within the run").isEqualTo(first);
      assertThat(store.takeChunkPuts()).hasSize(first.size());
      assertThat(pipeline.counters().chunks()).isEqualTo(2L * first.size());
      assertThat(pipeline.counters().newChunks()).isEqualTo(first.size());
    }
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      assertThat(write(pipeline, rows(0, 500))).as("in the next run").isEqualTo(first);
      assertThat(store.takeChunkPuts()).isEmpty();
      assertThat(pipeline.counters().newBytes()).isZero();
      assertThat(pipeline.counters().storedBytes())
          .isEqualTo(first.stream().mapToLong(ChunkRef::stored).sum());
      assertThat(first).allSatisfy(ref -> assertThat(pipeline.isStored(ref.id())).isTrue());
    }
  }

  @Test
  void equalChunksOfRacingProducersAreSentOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (ChunkPipeline pipeline = repository.pipeline(settings(4, 8), Optional.empty())) {
      List<Callable<List<ChunkRef>>> producers =
          Collections.nCopies(4, () -> write(pipeline, rows(0, 1000)));
      List<Future<List<ChunkRef>>> written = threads.invokeAll(producers);
      for (Future<List<ChunkRef>> refs : written) {
        assertThat(refs.get()).isEqualTo(written.get(0).get());
      }
      assertThat(store.takeChunkPuts()).doesNotHaveDuplicates();
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aQuarantinedChunkIsSentAgainAndItsMarkGoes() {
    List<ChunkRef> refs;
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      refs = write(pipeline, rows(0, 500));
    }
    ChunkRef bad = refs.get(1);
    damage(bad);
    assertThatThrownBy(() -> fixture.content(refs)).isInstanceOf(CorruptChunkException.class);
    repository.quarantine(bad.id(), "the test flipped a byte");
    assertThat(repository.quarantined()).containsExactly(bad.id());
    store.takeChunkPuts();

    try (ChunkPipeline pipeline = fixture.pipeline()) {
      assertThat(write(pipeline, rows(0, 500))).isEqualTo(refs);
    }
    assertThat(store.takeChunkPuts()).containsExactly(bad.id().key());
    assertThat(repository.quarantined()).isEmpty();
    assertThat(fixture.content(refs)).isEqualTo(joined(rows(0, 500)));
  }

  private void damage(ChunkRef ref) {
    byte[] stored = store.get(ref.id().key(), 1 << 20).orElseThrow();
    stored[stored.length / 2] ^= 1;
    store.put(ref.id().key(), stored);
  }

  @Test
  void aChunkThatWasLostOrCutIsSentAgain() {
    SnapshotId id = fixture.publish("shop", RepositoryFixture.NOW, rows(0, 500));
    Manifest before = repository.read("shop", id);
    List<ChunkRef> refs = before.entries().get(0).chunks();
    store.delete(refs.get(0).id().key());
    byte[] stored = store.get(refs.get(1).id().key(), 1 << 20).orElseThrow();
    store.put(refs.get(1).id().key(), stored, 0, stored.length - 1);
    store.takeChunkPuts();

    try (ChunkPipeline pipeline = repository.pipeline(settings(2, 4), Optional.of(before))) {
      assertThat(write(pipeline, rows(0, 500))).isEqualTo(refs);
    }
    assertThat(store.takeChunkPuts())
        .containsExactlyInAnyOrder(refs.get(0).id().key(), refs.get(1).id().key());
    assertThat(fixture.content(refs)).isEqualTo(joined(rows(0, 500)));
  }
}
