package routes.repository.format;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Names a snapshot by time and content, so ids sort by age and a manifest cannot change unseen.
 *
 * @param value {@code <yyyyMMdd'T'HHmmss'Z' of takenAt>-<first 32 hex digits of the SHA-256 of the
 *     manifest's bytes>}
 */
public record SnapshotId(@JsonValue String value) implements Comparable<SnapshotId> {
  public static final String PREFIX = "snapshots/";
  private static final Pattern FORM = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{32}");
  private static final Pattern SOURCE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);

  @JsonCreator
  public SnapshotId {
    if (!isId(value)) {
      throw new IllegalArgumentException("not a snapshot id: " + value);
    }
  }

  public static SnapshotId of(Instant takenAt, byte[] manifest) {
    String hash = HexFormat.of().formatHex(DigestUtils.sha256(manifest));
    return new SnapshotId(
        TIME.format(takenAt.atOffset(ZoneOffset.UTC)) + "-" + hash.substring(0, 32));
  }

  public static boolean isId(String text) {
    if (!FORM.matcher(text).matches()) {
      return false;
    }
    try {
      TIME.parse(text.substring(0, 16));
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /**
   * @throws IllegalArgumentException when the text cannot name a source
   */
  public static String checkSource(String source) {
    if (!isSource(source)) {
      throw new IllegalArgumentException(
          "source name '" + source + "': use a-z, 0-9 and '-', 1 to 63 of them, no leading '-'");
    }
    return source;
  }

  public static boolean isSource(String text) {
    return SOURCE.matcher(text).matches();
  }

  /** The second in which the snapshot was taken. */
  public Instant takenAt() {
    return LocalDateTime.parse(value.substring(0, 16), TIME).toInstant(ZoneOffset.UTC);
  }

  public String manifestKey(String source) {
    return folder(source) + "manifest.json";
  }

  /** Everything of the snapshot lies below, with a slash at the end. */
  public String folder(String source) {
    return PREFIX + checkSource(source) + "/" + value + "/";
  }

  @Override
  public int compareTo(SnapshotId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
