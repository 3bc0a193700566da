package routes.probes;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.probes.ProbeStates.State;
import routes.web.operations.Needs;
import routes.web.operations.Page;
import routes.web.security.Role;

/** Health probes. */
@RestController
record ProbeController(ProbeProperties properties, ProbeStates states) {

  /**
   * A probe as the API shows it.
   *
   * @param url without its query
   * @param now null: it was not looked at yet
   * @param history newest first, what it is now among them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(String name, String url, State now, List<State> history) {}

  @GetMapping("/api/probes")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "probes.list",
      summary = "Lists health probes: how each is, since when, and how it was before")
  Page<View> list(
      @RequestParam(defaultValue = "10")
          @Min(1)
          @Max(200)
          @Parameter(description = "Most states of each, newest first, 1 to 200")
          int history) {
    return Page.of(
        properties.probes().entrySet().stream()
            .map(each -> view(each.getKey(), each.getValue().shown(), history))
            .toList());
  }

  private View view(String name, String url, int limit) {
    List<State> history = states.history(name, limit);
    return new View(name, url, history.isEmpty() ? null : history.get(0), history);
  }
}
