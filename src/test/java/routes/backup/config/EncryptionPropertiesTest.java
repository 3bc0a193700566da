package routes.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import routes.kernel.errors.PermanentException;
import routes.repository.crypto.TestIdentity;

/** What may stand under {@code hub.encryption}, and what is said of the rest. */
class EncryptionPropertiesTest {
  private static final TestIdentity ADA = TestIdentity.generate();
  private static final String KEY = "0f".repeat(32);

  @TempDir Path folder;

  private static EncryptionProperties bound(Map<String, String> keys) {
    return new Binder(new MapConfigurationPropertySource(keys))
        .bindOrCreate("hub.encryption", EncryptionProperties.class);
  }

  private static void refused(Map<String, String> keys, String... words) {
    assertThatThrownBy(() -> bound(keys))
        .satisfies(
            e -> {
              List<String> all = new ArrayList<>();
              for (Throwable at = e; at != null; at = at.getCause()) {
                all.add(String.valueOf(at.getMessage()));
              }
              String text = String.join("\n", all);
              assertThat(text).contains(words);
              keys.values().stream()
                  .filter(value -> value.length() > 8 && !value.startsWith("age1"))
                  .forEach(secret -> assertThat(text).doesNotContain(secret));
            });
  }

  @Test
  void withoutKeysItIsOff() {
    assertThat(bound(Map.of()).isOn()).isFalse();
    assertThat(bound(Map.of("hub.encryption.recipients", "", "hub.encryption.key", " ")).isOn())
        .isFalse();
    assertThat(bound(Map.of())).hasToString("hub.encryption[off]");
  }

  @Test
  void itDoesNotPrintItsSecrets() {
    EncryptionProperties on =
        bound(
            Map.of(
                "hub.encryption.recipients",
                ADA.recipient(),
                "hub.encryption.key",
                KEY,
                "hub.encryption.old-keys",
                "1f".repeat(32) + "," + "2f".repeat(32)));
    assertThat(on.oldKeys()).hasSize(2);
    assertThat(on).hasToString("hub.encryption[for " + ADA.recipient() + "]");
    assertThat(on.encryption().toString()).doesNotContain("0f0f", "1f1f");
  }

  @Test
  void whatCannotBeUsedIsNamedWithoutItsValue() {
    String recipients = "hub.encryption.recipients";
    String key = "hub.encryption.key";
    refused(Map.of(recipients, ADA.recipient()), key + " is missing", "openssl rand -hex 32");
    refused(
        Map.of(recipients, ADA.recipient(), key, "not 64 digits at all"),
        key + " must be 64 hexadecimal digits",
        "openssl rand -hex 32");
    refused(
        Map.of(recipients, ADA.recipient(), key, KEY, "hub.encryption.old-keys", KEY + "," + "zz"),
        "hub.encryption.old-keys[1] must be 64 hexadecimal digits");
    refused(
        Map.of(recipients, ADA.recipient() + "," + ADA.secret(), key, KEY),
        recipients + "[1] is an identity, which is secret",
        "age-keygen -y");
    String mistyped = ADA.recipient().substring(0, 20) + "q" + ADA.recipient().substring(21);
    String oneDigitOff = mistyped.equals(ADA.recipient()) ? ADA.recipient() + "q" : mistyped;
    for (String wrong : List.of(oneDigitOff, "ssh-ed25519 AAAAC3Nza", "somebody@example.org")) {
      refused(Map.of(recipients, wrong, key, KEY), recipients + "[0] is not an age recipient");
    }
    refused(Map.of("hub.encryption.role-passwords", "true"), "hub.encryption.role-passwords");
  }

  @Test
  void theIdentityFileIsReadOnlyWhenItIsSafe() throws Exception {
    Path file = folder.resolve("identity");
    EncryptionProperties properties =
        bound(Map.of("hub.encryption.identity-file", file.toString()));
    assertThat(properties.encryption()).as("read when needed").isNotNull();
    assertThatThrownBy(properties::identities)
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("hub.encryption.identity-file " + file + " does not exist");

    Files.writeString(file, "# created: 2026-11-22\n\n" + ADA.secret() + "\n");
    permit(file, "rw-r--r--");
    assertThatThrownBy(properties::identities)
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("open to everyone")
        .hasMessageContaining("chmod 600 " + file);
    for (String safe : List.of("rw-------", "rw-r-----")) {
      permit(file, safe);
      assertThat(properties.identities().recipients()).containsExactly(ADA.recipient());
    }
    for (String wrong : List.of(ADA.recipient(), "# nothing\n", ADA.secret().replace('1', '2'))) {
      Files.writeString(file, wrong);
      assertThatThrownBy(properties::identities)
          .isInstanceOf(PermanentException.class)
          .hasMessageContaining("age identity")
          .hasMessageNotContaining(ADA.secret().substring(20));
    }
  }

  private static void permit(Path file, String permissions) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
