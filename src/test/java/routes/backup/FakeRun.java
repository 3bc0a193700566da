package routes.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.jobs.RunContext;

/** A run whose row a test wrote itself; keeps what it was told. */
final class FakeRun implements RunContext {

  final List<String> warnings = new ArrayList<>();
  final List<String> lines = new ArrayList<>();

  /** Called whenever the work says how far it is. */
  Runnable onProgress = () -> {};

  private final UUID id;
  private final int attempt;
  private final boolean dryRun;

  FakeRun(UUID id, int attempt, boolean dryRun) {
    this.id = id;
    this.attempt = attempt;
    this.dryRun = dryRun;
  }

  /** One that the ledger says runs elsewhere, for an hour. */
  static FakeRun running(JdbcClient jdbc) {
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
  public UUID id() {
    return id;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public boolean dryRun() {
    return dryRun;
  }

  @Override
  public String requestedBy() {
    return "test";
  }

  @Override
  public String traceId() {
    return null;
  }

  @Override
  public void progress(long done, long total, String unit, String detail) {
    onProgress.run();
  }

  @Override
  public void info(String message) {
    lines.add(message);
  }

  @Override
  public void warn(String message) {
    warnings.add(message);
  }

  @Override
  public void checkpoint() {}

  @Override
  public void confirmHeld() {}

  @Override
  public Registration onStop(String what, AutoCloseable stop) {
    return () -> {};
  }
}
