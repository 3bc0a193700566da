package routes.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A Python for the examples of the documents, if this machine has one with what they need. */
public final class Pythons {

  private Pythons() {}

  /** One that imports {@code redis}: of {@code HUB_TEST_PYTHON}, the machine's, or MLflow's. */
  public static Optional<String> withRedis() {
    List<String> all = new ArrayList<>();
    Optional.ofNullable(System.getenv("HUB_TEST_PYTHON")).ifPresent(all::add);
    all.add("python3");
    Path real = Path.of(System.getProperty("user.home"), ".cache", "ml-security-hub", "real");
    if (Files.isDirectory(real)) {
      try (var folders = Files.list(real)) {
        folders
            .map(folder -> folder.resolve("bin/python"))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .sorted()
            .forEach(all::add);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return all.stream().filter(Pythons::importsRedis).findFirst();
  }

  private static boolean importsRedis(String python) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import redis")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is none of this name
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
