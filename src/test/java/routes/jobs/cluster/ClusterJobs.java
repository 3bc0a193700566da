package routes.jobs.cluster;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.jobs.Job;
import routes.jobs.Outcome;
import routes.jobs.Param;
import routes.jobs.RunContext;

/**
 * Jobs of a {@link ClusterHub}. No {@code @Configuration}: a scan must not find them, neither for
 * {@code ./hub up} nor for another test.
 */
public class ClusterJobs {

  /** Fires each second of half an hour that comes once in four years, and not on this machine. */
  static final String TRIGGERS =
      """
      - templatedRoute:
          routeTemplateRef: job
          routeId: schedule.contested
          parameters:
            - {name: job, value: cluster.mark}
            - {name: name, value: contested}
            - {name: cron, value: "* 0-29 0 29 2 ?"}
            - {name: overlap, value: allow}
            - {name: params, value: '{"name": "contested"}'}
      - templatedRoute:
          routeTemplateRef: job
          routeId: schedule.many
          parameters:
            - {name: job, value: cluster.mark}
            - {name: name, value: many}
            - {name: cron, value: "* 0-29 0 29 2 ?"}
            - {name: overlap, value: allow}
            - {name: params, value: '{"name": "many", "millis": 60}'}
      """;

  /**
   * @param name tells a test's rows apart
   * @param millis how long the work takes
   */
  public record Mark(
      @Param("whose mark") String name,
      @Param("how long it takes") @DefaultValue("0") Long millis) {}

  /**
   * @param name tells a test's rows apart
   */
  public record Hold(@Param("whose run") String name) {}

  /** How it went. */
  public record Done(String headline) implements Outcome {}

  @Bean
  Job<Mark> clusterMark() {
    return Job.job("cluster.mark", Mark.class, "Writes that it was here").exclusiveOver("name");
  }

  @Bean
  Job<Hold> clusterHold() {
    return Job.job("cluster.hold", Hold.class, "Waits to be released, its first attempt in vain")
        .exclusiveOver("name");
  }

  @Bean
  EndpointRouteBuilder clusterRoutes(JdbcClient jdbc) {
    return new EndpointRouteBuilder() {
      @Override
      public void configure() {
        from(direct("cluster.mark"))
            .routeId("cluster.mark")
            .routeDescription("Writes that it was here")
            .process(exchange -> mark(exchange, jdbc));
        from(direct("cluster.hold"))
            .routeId("cluster.hold")
            .routeDescription("Waits to be released, its first attempt in vain")
            .process(exchange -> hold(exchange, jdbc));
      }
    };
  }

  private static void mark(Exchange exchange, JdbcClient jdbc) throws Exception {
    RunContext run = exchange.getProperty(RunContext.PROPERTY, RunContext.class);
    Mark mark = exchange.getMessage().getBody(Mark.class);
    CountDownLatch stopped = new CountDownLatch(1);
    try (RunContext.Registration ignored = run.onStop("wait", stopped::countDown)) {
      jdbc.sql(
              """
              INSERT INTO cluster.mark (name, run_id, attempt, pid)
              VALUES (:name, :run, :attempt, :pid)""")
          .param("name", mark.name())
          .param("run", run.id())
          .param("attempt", run.attempt())
          .param("pid", ProcessHandle.current().pid())
          .update();
      if (mark.millis() > 0 && stopped.await(mark.millis(), TimeUnit.MILLISECONDS)) {
        run.checkpoint();
      }
    }
    exchange.getMessage().setBody(new Done("marked"));
  }

  /**
   * A careless job: never asks whether the run is still its own, and when it is stopped says that
   * all went well. The first attempt writes to the log all the time and cannot be released. That it
   * does no harm is the ledger's doing.
   */
  private static void hold(Exchange exchange, JdbcClient jdbc) throws Exception {
    RunContext run = exchange.getProperty(RunContext.PROPERTY, RunContext.class);
    String name = exchange.getMessage().getBody(Hold.class).name();
    CountDownLatch stopped = new CountDownLatch(1);
    try (RunContext.Registration ignored = run.onStop("wait", stopped::countDown)) {
      long line = 0;
      do {
        if (run.attempt() == 1) {
          run.progress(line, 0, "lines", null);
          run.info("line " + ++line);
        } else if (released(name, jdbc)) {
          break;
        }
      } while (!stopped.await(250, TimeUnit.MILLISECONDS));
    }
    exchange.getMessage().setBody(new Done("held by attempt " + run.attempt()));
  }

  private static boolean released(String name, JdbcClient jdbc) {
    return jdbc.sql("SELECT EXISTS (SELECT FROM cluster.released WHERE name = :name)")
        .param("name", name)
        .query(Boolean.class)
        .single();
  }
}
