package routes.repository.format;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names a chunk by its content: the SHA-256 of its plain bytes.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ChunkId(@JsonValue String hex) implements Serializable, Comparable<ChunkId> {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
  public static final String PREFIX = "chunks/";

  @JsonCreator
  public ChunkId {
    if (!isId(hex)) {
      throw new IllegalArgumentException("not a chunk id (64 lower-case hex digits): " + hex);
    }
  }

  public static boolean isId(String text) {
    return FORM.matcher(text).matches();
  }

  public static ChunkId of(byte[] digest) {
    return new ChunkId(HexFormat.of().formatHex(digest));
  }

  /** Where the chunk lies: {@code chunks/<first two digits>/<id>}. */
  public String key() {
    return PREFIX + hex.substring(0, 2) + "/" + hex;
  }

  @Override
  public int compareTo(ChunkId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
