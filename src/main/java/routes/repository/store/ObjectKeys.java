package routes.repository.store;

import java.nio.charset.StandardCharsets;

/** Which keys an {@link ObjectStore} takes, the same for every implementation. */
final class ObjectKeys {
  /** S3's bound on a whole key, bytes of UTF-8. */
  private static final int MAX_KEY = 1024;

  /** The bound of common file systems on one name, bytes of UTF-8. */
  private static final int MAX_SEGMENT = 255;

  private ObjectKeys() {}

  /**
   * Refuses keys that could leave the store or mean different objects in different stores.
   *
   * @return the key
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  static String check(String key) {
    if (key.isEmpty()) {
      throw refused(key, "it is empty");
    }
    if (key.indexOf('\0') >= 0) {
      throw refused(key, "it contains NUL");
    }
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY) {
      throw refused(key, "it is longer than " + MAX_KEY + " bytes");
    }
    for (String segment : key.split("/", -1)) {
      checkSegment(key, segment);
    }
    return key;
  }

  /** A listing's prefix: empty, or the beginning of a key. */
  static String checkPrefix(String prefix) {
    if (!prefix.isEmpty()) {
      check(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
    }
    return prefix;
  }

  private static void checkSegment(String key, String segment) {
    if (segment.isEmpty()) {
      throw refused(key, "it has an empty segment or an outer '/'");
    }
    // A leading dot covers "." and "..", and keeps the file store's own folder out of reach.
    if (segment.startsWith(".")) {
      throw refused(key, "a segment starts with '.'");
    }
    if (segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT) {
      throw refused(key, "a segment is longer than " + MAX_SEGMENT + " bytes");
    }
  }

  private static IllegalArgumentException refused(String key, String why) {
    return new IllegalArgumentException("object key '" + key.replace('\0', '?') + "': " + why);
  }
}
