package routes.repository.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.repository.RepositoryFixture.SIZES;
import static routes.repository.RepositoryFixture.joined;
import static routes.repository.RepositoryFixture.row;
import static routes.repository.RepositoryFixture.rows;
import static routes.repository.RepositoryFixture.settings;
import static routes.repository.RepositoryFixture.write;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.Repository;
import routes.repository.RepositoryFixture;
import routes.repository.format.ChunkRef;
import routes.repository.store.StoreUnavailableException;
import routes.repository.store.TestStore;

@Timeout(20)
class ChunkPipelineTest {
  @TempDir Path folder;
  private RepositoryFixture fixture;
  private Repository repository;
  private TestStore store;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void open() {
    fixture = new RepositoryFixture(folder);
    repository = fixture.repository;
    store = fixture.store;
  }

  @AfterEach
  void end() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    // A pipeline does not wait for a request that hangs; the folder that it writes to must.
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals(RepositoryFixture.UPLOADS)) {
        thread.join(5_000);
      }
    }
  }

  @Test
  void manyProducersOnFewBuffersGetTheirOwnChunksInOrder() throws Exception {
    try (ChunkPipeline pipeline = repository.pipeline(settings(3, 2), Optional.empty())) {
      List<Callable<List<ChunkRef>>> producers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int from = i * 100_000;
        producers.add(() -> write(pipeline, rows(from, from + 2000)));
      }
      List<Future<List<ChunkRef>>> written = threads.invokeAll(producers);
      for (int i = 0; i < 8; i++) {
        List<ChunkRef> refs = written.get(i).get();
        assertThat(fixture.content(refs)).isEqualTo(joined(rows(i * 100_000, i * 100_000 + 2000)));
        assertThat(refs.stream().mapToLong(ChunkRef::rows).sum()).isEqualTo(2000);
      }
      assertThat(pipeline.counters().rows()).isEqualTo(16_000);
      assertThat(pipeline.counters().newChunks()).isEqualTo(pipeline.counters().chunks());
    }
  }

  @Test
  void aWriterOfNothingHasNoChunks() {
    try (ChunkPipeline pipeline = fixture.pipeline();
        ChunkWriter writer = pipeline.writer()) {
      assertThat(writer.finish()).isEmpty();
      assertThat(pipeline.counters()).isEqualTo(new ChunkPipeline.Counters(0, 0, 0, 0, 0, 0));
    }
  }

  @Test
  void producersWaitWhileAllBuffersAreInUse() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger rowsTaken = new AtomicInteger();
    store.beforePut = key -> await(gate);
    try (ChunkPipeline pipeline = repository.pipeline(settings(1, 3), Optional.empty())) {
      Future<List<ChunkRef>> producer =
          threads.submit(
              () -> {
                Thread.currentThread().setName("waiting-producer");
                try (ChunkWriter writer = pipeline.writer()) {
                  for (int i = 0; i < 5000; i++) {
                    writer.row(row(i));
                    rowsTaken.incrementAndGet();
                  }
                  return writer.finish();
                }
              });
      awaitWaiting("waiting-producer");
      assertThat(rowsTaken.get() * row(0).length).isLessThan(3 * SIZES.max());
      gate.countDown();
      assertThat(fixture.content(producer.get())).isEqualTo(joined(rows(0, 5000)));
    }
  }

  @Test
  void theFirstFailureStopsEveryProducer() throws Exception {
    AtomicInteger left = new AtomicInteger(5);
    store.beforePut =
        key -> {
          if (left.getAndDecrement() <= 0) {
            throw new StoreUnavailableException("the disk is full", null);
          }
        };
    try (ChunkPipeline pipeline = repository.pipeline(settings(2, 4), Optional.empty())) {
      List<Callable<List<ChunkRef>>> producers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int from = i * 100_000;
        producers.add(() -> write(pipeline, rows(from, from + 20_000)));
      }
      for (Future<List<ChunkRef>> result : threads.invokeAll(producers)) {
        assertThatThrownBy(result::get)
            .cause()
            .isInstanceOfSatisfying(
                PipelineStoppedException.class, e -> assertThat(e.mayHeal()).isTrue())
            .hasMessageContaining("the disk is full");
      }
      assertThatThrownBy(() -> write(pipeline, rows(0, 1)))
          .isInstanceOf(PipelineStoppedException.class);
    }
  }

  @Test
  void anErrorInAnUploadThreadReachesTheProducer() {
    store.beforePut =
        key -> {
          throw new OutOfMemoryError("as if");
        };
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      assertThatThrownBy(() -> write(pipeline, rows(0, 5000)))
          .isInstanceOf(PipelineStoppedException.class)
          .hasRootCauseInstanceOf(OutOfMemoryError.class);
    }
  }

  @Test
  void abortFreesProducersAndUploadsAtOnce() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger uploading = new AtomicInteger();
    store.beforePut =
        key -> {
          uploading.incrementAndGet();
          await(never);
        };
    ChunkPipeline pipeline = repository.pipeline(settings(2, 3), Optional.empty());
    Future<List<ChunkRef>> filling = threads.submit(() -> write(pipeline, rows(0, 50_000)));
    Future<List<ChunkRef>> finishing = threads.submit(() -> write(pipeline, rows(0, 1)));
    Awaitility.await().until(() -> uploading.get() == 2);

    pipeline.abort(new IllegalStateException("cancelled by ada"));
    for (Future<List<ChunkRef>> producer : List.of(filling, finishing)) {
      assertThatThrownBy(() -> producer.get(2, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(PipelineStoppedException.class)
          .hasMessageContaining("cancelled by ada");
    }
    pipeline.close();
    assertThat(liveUploads()).isZero();
    assertThat(store.takeChunkPuts()).isEmpty();
  }

  @Test
  void closeDoesNotWaitForARequestThatHangs() throws Exception {
    CountDownLatch socket = new CountDownLatch(1);
    CountDownLatch inPut = new CountDownLatch(1);
    store.beforePut =
        key -> {
          inPut.countDown();
          awaitUninterruptibly(socket);
        };
    ChunkPipeline pipeline = repository.pipeline(settings(1, 3), Optional.empty());
    try {
      Future<List<ChunkRef>> producer = threads.submit(() -> write(pipeline, rows(0, 5000)));
      assertThat(inPut.await(5, TimeUnit.SECONDS)).isTrue();
      pipeline.close();
      assertThatThrownBy(producer::get).hasCauseInstanceOf(PipelineStoppedException.class);
    } finally {
      socket.countDown();
    }
  }

  @Test
  void anInterruptedProducerStops() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    store.beforePut = key -> await(never);
    try (ChunkPipeline pipeline = repository.pipeline(settings(1, 2), Optional.empty())) {
      Future<Boolean> producer =
          threads.submit(
              () -> {
                Thread.currentThread().setName("to-be-interrupted");
                assertThatThrownBy(() -> write(pipeline, rows(0, 50_000)))
                    .isInstanceOf(PipelineStoppedException.class);
                return Thread.currentThread().isInterrupted();
              });
      awaitWaiting("to-be-interrupted");
      threads.shutdownNow();
      assertThat(producer.get()).as("the interrupt is not swallowed").isTrue();
    }
  }

  @Test
  void aWriterClosedHalfWayGivesItsBufferBack() {
    try (ChunkPipeline pipeline = repository.pipeline(settings(1, 1), Optional.empty())) {
      try (ChunkWriter forgotten = pipeline.writer()) {
        forgotten.row(row(1));
      }
      assertThat(fixture.content(write(pipeline, rows(0, 10)))).isEqualTo(joined(rows(0, 10)));
    }
  }

  @Test
  void bytesWithoutRowsPassToo() throws IOException {
    byte[] archive = joined(rows(0, 1000));
    try (ChunkPipeline pipeline = fixture.pipeline();
        ChunkWriter writer = pipeline.writer()) {
      writer.bytes(new ByteArrayInputStream(archive));
      List<ChunkRef> refs = writer.finish();
      assertThat(fixture.content(refs)).isEqualTo(archive);
      assertThat(refs).allSatisfy(ref -> assertThat(ref.rows()).isZero());
    }
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new StoreUnavailableException("interrupted", e);
    }
  }

  /** Like a blocking socket: an interrupt changes nothing. */
  private static void awaitUninterruptibly(CountDownLatch gate) {
    while (gate.getCount() > 0) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        assertThat(gate.getCount()).isPositive();
      }
    }
  }

  private static void awaitWaiting(String thread) {
    Awaitility.await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(
                        t -> t.getName().equals(thread) && t.getState() == Thread.State.WAITING));
  }

  private static long liveUploads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("test-upload"))
        .count();
  }
}
