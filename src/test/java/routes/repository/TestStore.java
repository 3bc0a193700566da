package routes.repository;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A real store that tells what is asked of it, and before each write lets a test hold or fail it.
 */
final class TestStore implements ObjectStore {
  private final ObjectStore real;
  final List<String> puts = new CopyOnWriteArrayList<>();
  volatile Consumer<String> beforePut = key -> {};

  TestStore(ObjectStore real) {
    this.real = real;
  }

  /** Keys of chunks sent since the last call. */
  List<String> takeChunkPuts() {
    List<String> taken = puts.stream().filter(key -> key.startsWith("chunks/")).toList();
    puts.clear();
    return taken;
  }

  @Override
  public void put(String key, byte[] bytes, int offset, int length) {
    beforePut.accept(key);
    real.put(key, bytes, offset, length);
    puts.add(key);
  }

  @Override
  public boolean create(String key, byte[] bytes) {
    return real.create(key, bytes);
  }

  @Override
  public Optional<byte[]> get(String key, int limit) {
    return real.get(key, limit);
  }

  @Override
  public OptionalLong size(String key) {
    return real.size(key);
  }

  @Override
  public Stream<Info> list(String prefix) {
    return real.list(prefix);
  }

  @Override
  public void delete(String key) {
    real.delete(key);
  }

  @Override
  public String describe() {
    return real.describe();
  }
}
