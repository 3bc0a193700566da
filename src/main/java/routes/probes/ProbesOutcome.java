package routes.probes;

import java.util.List;
import routes.jobs.Outcome;

/** What a run of {@code probes.run} found. That something is down is no failure of the run. */
record ProbesOutcome(List<ProbeResult> looks) implements Outcome {

  @Override
  public String headline() {
    List<String> down = looks.stream().filter(look -> !look.up()).map(ProbeResult::probe).toList();
    return looks.size()
        + (looks.size() == 1 ? " probe, " : " probes, ")
        + (down.isEmpty() ? "all up" : "down: " + String.join(", ", down));
  }
}
