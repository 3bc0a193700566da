package routes.doctor;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.errors.HttpException;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.security.Role;

/** A hub that runs looks at what it runs with. */
@RestController
class DoctorController {

  private final ConfigurableEnvironment environment;

  /** It may hold its thread for {@link Doctor#PATIENCE}. */
  private final Semaphore one = new Semaphore(1);

  DoctorController(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  /**
   * @param lines of {@code items}, for people
   * @param failed how many of them are failures
   */
  record Answer(List<Report.Item> items, List<String> lines, String summary, long failed) {}

  @GetMapping("/api/doctor")
  @Needs(Role.ADMIN)
  @Operation(
      operationId = "doctor",
      summary =
          "Looks at what this hub runs with: configuration, stores, privileges, versions, disk and"
              + " clock")
  @ApiResponse(
      responseCode = "200",
      description = "What was found, one line each; failed counts what does not work")
  @Fails(status = 503, when = "It is at work for another caller")
  Answer look() {
    if (!one.tryAcquire()) {
      throw new HttpException(
          503, "Unavailable", "the doctor is at work for another caller; ask again", Map.of());
    }
    try {
      Report report = Doctor.examine(environment);
      return new Answer(report.items(), report.lines(), report.summary(), report.failed());
    } finally {
      one.release();
    }
  }
}
