package routes.repository;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import routes.repository.chunks.BufferPool;
import routes.repository.chunks.ChunkCodec;
import routes.repository.chunks.ChunkQuarantine;
import routes.repository.chunks.ChunkReader;
import routes.repository.chunks.ChunkSet;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.ChunkSizes;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.ForeignRepositoryException;
import routes.repository.format.Manifest;
import routes.repository.format.MissingChunkException;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotId;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.ObjectStore;
import routes.repository.store.ObjectTooLargeException;

/**
 * Copies snapshots, byte for byte, to a second place, which becomes a repository like the first:
 * same owner, same keys, same ids. Nothing is sealed anew, so no identity is needed. Killed at any
 * point it leaves a place without the snapshot, or with all of it: the manifest is written last.
 *
 * <p>Every chunk is checked on its way when it can be (plain, or an identity is here): damage does
 * not spread.
 */
public final class SnapshotCopy {
  private static final long LONGEST_END_SECONDS = 10;
  private static final int HEADER_LIMIT = 16 << 20;

  /** No sealed chunk of any codec comes near it. */
  private static final int LARGEST = 2 * ChunkSizes.FORMAT_MAX;

  /**
   * What was done.
   *
   * @param there whether the snapshot was there already
   * @param chunks distinct chunks of the snapshot, count
   * @param sent of these, count
   * @param sentBytes of these
   * @param checked whether their content was checked, not only their size
   */
  public record Result(boolean there, int chunks, long sent, long sentBytes, boolean checked) {}

  /** Told on the caller's thread; what it throws ends the copy. */
  public interface Progress {
    /**
     * A chunk is there.
     *
     * @param done stored bytes of the chunks looked at until now
     * @param total of all
     */
    void at(long done, long total);

    /** The last moment before the snapshot exists in the second place. */
    void beforeManifest();

    /** Whether nobody else can have swept the second place since the copy began; asked after it. */
    default boolean isHeld() {
      return true;
    }
  }

  private final Repository repository;
  private final ObjectStore from;
  private final ObjectStore to;
  private final int threads;
  private final ThreadFactory factory;

  /** Chunks of the second place that were found damaged or missing there: to be sent again. */
  private Set<ChunkId> marked = Set.of();

  /** Chunks that a sweep there may delete late: sent again, they are other objects. */
  private ChunkSet sweptSoon = new ChunkSet();

  SnapshotCopy(
      Repository repository, ObjectStore from, ObjectStore to, int threads, ThreadFactory factory) {
    this.repository = repository;
    this.from = from;
    this.to = to;
    this.threads = threads;
    this.factory = factory;
  }

  /**
   * Copies one snapshot with the results of its drills and its holds.
   *
   * @throws ForeignRepositoryException when the second place is a repository of its own
   * @throws CorruptChunkException when a chunk is damaged where it comes from
   * @throws MissingChunkException when a chunk is not there
   */
  public Result copy(String source, SnapshotId id, Progress progress) throws InterruptedException {
    Manifest manifest = repository.read(source, id);
    claim();
    Optional<byte[]> bytes = from.get(id.manifestKey(source), Snapshots.MANIFEST_LIMIT);
    if (bytes.isEmpty()) {
      throw new UnknownSnapshotException("snapshot " + id + " of " + source + " was just removed");
    }
    marked = ChunkQuarantine.list(to);
    sweptSoon = MarkList.marked(to);
    boolean sound = distinct(manifest).keySet().stream().noneMatch(marked::contains);
    if (sound && isThere(source, id, bytes.get())) {
      copyRecords(source, id);
      return new Result(true, distinct(manifest).size(), 0, 0, false);
    }
    Result result = copyChunks(manifest, progress);
    copyKeysAndHeader();
    progress.beforeManifest();
    // What is under that name and is not this, whose hash the name holds, is damaged.
    if (!to.create(id.manifestKey(source), bytes.get()) && !isThere(source, id, bytes.get())) {
      to.put(id.manifestKey(source), bytes.get());
    }
    if (!progress.isHeld()) {
      requireChunks(manifest, source, id);
    }
    copyRecords(source, id);
    return result;
  }

  /** As {@link Repository#confirm} does: this run stood still, and a sweep may have passed it. */
  private void requireChunks(Manifest manifest, String source, SnapshotId id) {
    for (ChunkId chunk : distinct(manifest).keySet()) {
      if (to.size(chunk.key()).isEmpty()) {
        to.delete(id.manifestKey(source));
        throw new ManifestRefusedException(
            ("the copy of snapshot %s was withdrawn: while this run stood still, chunk %s was "
                    + "swept there; the next attempt sends it again")
                .formatted(id, chunk),
            true);
      }
    }
  }

  /** Whether the second place has the snapshot. */
  public boolean isThere(String source, SnapshotId id) {
    return to.size(id.manifestKey(source)).isPresent();
  }

