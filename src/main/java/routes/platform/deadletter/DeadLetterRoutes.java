package routes.platform.deadletter;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import routes.platform.deadletter.DeadLetterDesk.Filter;
import routes.platform.deadletter.DeadLetterDesk.Line;
import routes.platform.deadletter.DeadLetterDesk.Mending;
import routes.platform.deadletter.DeadLetterDesk.Whole;
import routes.platform.deadletter.DeadLetterReplay.Replayed;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;
import routes.platform.http.Page;
import routes.platform.json.StrictJson;
import routes.platform.json.UnfitJsonException;

/** Ports {@code api.dead-letters.*}. */
@Component
class DeadLetterRoutes extends ApiRoutes {

  /** Most that are replayed by one request. */
  static final int MOST = 100;

  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final DeadLetterDesk desk;
  private final DeadLetterReplay replay;

  DeadLetterRoutes(DeadLetterDesk desk, DeadLetterReplay replay) {
    this.desk = desk;
    this.replay = replay;
  }

  @Override
  public void configure() {
    port("api.dead-letters.list", "Lists messages that failed for good, newest first", this::list);
    port("api.dead-letters.get", "Shows one, whole", r -> desk.get(r.pathUuid("id")));
    port("api.dead-letters.edit", "Mends one; what came is kept", this::edit);
    port(
        "api.dead-letters.replay",
        "Gives one to its port again",
        r -> replay.replay(r.takesOnly().pathUuid("id"), r.actor()));
    port("api.dead-letters.replayAll", "Gives several to their ports again", this::replayAll);
    port("api.dead-letters.discard", "Gives one up, with a reason", this::discard);
  }

  private Page<Line> list(ApiRequest request) {
    int limit = (int) request.queryNumber("limit", 1, 500, 50);
    List<Line> found =
        desk.list(
            new Filter(
                request.query("port"),
                request.queryOneOf("state", List.of("waiting", "replayed", "discarded"), null),
                request.queryInstant("since"),
                request.queryUuid("after"),
                limit + 1));
    boolean more = found.size() > limit;
    List<Line> page = more ? found.subList(0, limit) : found;
    return new Page<>(page, more ? page.get(limit - 1).id().toString() : null);
  }

  private Whole edit(ApiRequest request) {
    request.takesOnly("body", "bodyBase64", "mediaType", "headers");
    UUID id = request.pathUuid("id");
    String mediaType = request.bodyText("mediaType");
    if (mediaType != null && (mediaType.length() > 200 || hasControl(mediaType))) {
      throw new InvalidInputException("mediaType", "must be such as application/json");
    }
    Mending mending = new Mending(body(request), mediaType, headers(request));
    if (mending.body() == null && mending.mediaType() == null && mending.headers() == null) {
      throw new InvalidInputException(
          "body", "must hold body or bodyBase64, mediaType, or headers");
    }
    if (mending.body() != null) {
      requireJson(mending, mediaType == null ? desk.get(id).letter().mediaType() : mediaType);
    }
    desk.edit(id, mending, request.actor());
    return desk.get(id);
  }

  /** What is to be JSON is as strictly read here as where it came in. */
  private static void requireJson(Mending mending, String mediaType) {
    if (!mediaType.strip().toLowerCase(Locale.ROOT).startsWith("application/json")) {
      return;
    }
    try {
      StrictJson.mapper().readTree(StrictJson.text(mending.body()));
    } catch (UnfitJsonException e) {
      throw new InvalidInputException(
          "body", (e.field().isEmpty() ? "" : e.field() + " ") + e.getOriginalMessage());
    } catch (StreamConstraintsException e) {
      throw new InvalidInputException("body", StrictJson.OUT_OF_BOUNDS);
    } catch (IOException e) {
      throw new InvalidInputException(
          "body", "is not the JSON that its media type says, in UTF-8 and no name twice");
    }
  }

  private static byte[] body(ApiRequest request) {
    String text = request.bodyText("body");
    String base64 = request.bodyText("bodyBase64");
    if (text != null && base64 != null) {
      throw new InvalidInputException("bodyBase64", "cannot be given with body");
    }
    try {
      return text != null
          ? text.getBytes(StandardCharsets.UTF_8)
          : base64 == null ? null : Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("bodyBase64", "is no base64");
    }
  }

  private static Map<String, String> headers(ApiRequest request) {
    Object given = request.body().get("headers");
    if (given == null) {
      return null;
    }
    if (!(given instanceof Map<?, ?> map) || map.size() > 100) {
      throw new InvalidInputException("headers", "must be an object of 100 members at most");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          String header = (String) name;
          if (!HEADER.matcher(header).matches()
              || header.regionMatches(true, 0, "Camel", 0, "Camel".length())
              || !(value instanceof String text)
              || text.length() > 8_192
              || hasControl(text)) {
            throw new InvalidInputException(
                "headers",
                "must be texts without control characters, by names of letters, digits and ._-;"
                    + " none begins with Camel");
          }
          headers.put(header, text);
        });
    return headers;
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  /** What became of several. */
  record Done(long replayed, long failed, List<Replayed> items) {}

  private Done replayAll(ApiRequest request) {
    request.takesOnly("ids", "port", "most");
    List<Replayed> items = replay.replay(ids(request), request.actor());
    long replayed = items.stream().filter(Replayed::replayed).count();
    return new Done(replayed, items.size() - replayed, items);
  }

  private List<UUID> ids(ApiRequest request) {
    String port = request.bodyText("port");
    Object ids = request.body().get("ids");
    if ((port == null) == (ids == null)) {
      throw new InvalidInputException("ids", "must be given, or else port");
    }
    if (port != null) {
      if (!replay.ports().contains(port)) {
        throw new InvalidInputException(
            "port", "must be one that takes its letters again: " + replay.ports());
      }
      return desk.waiting(port, most(request));
    }
    if (!(ids instanceof List<?> list) || list.isEmpty() || list.size() > MOST) {
      throw new InvalidInputException("ids", "must be a list of 1 to " + MOST + " ids");
    }
    return list.stream().map(DeadLetterRoutes::uuid).toList();
  }

  private static int most(ApiRequest request) {
    Object most = request.body().getOrDefault("most", MOST);
    if (most instanceof Integer number && number >= 1 && number <= MOST) {
      return number;
    }
    throw new InvalidInputException("most", "must be a whole number from 1 to " + MOST);
  }

  private static UUID uuid(Object id) {
    try {
      if (id instanceof String text && text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new InvalidInputException("ids", "must be a list of UUIDs");
  }

  private Whole discard(ApiRequest request) {
    request.takesOnly("reason");
    String reason = request.bodyText("reason");
    if (reason == null || reason.isBlank() || reason.length() > 500 || hasControl(reason)) {
      throw new InvalidInputException(
          "reason", "must be 1 to 500 characters, none a control character");
    }
    desk.discard(request.pathUuid("id"), reason, request.actor());
    return desk.get(request.pathUuid("id"));
  }
}
