package routes.backup.catalogue;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.Map;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.backup.config.Sources;
import routes.backup.repositories.Repositories;
import routes.kernel.errors.NotFoundException;
import routes.repository.Repository;
import routes.repository.SnapshotDiff;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.format.UnknownSnapshotException;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.operations.PageLimit;
import routes.web.security.Audit;
import routes.web.security.Caller;
import routes.web.security.Role;

/** Snapshots. Who reads is kept in the audit trail: names of tables can tell. */
@RestController
record SnapshotController(
    SnapshotCatalogue catalogue,
    PendingSnapshots pending,
    Repositories repositories,
    Sources sources,
    SnapshotHolds holds,
    Audit audit) {

  private static final String SOURCE = "Name of the source, such as main";
  private static final String ID = "latest, the snapshot's id, or the beginning of one";
  private static final String NAME = "Name of the hold, such as audit-2026";

  @GetMapping("/api/snapshots")
  @Needs(Role.VIEWER)
  @Operation(operationId = "snapshots.list", summary = "Lists snapshots, newest first")
  Page<SnapshotCatalogue.Snapshot> list(
      @RequestParam(required = false) @Parameter(description = "Only snapshots of this source")
          String source,
      @RequestParam(defaultValue = "50") @PageLimit int limit,
      Caller caller) {
    if (source != null) {
      requireKnown(source);
    }
    audit.record(caller.name(), "snapshots.list", source == null ? "*" : source, Map.of());
    pending.settle();
    return Page.of(catalogue.list(source, limit));
  }

  @GetMapping("/api/snapshots/{source}/{id}")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "snapshots.get",
      summary = "Shows one snapshot with its entries, as it lies in the repository now")
  Manifest get(
      @PathVariable @Parameter(description = SOURCE) String source,
      @PathVariable @Parameter(description = ID) String id,
      Caller caller) {
    return Repositories.asked(
        () -> {
          requireKnown(source);
          Repository repository = repositories.open();
          Manifest manifest = repository.read(source, find(repository, source, id));
          audit.record(caller.name(), "snapshots.get", source + "/" + id, Map.of());
          return manifest;
        });
  }

  /**
   * Two snapshots of a source, compared.
   *
   * @param before id of the first one
   * @param after id of the second one
   * @param note what limits the comparison, or null
   */
  record Compared(String source, String before, String after, String note, SnapshotDiff diff) {}

  @GetMapping("/api/snapshots/{source}/{before}/diff/{after}")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "snapshots.diff",
      summary =
          "Tells what lies between two snapshots of a source, entry by entry: rows, bytes, and how"
              + " much they do not share")
  Compared diff(
      @PathVariable @Parameter(description = SOURCE) String source,
      @PathVariable @Parameter(description = "The first snapshot: " + ID) String before,
      @PathVariable @Parameter(description = "The second snapshot: " + ID) String after,
      Caller caller) {
    return Repositories.asked(
        () -> {
          requireKnown(source);
          Repository repository = repositories.open();
          SnapshotId first = find(repository, source, before);
          SnapshotId second = find(repository, source, after);
          SnapshotDiff diff =
              SnapshotDiff.of(repository.read(source, first), repository.read(source, second));
          audit.record(
              caller.name(), "snapshots.diff", source + "/" + first + ".." + second, Map.of());
          return new Compared(
              source,
              first.value(),
              second.value(),
              diff.comparable()
                  ? null
                  : "they are encrypted differently: contents are compared by rows and bytes only",
              diff);
        });
  }

  /** Why a snapshot is pinned, and until when. */
  record NewHold(
      @Schema(description = "For people")
          @Pattern(
              regexp = "[^\\x00]{0," + SnapshotHolds.LONGEST_REASON + "}",
              message =
                  "must be at most "
                      + SnapshotHolds.LONGEST_REASON
                      + " characters, none of them NUL")
          String reason,
      @Schema(description = "When it ends by itself; left out: it does not") Instant until) {

    private static final NewHold PLAIN = new NewHold(null, null);
  }

  @PostMapping("/api/snapshots/{source}/{id}/holds/{name}")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "snapshots.hold",
      summary = "Pins a snapshot, so that no retention removes it, and shows its holds")
  @Fails(status = 409, when = "It has another hold of that name")
  SnapshotHolds.Held hold(
      @PathVariable @Parameter(description = SOURCE) String source,
      @PathVariable @Parameter(description = ID) String id,
      @PathVariable @Parameter(description = NAME) String name,
      @Valid @RequestBody(required = false) NewHold body,
      Caller caller) {
    NewHold hold = body == null ? NewHold.PLAIN : body;
    return Repositories.asked(
        () ->
            holds.hold(
                new SnapshotHolds.Which(source, id, name),
                hold.reason(),
                hold.until(),
                caller.name()));
  }

  @DeleteMapping("/api/snapshots/{source}/{id}/holds/{name}")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "snapshots.release",
      summary = "Takes a snapshot's hold away, and shows those that are left")
  SnapshotHolds.Held release(
      @PathVariable @Parameter(description = SOURCE) String source,
      @PathVariable @Parameter(description = ID) String id,
      @PathVariable @Parameter(description = NAME) String name,
      Caller caller) {
    return Repositories.asked(
        () -> holds.release(new SnapshotHolds.Which(source, id, name), caller.name()));
  }

  private static SnapshotId find(Repository repository, String source, String text) {
    try {
      return repository.resolve(source, text).id();
    } catch (UnknownSnapshotException e) {
      throw new NotFoundException("snapshot", text, "see GET /api/snapshots?source=" + source);
    }
  }

  /** A source that was configured once and has snapshots still is one. */
  private void requireKnown(String source) {
    if (!sources.names().contains(source) && catalogue.list(source, 1).isEmpty()) {
      throw new NotFoundException("source", source, "see hub.sources in the configuration");
    }
  }
}
