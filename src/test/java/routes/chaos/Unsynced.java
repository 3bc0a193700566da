package routes.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import routes.messaging.outbox.RedisFiles;

/**
 * Remembers how long the append-only file was: a process that is killed loses nothing that the
 * kernel has, but with the power goes what was not synced.
 */
final class Unsynced implements AutoCloseable {

  private static final int EVERY_MS = 50;

  /** A file as it was; a rewrite puts a smaller one in its place, of the same name. */
  private record Seen(long at, Object file, long size) {

    static Seen of(Path path) {
      try {
        BasicFileAttributes read = Files.readAttributes(path, BasicFileAttributes.class);
        return new Seen(System.nanoTime(), path + " " + read.fileKey(), read.size());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

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
    try {
      seen.add(Seen.of(RedisFiles.appended(folder)));
    } catch (UncheckedIOException e) {
      return; // renamed while it was looked at: the next look, soon, finds it
    }
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
    Seen now = Seen.of(file);
    long kept =
        seen.stream()
            .filter(one -> one.file().equals(now.file()))
            .mapToLong(Seen::size)
            .findFirst()
            .orElse(now.size());
    seen.clear();
    RedisFiles.truncate(file, kept);
    return now.size() - kept;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
