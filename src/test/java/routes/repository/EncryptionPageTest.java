package routes.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.repository.crypto.AgeCodec;
import routes.repository.crypto.Identities;
import routes.repository.crypto.Recipients;
import routes.repository.crypto.RepositoryKey;
import routes.repository.format.AuthenticatedJson;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryJson;

/** The example under "Encryption" of {@code docs/formats/repository.md} is what this code makes. */
class EncryptionPageTest {
  private static final byte[] PLAIN = "1\tAda\n2\tGrace\n".getBytes(StandardCharsets.UTF_8);
  private static final RepositoryKey KEY =
      RepositoryKey.parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

  private String page;
  private Identities identities;
  private Recipients recipients;

  @BeforeEach
  void read() throws Exception {
    String all = Files.readString(Path.of("docs/formats/repository.md"));
    page = all.substring(all.indexOf("## Encryption"), all.indexOf("## Entries of"));
    identities = Identities.parse(found("AGE-SECRET-KEY-1[0-9A-Z]+"));
    recipients = Recipients.parse(List.of(found("(?m)^age1[0-9a-z]+$")));
  }

  private String found(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(page);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(matcher.groupCount());
  }

  /** An object that the page breaks for the eye. */
  private byte[] json(String beginning) {
    String block = page.substring(page.indexOf(beginning));
    return block
        .substring(0, block.indexOf("\n```"))
        .replaceAll("\n *", "")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theKeysAreDerivedAsItSays() {
    assertThat(identities.recipients()).isEqualTo(recipients.names());
    assertThat(KEY.fingerprint(recipients)).isEqualTo(found("fingerprint is `([0-9a-f]{16})`"));
    assertThat(HexFormat.of().formatHex(KEY.chunkIds(recipients)))
        .isEqualTo(found("key of chunk ids `([0-9a-f]{64})`"));
  }

  @Test
  void theChunkOpens() throws Exception {
    byte[] stored =
        HexFormat.of().parseHex(found("(?s)```\n(61 67 65.*?)```").replaceAll("\\s", ""));
    byte[] opened = new byte[PLAIN.length];
    try (AgeCodec codec = AgeCodec.opening(KEY, recipients, identities)) {
      codec.open(stored, opened, PLAIN.length);
      assertThat(opened).isEqualTo(PLAIN);
      assertThat(codec.id(PLAIN, 0, PLAIN.length).hex())
          .isEqualTo(found("are the chunk `([0-9a-f]{64})`"));
    }
  }

  @Test
  void theManifestIsWrittenSo() {
    byte[] json = json("{\"format\":1,\"source\"");
    Manifest manifest = RepositoryJson.read("page", json, Manifest.class);
    assertThat(manifest.recipients()).isEqualTo(recipients.names());
    assertThat(manifest.key()).isEqualTo(KEY.fingerprint(recipients));
    assertThat(text(AuthenticatedJson.sign(RepositoryJson.write(manifest), KEY.manifests())))
        .isEqualTo(text(json));
  }

  @Test
  void theHeaderIsWrittenSo() {
    byte[] json = json("{\"format\":1,\"hub\"");
    assertThat(text(RepositoryHeader.parse(json).json(KEY))).isEqualTo(text(json));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
