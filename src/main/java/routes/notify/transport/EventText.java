package routes.notify.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import routes.kernel.errors.PermanentException;

/**
 * Events in words, for people who read them in a chat or a mail. Pure. Text of an event is shown as
 * it is and means nothing: no markup, no template, no control character.
 */
final class EventText {

  /** Longest text of one event's data. */
  private static final int MOST_DATA = 1_000;

  private static final int MOST_WORD = 200;

  private final JsonNode event;
  private final List<JsonNode> events;
  private final int count;

  /**
   * @param message with the envelope of an event, or of a digest
   */
  EventText(ObjectMapper json, Message message) {
    try {
      event = json.readTree(message.body());
    } catch (JsonProcessingException e) {
      throw new PermanentException("a message's body is not JSON", e);
    }
    // By what the hub counted: a service may call its own event as it likes.
    boolean digest = message.count() > 1;
    events =
        digest
            ? StreamSupport.stream(event.at("/data/events").spliterator(), false).toList()
            : List.of(event);
    count = digest ? event.at("/data/count").asInt() : 1;
  }

  /** What a template's placeholders stand for. */
  Map<String, String> placeholders(String hub) {
    JsonNode first = events.get(0);
    return Map.of(
        "{severity}", word(event, "severity"),
        "{type}", word(first, "type"),
        "{subject}", word(first, "subject"),
        "{source}", word(first, "source"),
        "{count}", String.valueOf(count),
        "{hub}", hub);
  }

  /** One line: how much it matters, what, about whom. */
  String headline() {
    return line(events.get(0)) + (count > 1 ? " and " + (count - 1) + " more" : "");
  }

  /** Each event with its data; then how many more there are. */
  String text() {
    String shown =
        events.stream()
            .map(each -> line(each) + "\n" + word(each, "time") + "\n" + data(each))
            .collect(Collectors.joining("\n\n"));
    int more = count - events.size();
    return more > 0 ? shown + "\n\n… and " + more + " more" : shown;
  }

  private static String line(JsonNode each) {
    String subject = word(each, "subject");
    return "["
        + word(each, "severity")
        + "] "
        + word(each, "type")
        + (subject.isEmpty() ? "" : " " + subject);
  }

  private static String word(JsonNode each, String name) {
    String text = Objects.requireNonNullElse(Answer.clean(each.path(name).asText("")), "");
    return cut(text, MOST_WORD);
  }

  private static String data(JsonNode each) {
    JsonNode data = each.get("data");
    return data == null ? "" : cut(data.toString(), MOST_DATA);
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
