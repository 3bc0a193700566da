package routes.repository.chunks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.ChunkSizes;
import routes.repository.store.RateLimiter;

/**
 * Hashes, compresses and stores the chunks of one run on a few threads while its producers read on.
 * Shared by all producers of the run; every method may be called from any thread.
 *
 * <p>Memory is bounded whatever the number of producers: {@code buffers × max} plain bytes, plus
 * per upload thread one sealed chunk (about {@code max}; with encryption two) and zstd's own state
 * (about 1 MiB at level 1). A producer that finds no free buffer waits: that is the back-pressure.
 * A producer holds at most the one buffer it is filling and takes it with its first byte, so any
 * number of producers makes progress with one buffer.
 *
 * <p>The first failure stops everything: waiting producers are woken and each further call throws
 * {@link PipelineStoppedException} with that failure as its cause.
 */
public final class ChunkPipeline implements AutoCloseable {

  /**
   * How much a pipeline may use.
   *
   * @param uploads threads that hash, compress and store, ≥ 1
   * @param buffers chunks in memory at once, those being filled included, ≥ 1; fewer than uploads +
   *     producers leave threads idle
   * @param sizes where chunks are cut
   * @param threads makes the upload threads, so a caller can hand its trace context on
   * @param rate of stored bytes that are sent, all threads together
   */
  public record Settings(
      int uploads, int buffers, ChunkSizes sizes, ThreadFactory threads, RateLimiter rate) {

    /** Without a limit to the rate. */
    public Settings(int uploads, int buffers, ChunkSizes sizes, ThreadFactory threads) {
      this(uploads, buffers, sizes, threads, RateLimiter.NONE);
    }

    public Settings {
      if (uploads < 1 || buffers < 1) {
        throw new IllegalArgumentException("a pipeline needs ≥ 1 upload thread and ≥ 1 buffer");
      }
    }

    /** Default chunk sizes and daemon threads; one buffer per thread of either side. */
    public static Settings of(int uploads, int producers) {
      return new Settings(uploads, uploads + producers, ChunkSizes.DEFAULT, ChunkPipeline::daemon);
    }
  }

  /**
   * What has been stored until now.
   *
   * @param rows rows ended in stored chunks
   * @param plainBytes bytes before compression
   * @param storedBytes sizes of the objects; a chunk met twice counts twice
   * @param newBytes of these, what was sent in this run
   * @param chunks chunks met
   * @param newChunks of these, sent in this run
   */
  public record Counters(
      long rows, long plainBytes, long storedBytes, long newBytes, long chunks, long newChunks) {

    Counters plus(ChunkRef ref, boolean fresh) {
      return new Counters(
          rows + ref.rows(),
          plainBytes + ref.plain(),
          storedBytes + ref.stored(),
          newBytes + (fresh ? ref.stored() : 0),
          chunks + 1,
          newChunks + (fresh ? 1 : 0));
    }
  }

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private record Task(ChunkWriter writer, int index, byte[] buffer, int length, long rows) {}

  private final Settings settings;
  private final ChunkUploads uploads;
  private final Supplier<ChunkCodec> codecs;
  private final List<Thread> threads = new ArrayList<>();

  // Guarded by this. One monitor for all: a chunk passes it four times, some hundred per second.
  private final Deque<byte[]> free = new ArrayDeque<>();
  private final Deque<Task> queue = new ArrayDeque<>();
  private int allocated;
  private Counters counters = new Counters(0, 0, 0, 0, 0, 0);
  private Throwable stopped;

  public ChunkPipeline(ChunkUploads uploads, Supplier<ChunkCodec> codecs, Settings settings) {
    this.uploads = uploads;
    this.codecs = codecs;
    this.settings = settings;
    for (int i = 0; i < settings.uploads(); i++) {
      threads.add(settings.threads().newThread(this::upload));
    }
    threads.forEach(Thread::start);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "chunk-upload");
    thread.setDaemon(true);
    return thread;
  }

  /** A writer for one entry. */
  public ChunkWriter writer() {
    return new ChunkWriter(this, settings.sizes());
  }

  public synchronized Counters counters() {
    return counters;
  }

  /** Whether this run has seen the chunk in the store or put it there. */
  public boolean isStored(ChunkId id) {
    return uploads.isStored(id);
  }

  /** Chunks that this run sent although they lay there, since a sweep had marked them. */
  public Set<ChunkId> sentThoughMarked() {
    return uploads.sentThoughMarked();
  }

  /**
   * Stops all work at once, from any thread; returns without waiting. The first call counts.
   *
   * @param why becomes the cause of what producers see
   */
  public synchronized void abort(Throwable why) {
    if (stopped == null) {
      stopped = why;
      queue.clear();
      threads.forEach(Thread::interrupt);
      notifyAll();
    }
  }

  /**
   * Stops what is still under way and waits for the upload threads to end, a second at most: a
   * request that hangs in a socket cannot be interrupted. What such a thread still stores is a
   * sound chunk that nothing names.
   */
  @Override
  public void close() {
    abort(new IllegalStateException("the pipeline was closed"));
    long deadline = System.nanoTime() + CLOSE_WAIT.toNanos();
    try {
      for (Thread thread : threads) {
        TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
      }
      forget();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a thread that hangs still reads is not among them: it never came back. */
  private synchronized void forget() {
    free.forEach(BufferPool.SHARED::give);
    free.clear();
  }

  synchronized byte[] takeBuffer() {
    while (true) {
      checkRunning();
      if (!free.isEmpty()) {
        return free.pop();
      }
      if (allocated < settings.buffers()) {
        allocated++;
        return BufferPool.SHARED.take(settings.sizes().max());
      }
      pause();
    }
  }

  synchronized void giveBack(byte[] buffer) {
    free.push(buffer);
    notifyAll();
  }

  synchronized void submit(ChunkWriter writer, byte[] buffer, int length, long rows) {
    checkRunning();
    queue.add(new Task(writer, writer.nextIndex(), buffer, length, rows));
    notifyAll();
  }

  synchronized List<ChunkRef> await(ChunkWriter writer) {
    checkRunning();
    while (writer.isPending()) {
      pause();
      checkRunning();
    }
    return writer.refs();
  }

  private void upload() {
    try (ChunkCodec codec = codecs.get()) {
      for (Task task = next(); task != null; task = next()) {
        ChunkUploads.Stored stored = uploads.store(codec, task.buffer(), task.length());
        done(task, stored);
      }
    } catch (Throwable e) { // an Error here must reach the producers too, or they wait for ever
      abort(e);
    }
  }

  private synchronized Task next() throws InterruptedException {
    while (stopped == null && queue.isEmpty()) {
      wait();
    }
    return stopped == null ? queue.poll() : null;
  }

  private synchronized void done(Task task, ChunkUploads.Stored stored) {
    ChunkRef ref = new ChunkRef(stored.id(), task.rows(), task.length(), stored.size());
    counters = counters.plus(ref, stored.fresh());
    task.writer().stored(task.index(), ref);
    giveBack(task.buffer());
  }

  private void checkRunning() {
    if (stopped != null) {
      // A new exception for each producer: one object thrown on two threads cannot be suppressed.
      throw new PipelineStoppedException("backup stream stopped: " + stopped.getMessage(), stopped);
    }
  }

  private void pause() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineStoppedException("interrupted while waiting for an upload", e);
    }
  }
}
