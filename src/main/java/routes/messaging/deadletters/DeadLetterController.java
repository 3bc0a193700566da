package routes.messaging.deadletters;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.StrictJson;
import routes.kernel.json.UnstorableJsonException;
import routes.messaging.deadletters.DeadLetterReplay.Replayed;
import routes.messaging.deadletters.DeadLetterService.Filter;
import routes.messaging.deadletters.DeadLetterService.Line;
import routes.messaging.deadletters.DeadLetterService.Mending;
import routes.messaging.deadletters.DeadLetterService.State;
import routes.messaging.deadletters.DeadLetterService.Whole;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.operations.PageLimit;
import routes.web.security.Caller;
import routes.web.security.Role;

/** Messages that failed for good: listed, edited, replayed, discarded. */
@RestController
record DeadLetterController(DeadLetterService desk, DeadLetterReplay replay) {

  /** Most that are replayed by one request. */
  private static final int MOST = 100;

  private static final String ID = "Id of the dead letter";

  @GetMapping("/api/dead-letters")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "dead-letters.list",
      summary = "Lists messages that failed permanently, newest first, without what they hold")
  Page<Line> list(
      @RequestParam(required = false) @Parameter(description = "Only those of this port")
          String port,
      @RequestParam(required = false) @Parameter(description = "Only those in this state")
          State state,
      @RequestParam(required = false) @Parameter(description = "Only those kept since this instant")
          Instant since,
      @RequestParam(defaultValue = "50") @PageLimit int limit,
      @RequestParam(required = false) @Parameter(description = "next of the page before")
          UUID after) {
    List<Line> found = desk.list(new Filter(port, state, since, after, limit + 1));
    return Page.of(found, limit, line -> line.id().toString());
  }

  @GetMapping("/api/dead-letters/{id}")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "dead-letters.get",
      summary = "Shows a dead letter whole: body, headers, error, and what came if it was edited")
  Whole get(@PathVariable @Parameter(description = ID) UUID id) {
    return desk.get(id);
  }

  /** What to make of a dead letter; what is left out stays. */
  record Edit(
      @Schema(description = "The new body, as text") String body,
      @Schema(description = "The new body, in base64; not together with body", format = "byte")
          String bodyBase64,
      @Pattern(regexp = "\\P{Cc}{0,200}", message = "must be a media type such as application/json")
          String mediaType,
      @Schema(description = "All the headers; at most 100, none begins with Camel")
          Map<String, String> headers) {

    private static final java.util.regex.Pattern NAME =
        java.util.regex.Pattern.compile("(?i)(?!camel)[a-z0-9._-]{1,100}");
    private static final java.util.regex.Pattern VALUE =
        java.util.regex.Pattern.compile("\\P{Cc}{0,8192}");

    Edit {
      if (body == null && bodyBase64 == null && mediaType == null && headers == null) {
        throw new InvalidInputException(
            "body", "must hold body or bodyBase64, mediaType, or headers");
      }
      if (body != null && bodyBase64 != null) {
        throw new InvalidInputException("bodyBase64", "cannot be given with body");
      }
      if (headers != null
          && (headers.size() > 100 || !headers.entrySet().stream().allMatch(Edit::isHeader))) {
        throw new InvalidInputException(
            "headers",
            "must be at most 100 texts without control characters, by names of letters, digits and"
                + " ._-; none begins with Camel");
      }
    }

    private static boolean isHeader(Map.Entry<String, String> header) {
      return NAME.matcher(header.getKey()).matches()
          && header.getValue() != null
          && VALUE.matcher(header.getValue()).matches();
    }

    private byte[] bytes() {
      try {
        return body != null
            ? body.getBytes(StandardCharsets.UTF_8)
            : bodyBase64 == null ? null : Base64.getDecoder().decode(bodyBase64);
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException("bodyBase64", "is not base64");
      }
    }
  }

  @PostMapping("/api/dead-letters/{id}/edit")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "dead-letters.edit",
      summary = "Edits a dead letter that waits; what came is kept")
  @Fails(status = 409, when = "It waits no more, or is being replayed")
  Whole edit(
      @PathVariable @Parameter(description = ID) UUID id,
      @Valid @RequestBody Edit edit,
      Caller caller) {
    byte[] body = edit.bytes();
    if (body != null) {
      requireJson(
          body, edit.mediaType() == null ? desk.get(id).letter().mediaType() : edit.mediaType());
    }
    desk.edit(id, new Mending(body, edit.mediaType(), edit.headers()), caller.name());
    return desk.get(id);
  }

  /** What is to be JSON is as strictly read here as where it came in. */
  private static void requireJson(byte[] body, String mediaType) {
    if (!mediaType.strip().toLowerCase(Locale.ROOT).startsWith("application/json")) {
      return;
    }
    try {
      StrictJson.mapper().readTree(StrictJson.text(body));
    } catch (UnstorableJsonException e) {
      throw new InvalidInputException(
          "body", (e.field().isEmpty() ? "" : e.field() + " ") + e.getOriginalMessage());
    } catch (StreamConstraintsException e) {
      throw new InvalidInputException("body", StrictJson.OUT_OF_BOUNDS);
    } catch (IOException e) {
      throw new InvalidInputException(
          "body", "is not the JSON that its media type says, in UTF-8 and no name twice");
    }
  }

  @PostMapping("/api/dead-letters/{id}/replay")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "dead-letters.replay",
      summary = "Gives a dead letter to its port again, and says whether that took it")
  @Fails(status = 409, when = "It waits no more, or its port takes none")
  Replayed replay(@PathVariable @Parameter(description = ID) UUID id, Caller caller) {
    return replay.replay(id, caller.name());
  }

  /** Which to replay: either ids, or the oldest of a port. */
  record Replays(
      @Size(min = 1, max = MOST, message = "must be a list of 1 to " + MOST + " ids")
          List<@NotNull UUID> ids,
      @Schema(description = "Port whose oldest letters are replayed, in place of ids") String port,
      @Schema(description = "Most letters of the port; left out: " + MOST) @Min(1) @Max(MOST)
          Integer most) {

    Replays {
      if ((port == null) == (ids == null)) {
        throw new InvalidInputException("ids", "must be given, or else port");
      }
    }
  }

  /** What became of several. */
  record Done(long replayed, long failed, List<Replayed> items) {}

  @PostMapping("/api/dead-letters/replay")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "dead-letters.replayAll",
      summary = "Gives up to 100 dead letters to their ports again, one after the other")
  Done replayAll(@Valid @RequestBody Replays asked, Caller caller) {
    List<Replayed> items =
        replay.replay(asked.ids() == null ? ofPort(asked) : asked.ids(), caller.name());
    long replayed = items.stream().filter(Replayed::replayed).count();
    return new Done(replayed, items.size() - replayed, items);
  }

  private List<UUID> ofPort(Replays asked) {
    if (!replay.ports().contains(asked.port())) {
      throw new InvalidInputException(
          "port", "must be one that takes its letters again: " + replay.ports());
    }
    return desk.waiting(asked.port(), asked.most() == null ? MOST : asked.most());
  }

  /** Why a dead letter is given up. */
  record Reason(
      @Schema(description = "For those who come later")
          @NotNull
          @Pattern(
              regexp = "(?!\\p{Z}*$)\\P{Cc}{1,500}",
              message = "must be 1 to 500 characters, none a control character")
          String reason) {}

  @PostMapping("/api/dead-letters/{id}/discard")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "dead-letters.discard",
      summary = "Gives up a dead letter that waits; it is kept, with the reason")
  @Fails(status = 409, when = "It waits no more, or is being replayed")
  Whole discard(
      @PathVariable @Parameter(description = ID) UUID id,
      @Valid @RequestBody Reason why,
      Caller caller) {
    desk.discard(id, why.reason(), caller.name());
    return desk.get(id);
  }
}
