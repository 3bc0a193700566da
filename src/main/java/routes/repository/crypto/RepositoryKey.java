package routes.repository.crypto;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import routes.repository.format.Hmac;

/**
 * The secret of an encrypted repository: what chunk ids and MACs are derived from, by HMAC-SHA256.
 * It opens no chunk: that takes an {@link Identities identity}. Does not print itself.
 */
public final class RepositoryKey {
  private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{64}");

  private final byte[] bytes;

  private RepositoryKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @param hex 64 hexadecimal digits
   * @throws IllegalArgumentException saying what is wrong, without the text
   */
  public static RepositoryKey parse(String hex) {
    String stripped = hex.strip();
    if (!FORM.matcher(stripped).matches()) {
      throw new IllegalArgumentException(
          "must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them; it has "
              + stripped.length()
              + " characters");
    }
    return new RepositoryKey(HexFormat.of().parseHex(stripped));
  }

  /** The form that {@link #parse} takes: what is kept, sealed, in {@code keys/}. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Names this key together with those it is sealed for, and tells nothing about it.
   *
   * @return 16 lower-case hexadecimal digits
   */
  public String fingerprint(Recipients recipients) {
    String id = HexFormat.of().formatHex(Hmac.of(bytes, "key id v1"));
    byte[] named = (recipients.joined() + "\n" + id).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(DigestUtils.sha256(named), 0, 8);
  }

  /**
   * The key of chunk ids. It depends on the recipients, so a chunk that was sealed for others is
   * never taken for one of theirs: a snapshot opens for everyone it names.
   */
  public byte[] chunkIds(Recipients recipients) {
    return Hmac.of(bytes, "chunk ids v1\n" + recipients.joined());
  }

  public byte[] manifests() {
    return Hmac.of(bytes, "manifest v1");
  }

  public byte[] headers() {
    return Hmac.of(bytes, "repository v1");
  }

  /**
   * The key of the records in a folder: one that was copied beside another snapshot is not
   * believed.
   *
   * @param folder with a slash at its end
   */
  public byte[] records(String folder) {
    return Hmac.of(bytes, "records v1\n" + folder);
  }

  @Override
  public String toString() {
    return "RepositoryKey[…]";
  }
}