  /** The second place is ours, or becomes so. */
  private void claim() {
    byte[] ours = header(from).orElseThrow();
    if (to.create(RepositoryHeader.KEY, ours)) {
      return;
    }
    RepositoryHeader mine = RepositoryHeader.parse(ours);
    RepositoryHeader theirs = RepositoryHeader.parse(header(to).orElseThrow());
    if (!mine.hub().equals(theirs.hub()) || !mine.created().equals(theirs.created())) {
      throw new ForeignRepositoryException(
          "%s is a repository of its own, of hub %s since %s: copy to an empty prefix"
              .formatted(to.describe(), theirs.hub(), theirs.created()));
    }
  }

  private static Optional<byte[]> header(ObjectStore store) {
    return store.get(RepositoryHeader.KEY, HEADER_LIMIT);
  }

  private boolean isThere(String source, SnapshotId id, byte[] manifest) {
    return to.get(id.manifestKey(source), Snapshots.MANIFEST_LIMIT)
        .filter(found -> Arrays.equals(found, manifest))
        .isPresent();
  }

  private static Map<ChunkId, ChunkRef> distinct(Manifest manifest) {
    Map<ChunkId, ChunkRef> refs = new LinkedHashMap<>();
    manifest
        .entries()
        .forEach(entry -> entry.chunks().forEach(ref -> refs.putIfAbsent(ref.id(), ref)));
    return refs;
  }

  private Result copyChunks(Manifest manifest, Progress progress) throws InterruptedException {
    Map<ChunkId, ChunkRef> refs = distinct(manifest);
    boolean check = repository.isOpenable(manifest);
    AtomicLong sent = new AtomicLong();
    AtomicLong sentBytes = new AtomicLong();
    Map<Thread, ChunkReader> readers = new ConcurrentHashMap<>();
    Supplier<ChunkReader> reader =
        () -> readers.computeIfAbsent(Thread.currentThread(), me -> repository.reader(manifest));
    ExecutorService pool = Executors.newFixedThreadPool(threads, factory);
    try {
      ExecutorCompletionService<Integer> done = new ExecutorCompletionService<>(pool);
      for (ChunkRef ref : refs.values()) {
        done.submit(
            () -> {
              if (!isThere(ref.id())) {
                sent.incrementAndGet();
                sentBytes.addAndGet(check ? copyChecked(ref, reader.get()) : copyUnseen(ref));
              }
              return ref.stored();
            });
      }
      long total = refs.values().stream().mapToLong(ChunkRef::stored).sum();
      long bytes = 0;
      for (int i = 0; i < refs.size(); i++) {
        bytes += done.take().get();
        progress.at(bytes, total);
      }
      return new Result(false, refs.size(), sent.get(), sentBytes.get(), check);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RepositoryException same) {
        throw same;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
      if (pool.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
        readers.values().forEach(ChunkReader::close);
      }
    }
  }

  /** Bytes sent. */
  private int copyChecked(ChunkRef ref, ChunkReader reader) {
    ChunkCodec.Sealed stored = reader.readSealed(ref);
    return send(ref.id(), stored.bytes(), stored.length());
  }

  private int copyUnseen(ChunkRef ref) {
    String key = ref.id().key();
    long size = from.size(key).orElseThrow(() -> new MissingChunkException(ref.id(), key));
    if (size > LARGEST) {
      throw new ObjectTooLargeException(key, size, LARGEST);
    }
    byte[] stored = BufferPool.SHARED.take((int) size);
    int length = from.read(key, stored).orElseThrow(() -> new MissingChunkException(ref.id(), key));
    int sent = send(ref.id(), stored, length);
    BufferPool.SHARED.give(stored);
    return sent;
  }

  private int send(ChunkId id, byte[] stored, int length) {
    to.put(id.key(), stored, 0, length);
    // Only now: killed in between, the mark stays, and the chunk is merely sent once more.
    if (marked.contains(id)) {
      to.delete(ChunkQuarantine.key(id));
    }
    return length;
  }

  /** In the size it has here: a chunk has one content, whoever sent it. */
  private boolean isThere(ChunkId id) {
    OptionalLong there = to.size(id.key());
    return there.isPresent()
        && there.equals(from.size(id.key()))
        && !marked.contains(id)
        && !sweptSoon.contains(id);
  }

  private void copyKeysAndHeader() {
    for (String key : from.list(KeyFiles.PREFIX).map(ObjectStore.Info::key).toList()) {
      copyObject(key);
    }
    copyObject(RepositoryHeader.KEY);
  }

  private void copyRecords(String source, SnapshotId id) {
    String manifest = id.manifestKey(source);
    String here = id.folder(source) + Records.HERE;
    List<String> keys =
        from.list(id.folder(source))
            .map(ObjectStore.Info::key)
            .filter(key -> !key.equals(manifest) && !key.startsWith(here))
            .toList();
    keys.forEach(this::copyObject);
    // A hold that was released ends there, too: else retention never passes it.
    to.list(Holds.folder(source, id))
        .map(ObjectStore.Info::key)
        .filter(key -> !keys.contains(key))
        .toList()
        .forEach(to::delete);
  }

  private void copyObject(String key) {
    from.get(key, HEADER_LIMIT)
        .filter(
            bytes -> !to.get(key, HEADER_LIMIT).filter(b -> Arrays.equals(b, bytes)).isPresent())
        .ifPresent(bytes -> to.put(key, bytes));
  }
}
