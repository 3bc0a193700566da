package routes.messaging.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The append-only file of a Redis that was killed. A killed process loses nothing that the kernel
 * has; a machine that loses power loses what was not synced, which is what {@link #cut} does.
 */
public final class RedisFiles {

  private RedisFiles() {}

  /** The file that a server under {@code folder} appends to. */
  public static Path appended(Path folder) {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".aof"))
          .filter(file -> !file.toString().endsWith(".base.aof"))
          .reduce((one, other) -> modified(one) > modified(other) ? one : other)
          .orElseThrow();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }

  /** Takes so many bytes from the end. */
  public static void cut(Path folder, long bytes) {
    Path file = appended(folder);
    truncate(file, Math.max(0, file.toFile().length() - bytes));
  }

  /** Leaves so many bytes, if there are more. */
  public static void truncate(Path file, long size) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
