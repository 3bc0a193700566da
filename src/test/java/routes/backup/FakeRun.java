package routes.backup;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.backup.postgres.restore.QuietRun;

/** A run whose row a test wrote itself. */
public final class FakeRun extends QuietRun {

  /** Called whenever the work says how far it is. */
  public Runnable onProgress = () -> {};

  FakeRun(UUID id, int attempt, boolean dryRun) {
    super(id, attempt, dryRun);
  }

  /** One that the ledger says runs elsewhere, for an hour. */
  public static FakeRun running(JdbcClient jdbc) {
    UUID id = UUID.randomUUID();
    jdbc.sql(
            "INSERT INTO hub.job_run (id, job, trigger_kind, fire_time, state, requested_by,"
                + " timeout_ms, attempt, lease_owner, lease_until)"
                + " VALUES (:id, 'lease.test', 'api', now(), 'running', 'test', 1, 1, 'elsewhere',"
                + " now() + interval '1 hour')")
        .param("id", id)
        .update();
    return new FakeRun(id, 1, false);
  }

  @Override
  public void progress(long done, long total, String unit, String detail) {
    onProgress.run();
  }
}
