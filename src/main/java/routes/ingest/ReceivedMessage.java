package routes.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A message as it came.
 *
 * @param source name in {@code hub.ingest}
 * @param body byte for byte; not to be changed
 * @param headers where it came from
 */
record ReceivedMessage(String source, byte[] body, Map<String, String> headers) {

  /**
   * What it says, once it was found to say something.
   *
   * @param id of the message: its CloudEvents source and id, else the SHA-256 of its body
   * @param payload {@code data} of a CloudEvents envelope, else all of it
   * @param traceparent of the envelope, or null
   */
  public record Message(String id, JsonNode payload, String traceparent) {}
}
