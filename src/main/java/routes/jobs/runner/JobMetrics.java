package routes.jobs.runner;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import routes.jobs.JobCatalogue;

/**
 * {@code hub_job_*}. The job's label is {@code job_id}: {@code job} belongs to the scrape. A run
 * that left dead letters has failed before it comes here, so success means success.
 */
@Component
class JobMetrics {

  /** Ten bounds from an instant to hours: backups are long, look-ups short. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(15),
    Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1),
    Duration.ofHours(4), Duration.ofHours(12)
  };

  private final MeterRegistry registry;
  private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

  JobMetrics(MeterRegistry registry, JobCatalogue jobs) {
    this.registry = registry;
    jobs.all()
        .forEach(
            job -> {
              running(job.id());
              // A series that is there from the start: an alert on "increased" sees the first one.
              counter(job.id(), "succeeded");
              counter(job.id(), "failed");
            });
  }

  void began(String job) {
    running(job).incrementAndGet();
  }

  void left(String job) {
    running(job).decrementAndGet();
  }

  /**
   * @param state how the attempt ended
   */
  void ended(String job, String state, Duration took) {
    counter(job, state).increment();
    Timer.builder("hub.job.duration")
        .description("How long an attempt of a job took")
        .tags("job_id", job, "state", state)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(took);
  }

  private Counter counter(String job, String state) {
    return Counter.builder("hub.job.runs")
        .description("Attempts of jobs by how they ended")
        .tags("job_id", job, "state", state)
        .register(registry);
  }

  private AtomicInteger running(String job) {
    return running.computeIfAbsent(
        job,
        id -> {
          AtomicInteger count = new AtomicInteger();
          Gauge.builder("hub.job.running", count, AtomicInteger::get)
              .description("Runs this hub works on")
              .tag("job_id", id)
              .register(registry);
          return count;
        });
  }
}
