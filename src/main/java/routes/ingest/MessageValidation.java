package routes.ingest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.util.unit.DataSize;
import routes.ingest.ReceivedMessage.Message;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.TooLargeException;
import routes.kernel.json.JsonSchemaRules;
import routes.kernel.json.StrictJson;
import routes.kernel.json.UnstorableJsonException;

/** What a message must be to go to a port: JSON within bounds that keeps to its schema. */
final class MessageValidation {

  private static final Pattern TRACEPARENT =
      Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int LONGEST_ID = 300;

  private MessageValidation() {}

  /**
   * Reads a message.
   *
   * @throws TooLargeException when it has more bytes than it may
   * @throws InvalidInputException naming the place and the rule, when it is not what it must be
   */
  static Message read(ReceivedMessage received, DataSize most, JsonSchemaRules rules) {
    byte[] body = received.body();
    if (body.length > most.toBytes()) {
      throw new TooLargeException(most.toBytes());
    }
    JsonNode all = parse(body);
    boolean wrapped = isEnvelope(all);
    JsonNode payload = wrapped ? all.path("data") : all;
    Optional<String> broken = rules.broken(payload);
    if (broken.isPresent()) {
      throw new InvalidInputException(wrapped ? "data" : "body", broken.get());
    }
    String trace = all.path("traceparent").asText("");
    return new Message(
        wrapped ? id(all, body) : sha256(body),
        payload,
        TRACEPARENT.matcher(trace).matches() ? trace : null);
  }

  /** An id for what may not even be JSON. */
  static String idOf(ReceivedMessage received, DataSize most) {
    try {
      if (received.body().length <= most.toBytes()) {
        JsonNode all = parse(received.body());
        return isEnvelope(all) ? id(all, received.body()) : sha256(received.body());
      }
    } catch (InvalidInputException e) {
      // It has none of its own.
    }
    return sha256(received.body());
  }

  private static boolean isEnvelope(JsonNode all) {
    return all.path("specversion").asText("").equals("1.0")
        && all.path("id").isTextual()
        && all.path("source").isTextual()
        && all.path("type").isTextual();
  }

  private static String id(JsonNode envelope, byte[] body) {
    // A '#' of the source is no end of it: "a#b" and "c" are another message than "a" and "b#c".
    String source = envelope.path("source").asText().replace("%", "%25").replace("#", "%23");
    String id = source + "#" + envelope.path("id").asText();
    return id.length() <= LONGEST_ID && id.indexOf('\0') < 0 ? id : sha256(body);
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode all = StrictJson.mapper().readTree(StrictJson.text(body));
      if (all == null || all.isMissingNode()) {
        throw new InvalidInputException("body", "is empty");
      }
      return all;
    } catch (UnstorableJsonException e) {
      throw e.asInvalidInput();
    } catch (StreamConstraintsException e) {
      throw new InvalidInputException("body", StrictJson.OUT_OF_BOUNDS);
    } catch (JsonProcessingException e) {
      // Its own message quotes what was sent.
      JsonLocation at = e.getLocation();
      throw new InvalidInputException(
          "body",
          "is not JSON as it must be: one value, no name twice, nested "
              + StrictJson.DEEPEST
              + " deep at most"
              + (at == null
                  ? ""
                  : "; see line " + at.getLineNr() + ", column " + Math.max(1, at.getColumnNr())));
    } catch (IOException e) {
      throw new InvalidInputException("body", "is not UTF-8");
    }
  }

  static String sha256(byte[] body) {
    return "sha256:" + DigestUtils.sha256Hex(body);
  }
}
