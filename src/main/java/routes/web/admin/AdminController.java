package routes.web.admin;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.web.operations.Created;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.operations.PageLimit;
import routes.web.security.ApiKeys;
import routes.web.security.ApiKeys.ApiKey;
import routes.web.security.Audit;
import routes.web.security.Caller;
import routes.web.security.Role;

/** API keys and the audit trail. */
@RestController
record AdminController(ApiKeys keys, Audit audit) {

  @GetMapping("/api/keys")
  @Needs(Role.ADMIN)
  @Operation(operationId = "keys.list", summary = "Lists API keys, without their secrets")
  Page<ApiKey> list() {
    return Page.of(keys.list());
  }

  /**
   * @param expiresIn left out: never
   */
  record NewKey(
      @Schema(description = "Name, which no other key has that is not revoked")
          @NotNull
          @Pattern(
              regexp = "[A-Za-z0-9][A-Za-z0-9._@-]{0,99}",
              message = "must be 1 to 100 letters, digits, dots, hyphens, underscores or @")
          String name,
      @NotNull Role role,
      @Schema(
              description = "Life of the key, such as 90d or PT12H; left out: it does not expire",
              type = "string")
          @DurationMin(minutes = 1, message = "must be 1m or longer")
          @DurationMax(days = 3_660, message = "must be 3660d or shorter")
          Duration expiresIn) {}

  @PostMapping("/api/keys")
  @Needs(Role.ADMIN)
  @Operation(
      operationId = "keys.create",
      summary = "Makes an API key and shows its secret, this once")
  @Created
  ResponseEntity<ApiKey> create(@Valid @RequestBody NewKey key, Caller caller) {
    ApiKey made = keys.create(key.name(), key.role(), key.expiresIn(), caller.name());
    return ResponseEntity.created(URI.create("/api/keys/" + made.id())).body(made);
  }

  @DeleteMapping("/api/keys/{id}")
  @Needs(Role.ADMIN)
  @Operation(
      operationId = "keys.revoke",
      summary = "Revokes an API key permanently; acts within five seconds")
  ApiKey revoke(@PathVariable @Parameter(description = "Id of the key") UUID id, Caller caller) {
    return keys.revoke(id, caller.name());
  }

  @GetMapping("/api/audit")
  @Needs(Role.ADMIN)
  @Operation(
      operationId = "audit.list",
      summary = "Lists who changed what and who read snapshots, newest first")
  Page<Audit.Entry> audit(
      @RequestParam(defaultValue = "50") @PageLimit int limit,
      @RequestParam(required = false) @Min(0) @Parameter(description = "next of the page before")
          Long after) {
    List<Audit.Entry> entries = audit.list(after, limit + 1);
    return Page.of(entries, limit, entry -> String.valueOf(entry.seq()));
  }
}
