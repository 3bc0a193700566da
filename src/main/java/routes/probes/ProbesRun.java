package routes.probes;

import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;

/** Looks at all probes, or one, now. */
@Component
record ProbesRun(ProbeProperties properties, Probes probes) {

  public ProbesOutcome run(ProbeRequest request, RunContext run) throws Exception {
    List<String> names =
        request.probe() == null || request.probe().isEmpty()
            ? new ArrayList<>(properties.probes().keySet())
            : List.of(request.probe());
    List<ProbeResult> looks = new ArrayList<>();
    for (String name : names) {
      run.checkpoint();
      ProbeResult look = probes.look(name);
      looks.add(look);
      if (look.up()) {
        run.info(name + " is up");
      } else {
        run.warn(name + " is down: " + look.why());
      }
      run.progress(looks.size(), names.size(), "probes", name);
    }
    return new ProbesOutcome(looks);
  }
}
