package routes.devservices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Folders that the whole run of the tests shares, and that go with it. */
public final class TestFolder {

  private TestFolder() {}

  /** Makes one; what it holds is deleted when this JVM ends, links without what they lead to. */
  public static Path create(String prefix) {
    try {
      Path folder = Files.createTempDirectory(prefix);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What another hook still writes into it may be in the way: a few looks are enough. */
  private static void delete(Path folder) {
    for (int look = 0; look < 3 && Files.exists(folder); look++) {
      try {
        FileSystemUtils.deleteRecursively(folder);
      } catch (IOException e) {
        // Once more.
      }
    }
  }
}
