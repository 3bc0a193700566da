package routes.backup.postgres.archive;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import routes.jobs.runner.CurrentRun;
import routes.repository.chunks.ChunkReader;
import routes.repository.format.ChunkRef;

/**
 * Reads chunks in order, each verified, one ahead of who uses them: the next one is fetched,
 * decoded and checked while the last one is sent to a server. Two plain chunks are held at most.
 */
public final class ReadAhead implements AutoCloseable {

  private final Deque<ChunkRef> ahead;
  private final ExecutorService pool;
  private final List<ChunkReader> readers;
  private Future<ByteBuffer> next;
  private int turn;

  /**
   * @param reader makes a reader; called twice
   */
  public ReadAhead(List<ChunkRef> chunks, Supplier<ChunkReader> reader) {
    this.ahead = new ArrayDeque<>(chunks);
    this.readers = List.of(reader.get(), reader.get());
    this.pool = Executors.newSingleThreadExecutor(CurrentRun.threads("chunk-read"));
    fetch();
  }

  private void fetch() {
    ChunkRef ref = ahead.poll();
    // The other reader's buffer is still in use.
    ChunkReader reader = readers.get(turn++ % 2);
    next = ref == null ? null : pool.submit(() -> reader.read(ref));
  }

  /**
   * The next chunk, valid until the next call; null after the last.
   *
   * @throws RuntimeException what {@link ChunkReader#read} throws
   */
  public ByteBuffer next() throws InterruptedException {
    if (next == null) {
      return null;
    }
    try {
      ByteBuffer chunk = next.get();
      fetch();
      return chunk;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (CancellationException e) {
      throw new IllegalStateException("closed", e);
    }
  }

  /** Returns at once; a read that is under way ends by itself, before its reader is closed. */
  @Override
  public void close() {
    if (next != null) {
      next.cancel(true);
    }
    pool.execute(() -> readers.forEach(ChunkReader::close));
    pool.shutdown();
  }
}
