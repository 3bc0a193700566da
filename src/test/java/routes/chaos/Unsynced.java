package routes.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import routes.platform.outbox.RedisFiles;

/**
 * Remembers how long the append-only file was: a process that is killed loses nothing that the
 * kernel has, but with the power goes what was not synced.
 */
final class Unsynced implements AutoCloseable {

  private static final int EVERY_MS = 50;

  private record Seen(long at, Path file, long size) {}

  private final Path folder;
  private final Duration span;
  private final Deque<Seen> seen = new ArrayDeque<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  Unsynced(Path folder, Duration span) {
    this.folder = folder;
    this.span = span;
    clock.scheduleWithFixedDelay(this::look, 0, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  private synchronized void look() {
    Path file = RedisFiles.appended(folder);
    seen.add(new Seen(System.nanoTime(), file, file.toFile().length()));
    while (System.nanoTime() - seen.getFirst().at() > span.toNanos()) {
      seen.removeFirst();
    }
  }

  /**
   * Of a killed server: takes what it wrote in the last span, or since it began a new file.
   *
   * @return bytes
   */
  synchronized long lose() {
    Path file = RedisFiles.appended(folder);
    long size = file.toFile().length();
    long kept =
        seen.stream()
            .filter(one -> one.file().equals(file))
            .mapToLong(Seen::size)
            .findFirst()
            .orElse(size);
    seen.clear();
    RedisFiles.truncate(file, kept);
    return size - kept;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
