package routes.notify.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.StrictJson;
import routes.messaging.outbox.HubEvent.Severity;
import routes.notify.rules.NotifyProperties;
import routes.web.operations.Accepted;
import routes.web.operations.IdempotencyKey;
import routes.web.operations.Needs;
import routes.web.security.Caller;
import routes.web.security.Role;

/** Events that services publish. */
@RestController
record NotificationController(NotifyProperties properties, Publisher publisher) {

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

  private static final java.util.regex.Pattern CHANNEL =
      java.util.regex.Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private static final int MOST_EVENTS = 1_000;

  private static final String TYPE = "[A-Za-z][A-Za-z0-9._/-]{0,127}";
  private static final String NO_TYPE =
      "must be 1 to 128 letters, digits and ._/-, such as model.jailbreak";
  private static final String KEY = "(?!\\p{Z}*$)\\P{Cc}{1,200}";
  private static final String NO_KEY = "must be 1 to 200 characters, none a control character";

  private static final String ID = "Not of version 3; the same one again is taken once";
  private static final String ABOUT = "What it is about; events of one key keep their order";
  private static final String SEVERITY = "How much it matters; left out: info";
  private static final String SUBJECT = "Another word for key; one of them can be given";
  private static final String DATA =
      "Any JSON of at most hub.notify.data-limit, which is 64 KiB by default";

  /** Version of ids that are made of names: the hub's own, which nobody else may take first. */
  private static final int OF_A_NAME = 3;

  /** One event of several. */
  record Event(
      @Schema(description = ID) UUID id,
      @Schema(description = ABOUT) @Pattern(regexp = KEY, message = NO_KEY) String key,
      @NotNull @Pattern(regexp = TYPE, message = NO_TYPE) String type,
      @Schema(description = SEVERITY) Severity severity,
      @Schema(description = SUBJECT) @Pattern(regexp = KEY, message = NO_KEY) String subject,
      @Schema(description = DATA) JsonNode data) {}

  /** One event; or several, all of which are taken, or none. */
  record Events(
      @Schema(description = ID) UUID id,
      @Schema(description = ABOUT) @Pattern(regexp = KEY, message = NO_KEY) String key,
      @Pattern(regexp = TYPE, message = NO_TYPE) String type,
      @Schema(description = SEVERITY) Severity severity,
      @Schema(description = SUBJECT) @Pattern(regexp = KEY, message = NO_KEY) String subject,
      @Schema(description = DATA) JsonNode data,
      @Schema(description = "Several events, in place of the other members")
          @Size(min = 1, max = MOST_EVENTS, message = "must be a list of 1 to " + MOST_EVENTS)
          List<@NotNull @Valid Event> events) {

    Events {
      if (events == null && type == null) {
        throw new InvalidInputException("type", "is required, or else events");
      }
      if (events != null) {
        refuse("type", type);
        refuse("id", id);
        refuse("key", key);
        refuse("severity", severity);
        refuse("subject", subject);
        refuse("data", data);
      }
    }

    private static void refuse(String member, Object value) {
      if (value != null) {
        throw new InvalidInputException(member, "is not taken beside events");
      }
    }
  }

  @PostMapping("/api/notifications/{channel}")
  @Needs(Role.SERVICE)
  @Operation(
      operationId = "notifications.publish",
      summary = "Publishes events on a channel, all or none: to Redis, and to whom the rules name")
  @Accepted
  ResponseEntity<Publication.Published> publish(
      @PathVariable
          @Parameter(
              description = "1 to 63 of a-z, 0-9 and '-', a letter first; not one of the hub's own")
          String channel,
      @RequestHeader(name = IdempotencyKey.HEADER, required = false)
          @Parameter(
              description =
                  "A repeat with the same key publishes nothing and is answered with the first"
                      + " one's ids")
          IdempotencyKey key,
      @Valid @RequestBody Events body,
      Caller caller) {
    requireFree(channel);
    Publication.Published done =
        publisher.publish(
            new Publication(channel, events(body), caller.name(), IdempotencyKey.text(key)));
    return ResponseEntity.accepted()
        .location(URI.create("/api/deliveries?event=" + done.ids().get(0)))
        .body(done);
  }

  private static void requireFree(String channel) {
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
  }

  private List<Publication.Event> events(Events body) {
    if (body.events() == null) {
      return List.of(
          event(
              new Event(
                  body.id(), body.key(), body.type(), body.severity(), body.subject(), body.data()),
              ""));
    }
    List<Publication.Event> events = new ArrayList<>();
    for (Event event : body.events()) {
      events.add(event(event, "events[" + events.size() + "]."));
    }
    return events;
  }

  private Publication.Event event(Event event, String at) {
    if (event.id() != null && event.id().version() == OF_A_NAME) {
      throw new InvalidInputException(
          at + "id",
          "must be a UUID, but of version 3, such as 7f1b4f1e-6a5d-4c1c-9f60-2f1f7e0c9a55");
    }
    if (event.key() != null && event.subject() != null && !event.key().equals(event.subject())) {
      throw new InvalidInputException(
          at + "subject", "is what the event is about, and so its key: give one of them");
    }
    JsonNode data = event.data() == null || event.data().isNull() ? null : event.data();
    if (data != null) {
      requireStorable(data, at + "data");
    }
    return new Publication.Event(
        event.id(),
        event.key() == null ? event.subject() : event.key(),
        event.type(),
        event.severity() == null ? Severity.INFO : event.severity(),
        data);
  }

  private void requireStorable(JsonNode data, String at) {
    requireText(data, at);
    // As it is stored, not as it was sent: 1e308 becomes 309 digits.
    long bytes = StrictJson.storedBytes(data);
    long most = properties.dataLimit().toBytes();
    if (bytes > most) {
      throw new HttpException(
          413,
          "Too large",
          ("%s: holds %s bytes as JSON, its numbers written without exponents, but at most %s "
                  + "are taken")
              .formatted(at, bytes, most),
          Map.of("field", at, "limitBytes", most));
    }
  }

  /** The database takes no NUL in a text, and no reader a line end in a name. */
  private static void requireText(JsonNode value, String at) {
    if (value.isTextual() && value.textValue().indexOf('\0') >= 0) {
      throw new InvalidInputException(at, "holds a NUL character");
    }
    for (var member : value.properties()) {
      if (member.getKey().chars().anyMatch(Character::isISOControl)) {
        throw new InvalidInputException(at, "has a member whose name holds a control character");
      }
    }
    value.forEach(each -> requireText(each, at));
  }
}
