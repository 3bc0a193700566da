package routes.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import routes.messaging.outbox.HubEvent.Severity;

/**
 * An event, written once for however many clients.
 *
 * @param severity {@code info} when it says none
 * @param text its block of the event stream, in UTF-8; not to be changed
 */
record EventRecord(StreamPosition at, String type, Severity severity, byte[] text) {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads an entry of a stream.
   *
   * @return null when it is no event: whoever may write to Redis may write anything
   */
  static EventRecord of(StreamPosition at, Map<String, String> entry) {
    String event = entry.get("event");
    if (event == null) {
      return null;
    }
    String type = entry.getOrDefault("type", "");
    Severity severity = severity(event);
    if (severity == null) {
      return null;
    }
    // A line end would end the data: each line is one of its own, as the format has it.
    String data = event.replaceAll("\\r\\n|\\r|\\n", "\ndata: ");
    String block = "id: " + at.text() + "\ndata: " + data + "\n\n";
    return new EventRecord(at, type, severity, block.getBytes(StandardCharsets.UTF_8));
  }

  /** Of the envelope's outermost object; null when that is none. */
  private static Severity severity(String event) {
    Severity found = Severity.INFO;
    try (JsonParser parser = JSON.createParser(event)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("severity") && value == JsonToken.VALUE_STRING) {
          found = Severity.of(parser.getText());
        } else {
          parser.skipChildren();
        }
      }
      return parser.currentToken() == JsonToken.END_OBJECT ? found : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
