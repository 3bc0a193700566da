package routes.backup.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.jobs.RunContext;
import routes.repository.Repository;
import routes.repository.format.SnapshotId;

/**
 * What was found in a copy. It is noted in that very place, where retention of the copy looks, and
 * told by an event; the catalogue is of the repository itself and learns nothing.
 */
@Component
public class CopyFindings {

  public static final String DRILL = "drill";
  private static final String READ = "read";

  private final SnapshotEvents news;
  private final TransactionTemplate transaction;
  private final Clock clock;

  CopyFindings(SnapshotEvents news, PlatformTransactionManager transactions, Clock clock) {
    this.news = news;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /**
   * Which snapshot of which copy.
   *
   * @param repository the copy, open to write
   */
  public record Where(String copy, Repository repository, String source, SnapshotId id) {}

  /**
   * {@code backup.copy.verified}, {@code .drilled} and {@code .damaged}.
   *
   * @param chunks damaged or missing ones, count; null: none, or the manifest itself
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Told(String copy, String source, String snapshot, UUID run, Integer chunks) {}

  /** A verification that read every byte and found it right. */
  public void intact(Where where, RunContext run, String detail) {
    note(where, run, READ, true, false, detail);
    tell("backup.copy.verified", where, run, null);
  }

  /** Chunks that are damaged or missing there; each that is known carries its mark already. */
  public void damaged(Where where, RunContext run, Integer chunks, String detail) {
    note(where, run, READ, false, true, detail);
    tell("backup.copy.damaged", where, run, chunks);
  }

  /** A manifest that is not what was written; nothing is noted beside it. */
  public void unreadable(Where where, RunContext run) {
    tell("backup.copy.damaged", where, run, null);
  }

  /** A drill that found every row equal. */
  public void drilled(Where where, RunContext run, String detail) {
    note(where, run, DRILL, true, false, detail);
    tell("backup.copy.drilled", where, run, null);
  }

  /**
   * A drill that did not.
   *
   * @param bytes whether a chunk was damaged or missing, and not only other content than expected
   */
  public void notEqual(Where where, RunContext run, boolean bytes, String detail) {
    note(where, run, DRILL, false, bytes, detail);
    if (bytes) {
      tell("backup.copy.damaged", where, run, 1);
    }
  }

  private void note(
      Where where, RunContext run, String how, boolean right, boolean bytes, String detail) {
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("run", run.id().toString());
    found.put("attempt", run.attempt());
    found.put("at", clock.instant().toString());
    found.put("how", how);
    found.put("right", right);
    found.put("bytes", bytes);
    found.put("detail", detail);
    where
        .repository()
        .recordHere(where.source(), where.id(), how + "-" + run.id() + "-" + run.attempt(), found);
  }

  private void tell(String type, Where where, RunContext run, Integer chunks) {
    Told told = new Told(where.copy(), where.source(), where.id().value(), run.id(), chunks);
    transaction.executeWithoutResult(
        status -> news.tell(type, run.id() + "/" + where.id(), where.source(), told));
  }
}
