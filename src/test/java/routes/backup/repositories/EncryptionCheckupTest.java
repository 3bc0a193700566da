package routes.backup.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.config.EncryptionProperties;
import routes.doctor.Doctor;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.crypto.TestIdentity;
import routes.repository.store.FileObjectStore;

/** What {@code ./hub doctor} says of encryption. */
class EncryptionCheckupTest {
  private static final TestIdentity ADA = TestIdentity.generate();

  @TempDir Path folder;
  private final Map<String, String> keys = new TreeMap<>();

  @Test
  void itTellsForWhomAndWhetherAnythingCouldBeOpenedHere() throws Exception {
    Path repository = Files.createDirectory(folder.resolve("repository"));
    keys.put("hub.repository.url", repository.toUri().toString());
    keys.put("hub.state-dir", folder.toString());
    assertThat(told()).startsWith("ok").contains("off: whoever can read").hasLineCount(1);

    keys.put("hub.encryption.recipients", ADA.recipient());
    keys.put("hub.encryption.key", "0f".repeat(32));
    assertThat(told())
        .contains("ok    hub.encryption", "on, for " + ADA.recipient())
        .contains("warn  hub.encryption", "no identity here", "hub.encryption.identity-file");

    begin(repository);
    keys.put("hub.encryption.identity-file", identity(TestIdentity.generate()).toString());
    assertThat(told()).contains("FAIL  hub.encryption", "do not open the repository's key");
    keys.put("hub.encryption.identity-file", identity(ADA).toString());
    assertThat(told()).contains("opens the repository's key").doesNotContain("FAIL", "warn");

    try (Stream<Path> files = Files.list(repository.resolve("keys"))) {
      Files.delete(files.findFirst().orElseThrow());
    }
    assertThat(told()).contains("FAIL", ".age is missing or damaged");
    keys.put("hub.encryption.key", "1f".repeat(32));
    assertThat(told()).contains("FAIL", "another key than hub.encryption.key", "old-keys");
  }

  @Test
  void aKeyThatIsNoneIsNamedWithoutItsValue() {
    keys.put("hub.encryption.recipients", ADA.recipient());
    keys.put("hub.encryption.key", "a-secret-that-is-no-key");
    assertThat(all())
        .contains("hub.encryption.key must be 64 hexadecimal digits")
        .doesNotContain("a-secret-that-is-no-key");
  }

  /** As the first backup does. */
  private void begin(Path folder) {
    EncryptionProperties properties =
        new EncryptionProperties(List.of(ADA.recipient()), "0f".repeat(32), null, null, false);
    Repository repository =
        Repository.open(
            FileObjectStore.open(folder, Clock.systemUTC()),
            "ml-security-hub",
            properties.encryption(),
            Clock.systemUTC());
    repository.pipeline(ChunkPipeline.Settings.of(1, 1), Optional.empty()).close();
  }

  private Path identity(TestIdentity identity) throws Exception {
    Path file = Files.writeString(folder.resolve("identity"), identity.secret());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  /** The lines about encryption; the other checks have nothing to look at here. */
  private String told() {
    return all()
        .lines()
        .filter(line -> line.contains("hub.encryption "))
        .collect(Collectors.joining("\n"));
  }

  private String all() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[] args =
        keys.entrySet().stream()
            .map(key -> "--" + key.getKey() + "=" + key.getValue())
            .toArray(String[]::new);
    Doctor.examine(args, new PrintStream(out, true, StandardCharsets.UTF_8));
    String all = out.toString(StandardCharsets.UTF_8);
    assertThat(all).doesNotContain("0f0f", "1f1f", ADA.secret());
    return all;
  }
}
