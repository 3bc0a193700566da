package routes.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import routes.jobs.RunContext;

/** A run whose row a test wrote itself; keeps what it was told. */
final class FakeRun implements RunContext {

  final List<String> warnings = new ArrayList<>();
  final List<String> lines = new ArrayList<>();
  private final UUID id;
  private final int attempt;
  private final boolean dryRun;

  FakeRun(UUID id, int attempt, boolean dryRun) {
    this.id = id;
    this.attempt = attempt;
    this.dryRun = dryRun;
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
  public void progress(long done, long total, String unit, String detail) {}

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
