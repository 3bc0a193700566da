package routes.backup.catalogue;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import routes.backup.repositories.Repositories;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.NotFoundException;
import routes.repository.Repository;
import routes.repository.format.Hold;
import routes.repository.format.SnapshotId;
import routes.repository.format.UnknownSnapshotException;
import routes.web.security.Audit;

/** Holds as people place and release them: beside the snapshot first, then in the catalogue. */
@Component
public class SnapshotHolds {

  public static final String SOURCE_NAME = "[a-z0-9][a-z0-9-]{0,62}";

  private static final Pattern SOURCE = Pattern.compile(SOURCE_NAME);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  public static final int LONGEST_REASON = 500;

  private final Repositories repositories;
  private final SnapshotCatalogue catalogue;
  private final Audit audit;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final TransactionTemplate alone;
  private final Clock clock;

  SnapshotHolds(
      Repositories repositories,
      SnapshotCatalogue catalogue,
      Audit audit,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.repositories = repositories;
    this.catalogue = catalogue;
    this.audit = audit;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.alone = new TransactionTemplate(transactions);
    alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    this.clock = clock;
  }

  /**
   * Which hold.
   *
   * @param snapshot {@code latest}, an id, or the beginning of one
   */
  public record Which(String source, String snapshot, String name) {}

  /** A snapshot's holds as they are now. */
  public record Held(String source, String snapshot, Map<String, Hold> holds) {}

  /**
   * Places a hold. Repeating it with the same words is harmless.
   *
   * @param until when it ends by itself, or null
   * @throws ConflictException when there is another of that name
   */
  public Held hold(Which which, String reason, Instant until, String by) {
    Instant now = clock.instant();
    check(which, until, now);
    Repository repository = repositories.open();
    SnapshotId id = find(repository, which);
    Hold hold = new Hold(by, reason == null ? "" : reason, now, until);
    // One transaction: a hold that could not be written is not in the trail, and the trail that
    // cannot be written stops it.
    return transaction.execute(
        status -> {
          lock(which.source(), id);
          audit.record(by, "snapshot.hold", which.source() + "/" + id, detail(which, hold));
          try {
            if (!repository.hold(which.source(), id, which.name(), hold)) {
              requireSame(repository.holds(which.source(), id).get(which.name()), hold, which);
            }
          } catch (UnknownSnapshotException e) {
            throw unknown(which);
          }
          return noted(repository, which.source(), id);
        });
  }

  /**
   * Takes a hold away.
   *
   * @throws NotFoundException when there is none of that name
   */
  Held release(Which which, String by) {
    Repository repository = repositories.open();
    SnapshotId id = find(repository, which);
    return transaction.execute(
        status -> {
          lock(which.source(), id);
          Hold hold = repository.holds(which.source(), id).get(which.name());
          if (hold == null || !NAME.matcher(which.name()).matches()) {
            throw new NotFoundException("hold", which.name(), "./hub snapshots shows them");
          }
          // On its own and first: what lifts a protection is in the trail whatever comes then.
          alone.executeWithoutResult(
              ignored ->
                  audit.record(
                      by, "snapshot.release", which.source() + "/" + id, detail(which, hold)));
          repository.release(which.source(), id, which.name());
          return noted(repository, which.source(), id);
        });
  }

  /**
   * One at a time for each snapshot, over all hubs: a release must not take away the hold that came
   * after the one it read, and the catalogue must not be left with an older list of them.
   */
  private void lock(String source, SnapshotId id) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))::text")
        .param("what", "hub.hold/" + source + "/" + id)
        .query(String.class)
        .optional();
  }

  private Held noted(Repository repository, String source, SnapshotId id) {
    Map<String, Hold> holds = repository.holds(source, id);
    catalogue.held(source, id, holds);
    return new Held(source, id.value(), holds);
  }

  private static void check(Which which, Instant until, Instant now) {
    if (!NAME.matcher(which.name()).matches()) {
      throw new InvalidInputException("name", "must be 1 to 100 letters, digits or . _ -");
    }
    if (until != null && !until.isAfter(now)) {
      throw new InvalidInputException("until", "must be in the future");
    }
  }

  private static void requireSame(Hold there, Hold asked, Which which) {
    if (there == null
        || !Objects.equals(there.reason(), asked.reason())
        || !Objects.equals(there.until(), asked.until())) {
      throw new ConflictException(
          "the snapshot has another hold called " + which.name() + "; release it first", Map.of());
    }
  }

  private static SnapshotId find(Repository repository, Which which) {
    if (!SOURCE.matcher(which.source()).matches()) {
      throw new NotFoundException("source", which.source(), "see GET /api/snapshots");
    }
    try {
      return repository.resolve(which.source(), which.snapshot()).id();
    } catch (UnknownSnapshotException e) {
      throw unknown(which);
    }
  }

  private static NotFoundException unknown(Which which) {
    return new NotFoundException(
        "snapshot", which.snapshot(), "see GET /api/snapshots?source=" + which.source());
  }

  private static Map<String, Object> detail(Which which, Hold hold) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("hold", which.name());
    detail.put("reason", String.valueOf(hold.reason()));
    if (hold.until() != null) {
      detail.put("until", hold.until().toString());
    }
    return detail;
  }
}
