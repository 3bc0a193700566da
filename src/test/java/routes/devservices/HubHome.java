package routes.devservices;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The folder of a hub that runs as a process of its own: its state, its log, and its configuration
 * with all secrets in a file of mode 0600.
 */
public record HubHome(Path folder, Path configuration) {

  /**
   * @param folder made here, with mode 0700
   */
  public static HubHome create(Path folder, Map<String, String> settings) {
    try {
      Files.createDirectory(folder, mode("rwx------"));
      Path configuration = Files.createFile(folder.resolve("hub.properties"), mode("rw-------"));
      Properties properties = new Properties();
      properties.putAll(settings);
      StringWriter text = new StringWriter();
      properties.store(text, null);
      Files.writeString(configuration, text.toString());
      return new HubHome(folder, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path log() {
    return folder.resolve("hub.log");
  }

  /** A main class with the arguments that lead it here. */
  public List<String> command(String main) {
    return List.of(
        main,
        "--spring.config.additional-location=" + configuration.toUri(),
        "--hub.state-dir=" + folder);
  }

  private static FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }
}
