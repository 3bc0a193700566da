package routes.cache;

import java.nio.charset.StandardCharsets;
import routes.kernel.errors.InvalidInputException;

/**
 * Whose predictions: a model's, of one version. Both are text of 1 to {@value #MOST} characters
 * without control characters; in keys they are percent-encoded but for {@code [A-Za-z0-9._-]}, so
 * that none can leave its place in a key or be a pattern.
 *
 * @param version null: all of the model's
 */
record ModelVersion(String model, String version) {

  static final int MOST = 200;

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  /** Of parameters as they were sent. */
  static ModelVersion of(String model, String version) {
    return new ModelVersion(
        name("model", model), version == null ? null : name("version", version));
  }

  private static String name(String field, String text) {
    if (text.isEmpty() || text.length() > MOST) {
      throw new InvalidInputException(field, "must have 1 to " + MOST + " characters");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidInputException(field, "holds a control character");
    }
    CanonicalJson.requireWhole(text, field);
    return text;
  }

  /** Beginning of the keys of predictions, with the last colon. */
  String predictions() {
    return "prediction:" + names() + ":";
  }

  String leases() {
    return "prediction-lease:" + names() + ":";
  }

  /** Key that is written anew when predictions of the whole model are dropped. */
  String modelEpoch() {
    return "prediction-epoch:" + encoded(model);
  }

  /** Key that is written anew when predictions of this version are dropped. */
  String versionEpoch() {
    return "prediction-epoch:" + names();
  }

  /** Key that is written anew when predictions of this scope are dropped. */
  String epoch() {
    return version == null ? modelEpoch() : versionEpoch();
  }

  /** Key that counts the single predictions of this version that were deleted. */
  String deletions() {
    return "prediction-deletions:" + names();
  }

  /** Beginning of the keys that note which. */
  String deletion() {
    return "prediction-deletion:" + names() + ":";
  }

  /** Both names as keys have them, with a colon between. */
  String names() {
    return version == null ? encoded(model) : encoded(model) + ":" + encoded(version);
  }

  static String encoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      if (c >= 'a' && c <= 'z'
          || c >= 'A' && c <= 'Z'
          || c >= '0' && c <= '9'
          || c == '.'
          || c == '_'
          || c == '-') {
        encoded.append((char) c);
      } else {
        encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      }
    }
    return encoded.toString();
  }
}
