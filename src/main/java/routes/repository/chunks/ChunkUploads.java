package routes.repository.chunks;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import routes.repository.format.ChunkId;
import routes.repository.format.RepositoryException;
import routes.repository.store.ObjectStore;
import routes.repository.store.RateLimiter;

/**
 * Brings the chunks of one run into the store, each at most once. A chunk that is there already is
 * not sent, unless there is a reason to distrust it: it is quarantined, its size is not the one of
 * the manifest before, no sealed chunk of its content could be that large, or a sweep marked it and
 * may be about to delete it.
 *
 * <p>Each chunk costs one size request, also one that the manifest before names: a chunk that was
 * lost since is thereby healed instead of being referenced.
 */
public final class ChunkUploads {

  /**
   * A chunk that lies in the store.
   *
   * @param size of the object, bytes
   * @param fresh whether this call sent it
   */
  record Stored(ChunkId id, int size, boolean fresh) {}

  private final ObjectStore store;
  private final Map<ChunkId, Integer> expected;
  private final Set<ChunkId> quarantined;
  private final ChunkSet marked;
  private final Set<ChunkId> sentThoughMarked = ConcurrentHashMap.newKeySet();
  private final RateLimiter rate;
  private final Map<ChunkId, CompletableFuture<Integer>> known = new ConcurrentHashMap<>();

  /**
   * @param expected stored sizes as the manifest before has them
   * @param quarantined chunks not to be reused
   * @param marked chunks that a sweep means to delete; a chance hit only sends one more
   * @param rate of stored bytes that are sent
   */
  public ChunkUploads(
      ObjectStore store,
      Map<ChunkId, Integer> expected,
      Set<ChunkId> quarantined,
      ChunkSet marked,
      RateLimiter rate) {
    this.store = store;
    this.expected = expected;
    this.quarantined = quarantined;
    this.marked = marked;
    this.rate = rate;
  }

  Stored store(ChunkCodec codec, byte[] plain, int length) throws InterruptedException {
    ChunkId id = codec.id(plain, 0, length);
    CompletableFuture<Integer> mine = new CompletableFuture<>();
    CompletableFuture<Integer> first = known.putIfAbsent(id, mine);
    if (first != null) {
      return new Stored(id, await(first), false);
    }
    try {
      OptionalLong present = store.size(id.key());
      boolean reuse = present.isPresent() && trusted(id, present.getAsLong(), codec, length);
      int size = reuse ? Math.toIntExact(present.getAsLong()) : send(id, codec, plain, length);
      mine.complete(size);
      return new Stored(id, size, !reuse);
    } catch (Throwable e) { // whoever waits for this chunk must wake with the same reason
      mine.completeExceptionally(e);
      throw e;
    }
  }

  boolean isStored(ChunkId id) {
    CompletableFuture<Integer> state = known.get(id);
    return state != null && state.isDone() && !state.isCompletedExceptionally();
  }

  /** What a sweep that does not know its lease is lost might delete still. */
  Set<ChunkId> sentThoughMarked() {
    return Set.copyOf(sentThoughMarked);
  }

  private boolean trusted(ChunkId id, long size, ChunkCodec codec, int length) {
    Integer before = expected.get(id);
    return !quarantined.contains(id)
        && !marked.contains(id)
        && (before == null || before == size)
        && size > 0
        && size <= codec.maxStored(length);
  }

  private int send(ChunkId id, ChunkCodec codec, byte[] plain, int length)
      throws InterruptedException {
    ChunkCodec.Sealed sealed = codec.seal(plain, 0, length);
    rate.take(sealed.length());
    store.put(id.key(), sealed.bytes(), 0, sealed.length());
    if (marked.contains(id)) {
      sentThoughMarked.add(id);
    }
    // Only now: a crash in between leaves the marker, and the chunk is merely sent once more.
    if (quarantined.contains(id)) {
      store.delete(ChunkQuarantine.key(id));
    }
    return sealed.length();
  }

  private static int await(CompletableFuture<Integer> first) throws InterruptedException {
    try {
      return first.get();
    } catch (ExecutionException e) {
      // As it was: whichever thread reports first, a retry is decided on the same exception.
      if (e.getCause() instanceof RepositoryException same) {
        throw same;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
