package routes.web.operations;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * A body as it came, for an operation that reads files.
 *
 * @param mediaType lower-case, without parameters; empty when none was sent
 * @param bytes at most 16 MiB; not to be changed
 */
public record RawBody(String mediaType, byte[] bytes) {

  /** Largest one. */
  public static final int MOST_BYTES = 16 << 20;

  /**
   * @param contentType as sent, or null
   */
  public static RawBody of(String contentType, byte[] bytes) {
    return new RawBody(mediaType(contentType), bytes);
  }

  private static String mediaType(String contentType) {
    try {
      if (contentType == null) {
        return "";
      }
      MediaType type = MediaType.parseMediaType(contentType);
      return type.getType() + "/" + type.getSubtype();
    } catch (InvalidMediaTypeException e) {
      return "";
    }
  }
}
