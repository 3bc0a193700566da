package routes.notify.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Secrets in a file, one a line, read anew when the file changes. What it held before is kept for a
 * while beside what it holds now, so that neither side of a rotation need hurry.
 */
final class SecretFile {

  private static final int MOST_BYTES = 8_192;
  private static final int MOST_LINES = 5;

  private final String key;
  private final Path path;
  private final Consumer<String> check;
  private final Duration rotation;
  private final Clock clock;

  private Object seen;
  private List<String> now = List.of();
  private final Map<String, Instant> before = new LinkedHashMap<>();

  /**
   * @param key that is named when the file cannot be read
   * @param check throws for what is no such secret
   * @param rotation how long a secret that is no longer in the file is still told
   */
  SecretFile(String key, Path path, Consumer<String> check, Duration rotation, Clock clock) {
    this.key = key;
    this.path = path;
    this.check = check;
    this.rotation = rotation;
    this.clock = clock;
  }

  /** The first of the file's lines, as it is now. */
  synchronized String first() {
    refresh();
    return now.get(0);
  }

  /** The file's lines, newest first, and those that it held until a while ago. */
  synchronized List<String> all() {
    refresh();
    Instant at = clock.instant();
    before.values().removeIf(gone -> gone.plus(rotation).isBefore(at));
    List<String> all = new ArrayList<>(now);
    before.keySet().stream().filter(old -> !all.contains(old)).forEach(all::add);
    return all;
  }

  /**
   * @throws IllegalStateException when the file cannot be read or holds no such secret: it may be
   *     half written, so the next attempt looks again
   */
  private void refresh() {
    try {
      BasicFileAttributes about = Files.readAttributes(path, BasicFileAttributes.class);
      Object looks =
          List.of(about.lastModifiedTime(), about.size(), String.valueOf(about.fileKey()));
      if (looks.equals(seen)) {
        return;
      }
      List<String> read = read(about.size());
      Instant at = clock.instant();
      now.stream().filter(old -> !read.contains(old)).forEach(old -> before.put(old, at));
      read.forEach(before::remove);
      now = read;
      seen = looks;
    } catch (IOException e) {
      throw new IllegalStateException(key + ": " + path + " cannot be read", e);
    }
  }

  private List<String> read(long size) throws IOException {
    if (size > MOST_BYTES) {
      throw new IllegalStateException(key + ": " + path + " is too large for a secret");
    }
    List<String> lines =
        Files.readString(path, StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    if (lines.isEmpty() || lines.size() > MOST_LINES) {
      throw new IllegalStateException(key + ": " + path + " must hold 1 to 5 lines");
    }
    lines.forEach(check);
    return lines;
  }
}
