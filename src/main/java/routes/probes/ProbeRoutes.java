package routes.probes;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.springframework.stereotype.Component;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;
import routes.platform.http.Page;
import routes.probes.ProbeStates.State;

/** Ports {@code direct:probes.run} and {@code api.probes.list}. */
@Component
class ProbeRoutes extends ApiRoutes {

  private final ProbeProperties properties;
  private final ProbeStates states;
  private final ProbesRun run;

  ProbeRoutes(ProbeProperties properties, ProbeStates states, ProbesRun run) {
    this.properties = properties;
    this.states = states;
    this.run = run;
  }

  @Override
  public void configure() {
    from(direct("probes.run"))
        .routeId("probes.run")
        .routeDescription("Looks at the probes now")
        .bean(run, "run")
        .id("probes.run.look");
    port("api.probes.list", "Lists probes with their states", this::list);
  }

  /**
   * A probe as the API shows it.
   *
   * @param url without its query
   * @param now null: it was not looked at yet
   * @param history newest first, what it is now among them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(String name, String url, State now, List<State> history) {}

  private Page<View> list(ApiRequest request) {
    int limit = (int) request.queryNumber("history", 1, 200, 10);
    return Page.of(
        properties.probes().entrySet().stream()
            .map(each -> view(each.getKey(), each.getValue().shown(), limit))
            .toList());
  }

  private View view(String name, String url, int limit) {
    List<State> history = states.history(name, limit);
    return new View(name, url, history.isEmpty() ? null : history.get(0), history);
  }
}
