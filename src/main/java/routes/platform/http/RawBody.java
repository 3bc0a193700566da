package routes.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import routes.platform.error.TooLargeException;

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
   * Where it stands in {@link ApiRequest#body}: no member of a JSON object can be there with it.
   */
  static final String MEMBER = "raw";

  /**
   * @throws TooLargeException as soon as one byte too many is seen
   */
  static RawBody read(HttpServletRequest request) throws IOException {
    if (request.getContentLengthLong() > MOST_BYTES) {
      throw new TooLargeException(MOST_BYTES);
    }
    byte[] bytes = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new TooLargeException(MOST_BYTES);
    }
    return new RawBody(mediaType(request.getContentType()), bytes);
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
