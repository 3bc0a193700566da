package routes.sessions;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.CompactJson;
import routes.sessions.Sessions.Shown;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.security.Role;

/** Sessions over HTTP. Their ids stand in a header, never in an address, which is logged. */
@RestController
@Fails(status = 503, when = "Redis does not answer; Retry-After says when to ask again")
record SessionController(Sessions sessions) {

  private static final String NONE = "There is none of that id, or no more";

  record Content(
      @Schema(
              description = "A JSON object of at most 64 KiB",
              types = "object",
              implementation = Object.class)
          @NotNull
          CompactJson session) {

    Content {
      if (session != null && !session.holdsObject()) {
        throw new InvalidInputException("session", "must be a JSON object");
      }
    }
  }

  record OfUser(
      @Schema(description = "What stands in the sessions' member hub.sessions.user-field")
          @NotNull
          @Size(min = 1, max = 1_000)
          String user) {}

  record Revocation(
      @Schema(description = "What stands in the sessions' member hub.sessions.user-field")
          @NotNull
          @Size(min = 1, max = 1_000)
          String user,
      @Schema(description = "Of one session, as the list has it; left out: all of the user's")
          String handle) {}

  /**
   * A session that was made.
   *
   * @param id the secret; only in this answer
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Made(String id, Long expiresInMs) {
    @Override
    public String toString() {
      return "Session[…]";
    }
  }

  /** How many sessions were ended. */
  record Ended(long ended) {}

  @GetMapping("/api/sessions")
  @Needs(Role.SERVICE)
  @Operation(operationId = "sessions.get", summary = "Shows a session")
  @Fails(status = 404, when = NONE)
  Shown get(
      @RequestHeader(SessionId.HEADER) @Parameter(description = SessionId.DESCRIPTION) String id,
      @RequestParam(defaultValue = "false") @Parameter(description = "true: its life begins anew")
          boolean sliding) {
    return sessions.get(SessionId.of(id), sliding).orElseThrow(SessionController::none);
  }

  @PutMapping("/api/sessions")
  @Needs(Role.SERVICE)
  @Operation(
      operationId = "sessions.put",
      summary = "Stores a session under an id of the caller's; one of that id is replaced")
  @ApiResponse(responseCode = "200", description = "When it expires")
  @Fails(status = 409, when = "The session of this id was ended; begin another under a new id")
  Shown put(
      @RequestHeader(SessionId.HEADER) @Parameter(description = SessionId.DESCRIPTION) String id,
      @Valid @RequestBody Content content) {
    return sessions.put(SessionId.of(id), content.session());
  }

  @PostMapping("/api/sessions")
  @Needs(Role.SERVICE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "sessions.create",
      summary = "Stores a session under a new id of 256 random bits, shown this once")
  @ApiResponse(responseCode = "201", description = "The id, and when it expires")
  Made create(@Valid @RequestBody Content content) {
    SessionId id = SessionId.random();
    return new Made(id.secret(), sessions.put(id, content.session()).expiresInMs());
  }

  @PostMapping("/api/sessions/touch")
  @Needs(Role.SERVICE)
  @Operation(operationId = "sessions.touch", summary = "Lets a session's life begin anew")
  @Fails(status = 404, when = NONE)
  Ended touch(
      @RequestHeader(SessionId.HEADER) @Parameter(description = SessionId.DESCRIPTION) String id) {
    if (!sessions.touch(SessionId.of(id))) {
      throw none();
    }
    return new Ended(0);
  }

  @DeleteMapping("/api/sessions")
  @Needs(Role.SERVICE)
  @Operation(operationId = "sessions.delete", summary = "Ends a session")
  @ApiResponse(responseCode = "200", description = "ended: 1, or 0 when there was none")
  Ended delete(
      @RequestHeader(SessionId.HEADER) @Parameter(description = SessionId.DESCRIPTION) String id) {
    return new Ended(sessions.delete(SessionId.of(id)) ? 1 : 0);
  }

  @PostMapping("/api/sessions/list")
  @Needs(Role.SERVICE)
  @Operation(
      operationId = "sessions.list",
      summary = "Lists the sessions of one user, 500 at most, without their ids")
  @ApiResponse(
      responseCode = "200",
      description = "Sessions, each with a handle by which it can be revoked")
  Page<Shown> list(@Valid @RequestBody OfUser request) {
    return Page.of(sessions.of(request.user()));
  }

  @PostMapping("/api/sessions/revoke")
  @Needs(Role.SERVICE)
  @Operation(
      operationId = "sessions.revoke",
      summary = "Ends the sessions of one user, whoever wrote them")
  @ApiResponse(responseCode = "200", description = "How many were ended")
  Ended revoke(@Valid @RequestBody Revocation request) {
    return new Ended(sessions.revoke(request.user(), request.handle()));
  }

  private static HttpException none() {
    return new HttpException(
        404,
        "Not found",
        "there is no such session; it may have expired or been revoked",
        Map.of("field", SessionId.HEADER));
  }
}
