package routes.backup.retention;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryBusyException;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.errors.InvalidInputException;
import routes.messaging.outbox.HubEvent.Severity;
import routes.messaging.outbox.Outbox;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotId;
import routes.web.security.Audit;

/**
 * {@code retention.snapshots}: removes the snapshots of a source that its policy no longer keeps,
 * from the repository or from a copy. What is decided is the {@link Planner}'s; here it is done,
 * one snapshot at a time, oldest first, each only after another look at what may have come in
 * between.
 */
@Component
public class Retention {

  private final BackupLocations places;
  private final RetentionProperties properties;
  private final Audit audit;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Retention(
      BackupLocations places,
      RetentionProperties properties,
      Audit audit,
      Outbox outbox,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.places = places;
    this.properties = properties;
    this.audit = audit;
    this.outbox = outbox;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  public RetentionOutcomes.Retained plan(RetentionRequest request) {
    BackupLocation kept = places.open(request.copy());
    try {
      RetentionPlan plan = decide(kept, facts(kept), request.source());
      return retained(kept, request.source(), plan, Map.of(), true);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  /**
   * Removes what the plan says and nothing else. A refusal is no failure: the run did what it is
   * for, and no repeat would end otherwise. It is told by a warning, the metric {@code
   * hub.retention.refused} and the event {@code retention.refused}, which stay apart from runs that
   * could not do their work.
   *
   * @throws InvalidInputException naming {@code params.plan} when the plan has become another one
   * @throws RepositoryBusyException while a restore runs
   */
  public RetentionOutcomes.Retained run(RetentionRequest request, RunContext run) {
    BackupLocation kept = places.open(request.copy());
    try (RepositoryLeases.Lease lease = kept.leases().expire(run, request.source())) {
      RetentionFacts facts = facts(kept);
      RetentionPlan plan = decide(kept, facts, request.source());
      warnOfUnbelieved(facts.unbelieved(), run);
      String digest = plan.digest(kept.name(request.source()));
      if (request.plan().isPresent() && !request.plan().get().equals(digest)) {
        throw new InvalidInputException(
            "params.plan", "is not the plan any more, which is " + digest + " now; look again");
      }
      plan.refusal().ifPresent(why -> refuse(kept, request.source(), why, run));
      Map<String, String> stayed = remove(kept, lease, request.source(), plan, facts, run);
      return retained(kept, request.source(), plan, stayed, false);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  private RetentionFacts facts(BackupLocation kept) {
    return kept.facts(clock.instant());
  }

  private RetentionPlan decide(BackupLocation kept, RetentionFacts facts, String source) {
    RetentionPlan plan =
        Planner.plan(
            facts.of(source, kept.leases().inUse(source)),
            properties.policy(source),
            clock.instant());
    return kept.narrowed(source, plan, clock.instant());
  }

  /** Such as an older hub wrote, or somebody who has the store and not the key. */
  private static void warnOfUnbelieved(List<String> ids, RunContext run) {
    if (!ids.isEmpty()) {
      run.warn(
          ("results of drills without a right MAC do not count, those of %s snapshots, such as "
                  + "%s: a drill by this hub does")
              .formatted(ids.size(), ids.get(0)));
    }
  }

  private void refuse(BackupLocation kept, String source, String why, RunContext run) {
    run.warn("refused: " + why);
    Map<String, Object> what = what(kept, source);
    what.put("why", why);
    transaction.executeWithoutResult(status -> tell(run, kept.events() + "refused", source, what));
  }

  private static Map<String, Object> what(BackupLocation kept, String source) {
    Map<String, Object> what = new LinkedHashMap<>();
    if (kept.copy() != null) {
      what.put("copy", kept.copy());
    }
    what.put("source", source);
    return what;
  }

  /**
   * @return of the snapshots that were to go, those that stay, with the reason
   */
  private Map<String, String> remove(
      BackupLocation kept,
      RepositoryLeases.Lease lease,
      String source,
      RetentionPlan plan,
      RetentionFacts facts,
      RunContext run) {
    Map<String, String> stayed = new LinkedHashMap<>();
    List<Decision> removals = plan.removals();
    for (int i = 0; i < removals.size(); i++) {
      SnapshotId id = new SnapshotId(removals.get(i).snapshot().id());
      run.checkpoint();
      run.progress(i, removals.size(), "snapshots", id.value());
      requireProofs(kept, source, plan.floor(), facts);
      if (!lease.claim(id.value())) {
        stayed.put(id.value(), "in use since the plan was made");
        continue;
      }
      // The line first: if this hub dies in the next step, it is what tells of the removal.
      run.info("removes " + id + ": " + removals.get(i).why());
      run.confirmHeld();
      if (!kept.repository().remove(source, id)) {
        stayed.put(id.value(), "held since the plan was made");
        continue;
      }
      forget(kept, source, id, removals.get(i), run);
    }
    stayed.forEach((id, why) -> run.info("leaves " + id + ": " + why));
    return stayed;
  }

  /** A drill that runs beside us may have found that what we lean on is broken. */
  private void requireProofs(
      BackupLocation kept, String source, List<SnapshotFacts> floor, RetentionFacts before) {
    RetentionFacts facts = facts(kept);
    if (!before.quarantined().containsAll(facts.quarantined())) {
      throw new RepositoryBusyException(
          "chunks were found damaged while this run removed; the next attempt plans anew");
    }
    for (SnapshotFacts proven : floor) {
      if (facts.proof(source, new SnapshotId(proven.id())) != Proof.VERIFIED) {
        throw new RepositoryBusyException(
            "snapshot " + proven.id() + " is not proven any more; the next attempt plans anew");
      }
    }
  }

  private void forget(
      BackupLocation kept, String source, SnapshotId id, Decision removal, RunContext run) {
    transaction.executeWithoutResult(
        status -> {
          kept.forget(source, id);
          Map<String, Object> what = what(kept, source);
          what.put("snapshot", id.value());
          what.put("why", removal.why());
          what.put("run", run.id().toString());
          audit.record(run.requestedBy(), "snapshot.remove", kept.name(source + "/" + id), what);
          tell(run, kept.events() + "removed", source, what);
        });
    kept.countRemoved(source);
  }

  /** Repeat-safe: another attempt of the run tells of the same thing under the same id. */
  private void tell(RunContext run, String type, String source, Map<String, ?> what) {
    String name = run.id() + type + what.get("snapshot");
    outbox.append(
        new Outbox.Draft(
            UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
            "retention",
            source,
            type,
            type.endsWith("refused") ? Severity.WARNING : Severity.INFO,
            what));
  }

  private static RetentionOutcomes.Retained retained(
      BackupLocation kept,
      String source,
      RetentionPlan plan,
      Map<String, String> stayed,
      boolean dryRun) {
    List<Plan.Item> items = new ArrayList<>();
    for (Decision decision : plan.decisions()) {
      String id = decision.snapshot().id();
      boolean keep = decision.keep() || stayed.containsKey(id);
      items.add(
          new Plan.Item(
              keep ? "keep" : dryRun ? "remove" : "removed",
              id,
              stayed.getOrDefault(id, decision.why())));
    }
    int removed = plan.removals().size() - stayed.size();
    return new RetentionOutcomes.Retained(
        source,
        kept.copy(),
        plan.digest(kept.name(source)),
        plan.refusal().orElse(null),
        items.size() - removed,
        removed,
        stayed.size(),
        dryRun,
        items);
  }
}
