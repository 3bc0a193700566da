package routes.repository.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A real store that tells what is asked of it, and lets a test hold or fail it before. Its clock
 * ticks with each write: a folder's may be too coarse to tell two writes apart.
 */
public final class TestStore implements ObjectStore {
  private final ObjectStore real;
  final List<String> puts = new CopyOnWriteArrayList<>();
  public volatile Consumer<String> beforePut = key -> {};

  /** Told of everything that is asked, as {@code put <key>}, {@code delete <key>}, … */
  public volatile Consumer<String> before = what -> {};

  private final Map<String, Long> written = new ConcurrentHashMap<>();
  private final AtomicLong ticks = new AtomicLong();

  public TestStore(ObjectStore real) {
    this.real = real;
  }

  /** Keys of chunks sent since the last call. */
  public List<String> takeChunkPuts() {
    List<String> taken = puts.stream().filter(key -> key.startsWith("chunks/")).toList();
    puts.clear();
    return taken;
  }

  @Override
  public void put(String key, byte[] bytes, int offset, int length) {
    before.accept("put " + key);
    beforePut.accept(key);
    real.put(key, bytes, offset, length);
    written.put(key, ticks.incrementAndGet());
    puts.add(key);
  }

  @Override
  public boolean create(String key, byte[] bytes) {
    before.accept("create " + key);
    boolean created = real.create(key, bytes);
    if (created) {
      written.put(key, ticks.incrementAndGet());
    }
    return created;
  }

  @Override
  public Optional<byte[]> get(String key, int limit) {
    before.accept("get " + key);
    return real.get(key, limit);
  }

  @Override
  public OptionalInt read(String key, byte[] into) {
    before.accept("get " + key);
    return real.read(key, into);
  }

  @Override
  public OptionalLong size(String key) {
    before.accept("size " + key);
    return real.size(key);
  }

  @Override
  public Stream<Info> list(String prefix) {
    before.accept("list " + prefix);
    return real.list(prefix).map(this::ticked);
  }

  @Override
  public void delete(String key) {
    before.accept("delete " + key);
    real.delete(key);
  }

  private Info ticked(Info info) {
    long tick = written.getOrDefault(info.key(), 0L);
    return new Info(info.key(), info.size(), Instant.EPOCH.plusSeconds(tick));
  }

  @Override
  public String describe() {
    return real.describe();
  }
}
