package routes.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.catalogue.SnapshotHolds;
import routes.backup.repositories.Copies;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryBusyException;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.OneOf;
import routes.jobs.Outcome;
import routes.jobs.Param;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.errors.InvalidInputException;
import routes.repository.Repository;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotId;
import routes.repository.format.UnknownSnapshotException;
import routes.web.security.Audit;

/**
 * {@code backup.set-aside}: a manifest that cannot be read is given up by a person, who says why.
 * Until then it keeps sweeps from beginning, since what it names is not known.
 */
@Component
record QuarantineRun(
    Repositories repositories,
    Copies copies,
    RepositoryLeases leases,
    SnapshotCatalogue catalogue,
    SnapshotEvents news,
    Audit audit,
    TransactionTemplate transaction,
    Clock clock) {

  /** What {@code backup.set-aside} takes. */
  record Request(
      @Param("the database's name, as the repository has it")
          @Pattern(regexp = SnapshotHolds.SOURCE_NAME, message = "cannot name a source")
          String source,
      // A damaged one is named with care.
      @Param("the snapshot's whole id") String snapshot,
      @Param("why it is given up, for the audit trail")
          @NotBlank
          @Size(min = 1, max = SnapshotHolds.LONGEST_REASON)
          String reason,
      @Param("a copy's name under hub.copies; empty: the repository itself")
          @OneOf("hub.copies")
          @DefaultValue("")
          String copy) {}

  /** What is left in the ledger. */
  record Done(String source, String snapshot) implements Outcome {
    @Override
    public String headline() {
      return "%s/%s is set aside; chunks that only it named go a grace time after the next sweep"
          .formatted(source, snapshot);
    }
  }

  /** {@code backup.set-aside}; the reason is in the audit trail and beside the manifest. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Told(String source, String snapshot, String copy, String by, UUID run) {}

  Plan plan(Request request) {
    SnapshotId id = id(request);
    Repository repository = open(request);
    try {
      String why =
          repository.isSetAside(request.source(), id)
              ? "it is set aside already"
              : damage(repository, request.source(), id);
      return new Plan(List.of(new Plan.Item("set aside", request.source() + "/" + id, why)));
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  /**
   * Repeat-safe: what is set aside already is told of once.
   *
   * @throws InvalidInputException naming what is wrong, such as a snapshot that can be read, or is
   *     held
   * @throws RepositoryBusyException while a run reads the snapshot, or a restore runs
   */
  Done run(Request request, RunContext run) {
    SnapshotId id = id(request);
    Repository repository = open(request);
    try (RepositoryLeases.Lease lease = leases.at(request.copy()).expire(run, request.source())) {
      if (!repository.isSetAside(request.source(), id)) {
        String damage = damage(repository, request.source(), id);
        requireFree(repository, request, id);
        if (!lease.claim(id.value())) {
          throw new RepositoryBusyException("snapshot " + id + " is being read by another run");
        }
        run.info("sets " + id + " aside: " + damage);
        run.confirmHeld();
        // On its own and first, as with a released hold: it is in the trail whatever comes then.
        audit.record(
            run.requestedBy(), "snapshot.set-aside", request.source() + "/" + id, detail(request));
        repository.setAside(request.source(), id, run.requestedBy(), request.reason());
      }
      tell(request, id, run);
      return new Done(request.source(), id.value());
    } catch (UnknownSnapshotException e) {
      throw new InvalidInputException("params.snapshot", e.getMessage());
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  private static SnapshotId id(Request request) {
    try {
      return new SnapshotId(request.snapshot());
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "params.snapshot", "must be the whole id, as the failed run names it");
    }
  }

  private Repository open(Request request) {
    return request.copy().isEmpty() ? repositories.open() : copies.open(request.copy());
  }

  private static String damage(Repository repository, String source, SnapshotId id) {
    try {
      return repository
          .damage(source, id)
          .orElseThrow(
              () ->
                  new InvalidInputException(
                      "params.snapshot", "can be read: only a damaged manifest is set aside"));
    } catch (UnknownSnapshotException e) {
      throw new InvalidInputException("params.snapshot", e.getMessage());
    }
  }

  private void requireFree(Repository repository, Request request, SnapshotId id) {
    Instant now = clock.instant();
    if (repository.holds(request.source(), id).values().stream().anyMatch(h -> h.isActive(now))) {
      throw new InvalidInputException("params.snapshot", "is held: ./hub release it first");
    }
  }

  private void tell(Request request, SnapshotId id, RunContext run) {
    String copy = request.copy().isEmpty() ? null : request.copy();
    Told told = new Told(request.source(), id.value(), copy, run.requestedBy(), run.id());
    transaction.executeWithoutResult(
        status -> {
          if (copy == null) {
            catalogue.forget(new SnapshotCatalogue.Key(request.source(), id.value()));
          }
          news.tell("backup.set-aside", request.copy() + "/" + id, request.source(), told);
        });
  }

  private static Map<String, Object> detail(Request request) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("reason", request.reason());
    if (!request.copy().isEmpty()) {
      detail.put("copy", request.copy());
    }
    return detail;
  }
}
