package routes.jobs.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.HubApplication;
import routes.devservices.WithoutTestConfigurations;
import routes.jobs.runs.Runs;
import routes.jobs.triggers.FiredByHand;
import routes.jobs.triggers.Triggers;

/**
 * The hub as one process of a cluster: the real one with {@link ClusterJobs}, told what to do by
 * lines on its standard input, {@code <number> <verb> <arguments>}. It answers with a row of {@code
 * cluster.answer}, since the database is what all processes share.
 */
public final class ClusterHub {

  /** Advisory lock at which every {@code fire} waits, so that several hubs begin at once. */
  static final long GATE = 42;

  private final ConfigurableApplicationContext context;
  private final Triggers triggers;
  private final FiredByHand byHand;
  private final Runs runs;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final ExecutorService commands =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "command");
            thread.setDaemon(true);
            return thread;
          });

  private ClusterHub(ConfigurableApplicationContext context) {
    this.context = context;
    this.triggers = context.getBean(Triggers.class);
    this.byHand = new FiredByHand(context);
    this.runs = context.getBean(Runs.class);
    this.jdbc = context.getBean(JdbcClient.class);
    this.transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
  }

  /**
   * @param args what Spring Boot takes; the configuration with its secrets is a file
   */
  public static void main(String[] args) throws IOException {
    SpringApplication application = new SpringApplication(HubApplication.class, ClusterJobs.class);
    application.addInitializers(new WithoutTestConfigurations());
    new ClusterHub(application.run(args)).obey();
  }

  private void obey() throws IOException {
    answer(0, "ready");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      commands.execute(
          () -> {
            try {
              answer(Long.parseLong(words[0]), carryOut(words));
            } catch (RuntimeException e) {
              answer(Long.parseLong(words[0]), "failed: " + e);
            }
          });
    }
  }

  private void answer(long number, String text) {
    jdbc.sql("INSERT INTO cluster.answer (pid, number, text) VALUES (:pid, :number, :text)")
        .param("pid", ProcessHandle.current().pid())
        .param("number", number)
        .param("text", text)
        .update();
  }

  private String carryOut(String[] words) {
    return switch (words[1]) {
      case "fire" -> fire(words[2], Instant.parse(words[3]), Integer.parseInt(words[4]));
      case "half-fire" -> halfFire(words[2], Instant.parse(words[3]));
      case "backfill" ->
          "" + triggers.backfill(words[2], Instant.parse(words[3]), Instant.parse(words[4]));
      case "submit" -> submit(words[2], words[3]);
      case "load" -> load();
      case "cancel" -> runs.cancel(UUID.fromString(words[2]), "test").state();
      default -> throw new IllegalArgumentException(words[1]);
    };
  }

  /** Fires a schedule for each second of a span, as Quartz would. */
  private String fire(String schedule, Instant from, int count) {
    jdbc.sql("SELECT pg_advisory_xact_lock_shared(:gate)::text")
        .param("gate", GATE)
        .query(String.class)
        .optional();
    for (int second = 0; second < count; second++) {
      byHand.fire(schedule, from.plusSeconds(second));
    }
    return "fired";
  }

  /** Fires, and never gets to the commit. */
  private String halfFire(String schedule, Instant at) {
    return transaction.execute(
        status -> {
          byHand.fire(schedule, at);
          commands.execute(() -> answer(-1, "half fired"));
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "not reached";
        });
  }

  /** Reads the hub's own routes again, as at a start. */
  private String load() {
    CamelContext camel = context.getBean(CamelContext.class);
    String file = context.getEnvironment().getProperty("hub.routes.folder") + "/own.camel.yaml";
    try {
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(ResourceHelper.resolveMandatoryResource(camel, "file:" + file));
    } catch (Exception e) {
      throw new IllegalStateException("cannot load " + file, e);
    }
    context
        .getBeansOfType(CamelContextConfiguration.class)
        .values()
        .forEach(configuration -> configuration.afterApplicationStart(camel));
    return "loaded";
  }

  private String submit(String job, String name) {
    return runs.submit(new Runs.Request(job, Map.of("name", name), false, true, "test", null))
        .id()
        .toString();
  }
}
