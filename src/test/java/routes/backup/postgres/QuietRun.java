package routes.backup.postgres;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import routes.jobs.RunContext;

/** A run without a ledger: it notes what it is told. */
final class QuietRun implements RunContext {

  private final UUID id = UUID.randomUUID();
  private final List<String> infos = Collections.synchronizedList(new ArrayList<>());
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

  /** What could have been stopped, in the order it began. */
  List<String> steps() {
    return List.copyOf(steps);
  }

  List<String> infos() {
    return List.copyOf(infos);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public boolean dryRun() {
    return false;
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
