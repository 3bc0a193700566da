package routes.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Statements live in {@code sql/<feature>/*.sql}, where a reviewer finds and explains them. */
public final class SqlFile {

  private static final Map<String, String> LOADED = new ConcurrentHashMap<>();

  private SqlFile() {}

  /**
   * Reads a file once, and gives its text again after that.
   *
   * @param name such as {@code jobs/claim}
   * @return the statement with named parameters ({@code :name})
   * @throws IllegalArgumentException when no such file is on the class path
   */
  public static String load(String name) {
    return LOADED.computeIfAbsent(name, SqlFile::read);
  }

  private static String read(String name) {
    String path = "sql/" + name + ".sql";
    try (InputStream in = SqlFile.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no statement " + path + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
