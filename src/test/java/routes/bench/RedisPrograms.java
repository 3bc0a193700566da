package routes.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Redis' own programs: of this machine, or those that {@code ./hub real install} has fetched. */
final class RedisPrograms {

  private RedisPrograms() {}

  /** Null when there is none. */
  static Path find(String name) throws IOException {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path program = Path.of(folder.isEmpty() ? "." : folder, name);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    Path cache =
        Path.of(
            System.getenv()
                .getOrDefault(
                    "HUB_REAL_CACHE",
                    System.getProperty("user.home") + "/.cache/ml-security-hub/real"));
    if (Files.isDirectory(cache)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(cache, "redis-[0-9]*")) {
        for (Path version : versions) {
          Path program = version.resolve("usr/bin").resolve(name);
          if (Files.isExecutable(program)) {
            return program;
          }
        }
      }
    }
    return null;
  }

  /** Of a program that was found, with the libraries that were fetched with it. */
  static ProcessBuilder process(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Path libraries = Path.of(command.get(0)).resolveSibling("../lib").normalize();
    if (Files.isDirectory(libraries)) {
      try (DirectoryStream<Path> machines = Files.newDirectoryStream(libraries, "*-linux-gnu*")) {
        for (Path machine : machines) {
          builder.environment().put("LD_LIBRARY_PATH", machine.toString());
        }
      }
    }
    return builder;
  }
}
