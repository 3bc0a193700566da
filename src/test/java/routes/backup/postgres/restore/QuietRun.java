package routes.backup.postgres.restore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import routes.jobs.RunContext;

/** A run without a ledger: it notes what it is told. */
public class QuietRun implements RunContext {

  private final UUID id;
  private final int attempt;
  private final boolean dryRun;
  private final List<String> infos = Collections.synchronizedList(new ArrayList<>());
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

  /** A first attempt. */
  public QuietRun() {
    this(UUID.randomUUID(), 1, false);
  }

  public QuietRun(UUID id, int attempt, boolean dryRun) {
    this.id = id;
    this.attempt = attempt;
    this.dryRun = dryRun;
  }

  /** What could have been stopped, in the order it began. */
  public final List<String> steps() {
    return List.copyOf(steps);
  }

  public final List<String> infos() {
    return List.copyOf(infos);
  }

  public final List<String> warnings() {
    return List.copyOf(warnings);
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
    infos.add(message);
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
    steps.add(what);
    return () -> {};
  }
}
