package routes.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import routes.notify.Publication.Event;
import routes.platform.error.HttpException;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiRequest;
import routes.platform.json.StrictJson;
import routes.platform.outbox.HubEvent.Severity;

/** Reads what a service publishes, and says of what cannot be taken where it stands. */
@Component
class PublicationReader {

  static final int MOST_EVENTS = 1_000;

  /**
   * On which the hub itself tells: who could publish there could tell of backups that never were.
   */
  static final Set<String> OWN_CHANNELS =
      Set.of(
          "backup",
          "cache",
          "hub",
          "ingest",
          "jobs",
          "notify",
          "outbox",
          "probes",
          "redis",
          "redteam",
          "retention",
          "sessions");

  static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]{0,127}");
  private static final Set<String> MEMBERS =
      Set.of("id", "key", "type", "severity", "subject", "data");
  private static final int MOST_KEY = 200;

  /** Version of ids that are made of names: the hub's own, which nobody else may take first. */
  private static final int OF_A_NAME = 3;

  private final NotifyProperties properties;

  PublicationReader(NotifyProperties properties) {
    this.properties = properties;
  }

  /**
   * @throws routes.platform.error.ClientException naming what is wrong
   */
  Publication read(ApiRequest request) {
    String channel = request.path("channel");
    if (!CHANNEL.matcher(channel).matches()) {
      throw new InvalidInputException(
          "channel", "must be 1 to 63 of a-z, 0-9 and '-', a letter first");
    }
    if (OWN_CHANNELS.contains(channel)) {
      throw new HttpException(
          403,
          "Forbidden",
          "channel: '" + channel + "' is the hub's own; publish on another",
          Map.of("field", "channel"));
    }
    return new Publication(channel, events(request), request.actor(), request.idempotencyKey());
  }

  private List<Event> events(ApiRequest request) {
    if (!request.body().containsKey("events")) {
      return List.of(event(request.body(), ""));
    }
    request.takesOnly("events");
    if (!(request.body().get("events") instanceof List<?> list)
        || list.isEmpty()
        || list.size() > MOST_EVENTS) {
      throw new InvalidInputException("events", "must be a list of 1 to " + MOST_EVENTS);
    }
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String at = "events[" + i + "]";
      if (!(list.get(i) instanceof Map<?, ?> map)) {
        throw new InvalidInputException(at, "must be an object");
      }
      events.add(event(map, at + "."));
    }
    return events;
  }

  private Event event(Map<?, ?> map, String at) {
    for (Object name : map.keySet()) {
      if (!MEMBERS.contains(name)) {
        throw new InvalidInputException(
            at + Answer.clean(String.valueOf(name)),
            "is not taken; an event may hold id, key, type, severity, subject and data");
      }
    }
    String type = text(map, at, "type");
    if (type == null || !TYPE.matcher(type).matches()) {
      throw new InvalidInputException(
          at + "type", "must be 1 to 128 letters, digits and ._/-, such as model.jailbreak");
    }
    String key = name(map, at, "key");
    String subject = name(map, at, "subject");
    if (key != null && subject != null && !key.equals(subject)) {
      throw new InvalidInputException(
          at + "subject", "is what the event is about, and so its key: give one of them");
    }
    return new Event(
        id(map, at), key == null ? subject : key, type, severity(map, at), data(map, at));
  }

  private static UUID id(Map<?, ?> map, String at) {
    String text = text(map, at, "id");
    if (text == null) {
      return null;
    }
    try {
      UUID id = text.length() == 36 ? UUID.fromString(text) : null;
      if (id != null && id.version() != OF_A_NAME) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // told below, with an example
    }
    throw new InvalidInputException(
        at + "id",
        "must be a UUID, but of version 3, such as 7f1b4f1e-6a5d-4c1c-9f60-2f1f7e0c9a55");
  }

  private static Severity severity(Map<?, ?> map, String at) {
    String text = text(map, at, "severity");
    try {
      return text == null ? Severity.INFO : Severity.of(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          at + "severity", "must be one of info, warning, error, critical");
    }
  }

  private static String name(Map<?, ?> map, String at, String name) {
    String text = text(map, at, name);
    if (text != null && (text.isBlank() || text.length() > MOST_KEY || hasControl(text))) {
      throw new InvalidInputException(
          at + name, "must be 1 to " + MOST_KEY + " characters, none a control character");
    }
    return text;
  }

  private static String text(Map<?, ?> map, String at, String name) {
    Object value = map.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new InvalidInputException(at + name, "must be a string");
  }

  private Object data(Map<?, ?> map, String at) {
    Object data = map.get("data");
    checkText(data, at + "data");
    // As it is stored, not as it was sent: 1e308 becomes 309 digits.
    long bytes = StrictJson.storedBytes(data);
    long most = properties.dataLimit().toBytes();
    if (bytes > most) {
      throw new HttpException(
          413,
          "Too large",
          at
              + "data: holds "
              + bytes
              + " bytes as JSON, its numbers written without exponents, but at most "
              + most
              + " are taken",
          Map.of("field", at + "data", "limitBytes", most));
    }
    return data;
  }

  /** The database takes no NUL in a text, and no reader a line end in a name. */
  private static void checkText(Object value, String at) {
    if (value instanceof String text && text.indexOf('\0') >= 0) {
      throw new InvalidInputException(at, "holds a NUL character");
    } else if (value instanceof List<?> list) {
      list.forEach(each -> checkText(each, at));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, each) -> {
            if (hasControl((String) name)) {
              throw new InvalidInputException(
                  at, "has a member whose name holds a control character");
            }
            checkText(each, at);
          });
    }
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
