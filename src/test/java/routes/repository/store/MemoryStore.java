package routes.repository.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** For tests of what happens between requests: no disk to wait for. */
public final class MemoryStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public void put(String key, byte[] bytes, int offset, int length) {
    objects.put(ObjectKeys.check(key), Arrays.copyOfRange(bytes, offset, offset + length));
  }

  @Override
  public boolean create(String key, byte[] bytes) {
    return objects.putIfAbsent(ObjectKeys.check(key), bytes.clone()) == null;
  }

  @Override
  public Optional<byte[]> get(String key, int limit) {
    return Optional.ofNullable(objects.get(key)).map(byte[]::clone);
  }

  @Override
  public OptionalInt read(String key, byte[] into) {
    byte[] there = objects.get(key);
    if (there == null) {
      return OptionalInt.empty();
    }
    System.arraycopy(there, 0, into, 0, there.length);
    return OptionalInt.of(there.length);
  }

  @Override
  public OptionalLong size(String key) {
    byte[] there = objects.get(key);
    return there == null ? OptionalLong.empty() : OptionalLong.of(there.length);
  }

  @Override
  public Stream<Info> list(String prefix) {
    return objects.entrySet().stream()
        .filter(object -> object.getKey().startsWith(prefix))
        .map(object -> new Info(object.getKey(), object.getValue().length, Instant.EPOCH));
  }

  @Override
  public void delete(String key) {
    objects.remove(key);
  }

  @Override
  public String describe() {
    return "memory";
  }
}
