package routes.platform.doctor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;
import routes.platform.error.HttpException;
import routes.platform.http.ApiRoutes;

/** Port {@code api.doctor}: a hub that runs looks at what it runs with. */
@Component
class DoctorRoutes extends ApiRoutes {

  private final ConfigurableEnvironment environment;

  /** It may hold its thread for {@link Doctor#PATIENCE}. */
  private final Semaphore one = new Semaphore(1);

  DoctorRoutes(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  /**
   * @param lines of {@code items}, for people
   * @param failed how many of them are failures
   */
  record Answer(List<Report.Item> items, List<String> lines, String summary, long failed) {}

  @Override
  public void configure() {
    port("api.doctor", "Looks at configuration, stores, privileges, disk and clock", r -> look());
  }

  private Answer look() {
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
