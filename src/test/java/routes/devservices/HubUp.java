package routes.devservices;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import routes.HubApplication;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;
import routes.kernel.errors.Failures;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code ./hub up}: the real hub on stores of its own, seeded, with a first backup and the drill
 * that proves it; then it stays up, and prints each run as it ends, with what to do when it failed.
 * With {@code --real} the stores are those that the configuration names: none is started, and
 * nothing is seeded.
 */
public final class HubUp {

  private static final Logger LOG = LoggerFactory.getLogger(HubUp.class);
  private static final PrintStream OUT = System.out;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private static final String BACKUPS = "hub-backups";
  private static final Set<String> OURS = Set.of("--once", "--real", "--services");

  private final ConfigurableApplicationContext context;
  private final Runs runs;
  private final Set<UUID> printed = new HashSet<>();

  private HubUp(ConfigurableApplicationContext context) {
    this.context = context;
    this.runs = context.getBean(Runs.class);
  }

  /**
   * @param args {@code --once}: end after the first drill, with 0 when it verified; {@code --real}:
   *     on configured stores; {@code --services}: beside simulators of MLflow and of the platform's
   *     services; else what Spring Boot takes
   */
  public static void main(String[] args) throws Exception {
    List<String> all = List.of(args);
    boolean once = all.contains("--once");
    String state = System.getenv().getOrDefault("HUB_STATE_DIR", ".hub");
    // Until Spring Boot sets logging up, the stores' own lines would stand between ours.
    ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME))
        .setLevel(ch.qos.logback.classic.Level.WARN);
    // As system properties: logging is set up before the context can be told anything.
    System.setProperty("logging.file.name", Path.of(state, "hub.log").toString());
    System.setProperty("logging.structured.format.console", "");
    System.setProperty("logging.threshold.console", "OFF");
    SpringApplication application = new SpringApplication(HubApplication.class);
    application.addInitializers(new WithoutTestConfigurations());
    DevServices services = all.contains("--real") ? null : startStores(state, application);
    int code;
    try {
      if (all.contains("--services")) {
        startSimulators();
      }
      ConfigurableApplicationContext context =
          application.run(
              all.stream().filter(argument -> !OURS.contains(argument)).toArray(String[]::new));
      if (services != null) {
        seed(services);
      }
      code = new HubUp(context).firstRuns(services != null, once);
      if (!once) {
        return; // also when something failed: it was told, and the hub is there to look at it
      }
    } catch (RuntimeException | SQLException e) {
      System.err.println("hub: " + why(e));
      System.err.println("hub: the whole story is in " + System.getProperty("logging.file.name"));
      code = 1;
    }
    System.exit(code);
  }

  private static DevServices startStores(String state, SpringApplication application) {
    DevServices services;
    try {
      services =
          DevServices.start(Options.forUp(Path.of(state).resolve("dev")).withoutShutdownHook());
    } catch (RuntimeException e) { // before logging is set up: no log has more
      System.err.println(
          "hub: cannot start the stores: " + Failures.describe(e).replaceAll("\\s*\\R\\s*", " | "));
      System.exit(1);
      throw e; // not reached
    }
    OUT.println("stores");
    services.describe().forEach(line -> OUT.println("  " + line));
    application.addInitializers(
        started -> addDefaults(started.getEnvironment(), defaults(services)));
    // After the context: runs are handed back to a ledger that must still be there.
    SpringApplication.getShutdownHandlers().add(services::close);
    return services;
  }

  /** They keep nothing, and end with this process. */
  private static void startSimulators() {
    OUT.println("simulators");
    OUT.println(
        "  "
            + MlflowSimulator.start(
                    Simulators.port(Options::fromProcess, "mlflow", 5_000), Clock.systemUTC())
                .describe());
    Simulators.start(Options::fromProcess).describe().forEach(line -> OUT.println("  " + line));
  }

  private static void seed(DevServices services) throws SQLException {
    Seed.Written seeded = Seed.stores(services);
    makeBucket(services);
    OUT.println(
        seeded.rows() > 0
            ? "seeded\n  " + seeded.rows() + " rows, " + seeded.objects() + " objects"
            : "seeded before");
  }

  private static String why(Exception failure) {
    PortInUseException port = Failures.find(failure, PortInUseException.class);
    return port == null
        ? NestedExceptionUtils.getMostSpecificCause(failure).getMessage()
        : "port "
            + port.getPort()
            + " is taken: another hub, or something else; SERVER_PORT and MANAGEMENT_SERVER_PORT"
            + " choose others";
  }

  /** Above application.yaml, below everything the user sets: environment, arguments, files. */
  private static void addDefaults(ConfigurableEnvironment environment, Map<String, Object> values) {
    String packaged =
        environment.getPropertySources().stream()
            .map(source -> source.getName())
            .filter(name -> name.contains("application.yaml"))
            .findFirst()
            .orElseThrow();
    environment.getPropertySources().addBefore(packaged, new MapPropertySource("hub-up", values));
  }

  private static Map<String, Object> defaults(DevServices services) {
    Map<String, Object> values = new LinkedHashMap<>(services.properties());
    Map.of("main", "hub.sources.", "dev", "hub.targets.")
        .forEach(
            (name, prefix) -> {
              values.put(prefix + name + ".url", services.postgres().url());
              values.put(prefix + name + ".username", services.postgres().username());
              values.put(prefix + name + ".password", services.postgres().password());
            });
    values.put("hub.backup.drill.url", services.postgres().url());
    values.put("hub.backup.drill.username", services.postgres().username());
    values.put("hub.backup.drill.password", services.postgres().password());
    values.put("hub.repository.url", "s3://" + BACKUPS + "/hub");
    return values;
  }

  /**
   * @param ours whether the stores end with the hub
   */
  private int firstRuns(boolean ours, boolean once) throws Exception {
    ConfigurableEnvironment environment = context.getEnvironment();
    OUT.println("hub");
    OUT.println(
        "  http://127.0.0.1:"
            + environment.getProperty("local.server.port")
            + "/api   key in "
            + Path.of(environment.getProperty("hub.state-dir", ".hub"), "api-key")
            + " (0600)");
    OUT.println("  log in " + environment.getProperty("logging.file.name"));
    OUT.println("runs");
    CountDownLatch first = new CountDownLatch(1);
    ScheduledExecutorService printer = Executors.newSingleThreadScheduledExecutor();
    runs.list(new Runs.Filter(null, null, null, null, Runs.MOST_PER_PAGE)).stream()
        .filter(Run::ended)
        .forEach(run -> printed.add(run.id()));
    List<String> sources = context.getBean(routes.backup.config.Sources.class).names();
    Set<UUID> wanted = new HashSet<>();
    boolean[] green = {true};
    for (String source : sources) {
      green[0] &= submit("backup.postgres", source, wanted);
    }
    printer.scheduleWithFixedDelay(
        () -> {
          for (Run run : ended()) {
            print(run);
            if (wanted.remove(run.id())) {
              green[0] &= run.state().equals("succeeded");
              if (run.job().equals("backup.postgres") && run.state().equals("succeeded")) {
                green[0] &= submit("backup.drill", run.params().get("source").textValue(), wanted);
              }
            }
          }
          if (wanted.isEmpty()) {
            first.countDown();
          }
        },
        0,
        200,
        TimeUnit.MILLISECONDS);
    first.await();
    if (!green[0]) {
      System.err.println(
          "hub: not all of the first runs succeeded; what failed is told above"
              + (once ? "" : ", and the hub stays up"));
    }
    if (!once) {
      OUT.println("next");
      OUT.println("  ./hub snapshots                        what is kept, and what is proven");
      OUT.println("  ./hub restore main dev restored_copy   the newest backup, as a new database");
      OUT.println(
          ours
              ? "  Ctrl-C stops the hub and its stores; ./hub up again finds everything as it was"
              : "  Ctrl-C stops the hub; ./hub real down stops the servers");
    }
    return green[0] ? 0 : 1;
  }

  private static void makeBucket(DevServices services) {
    if (services.s3().isConfigured()) {
      return;
    }
    try (S3Client s3 = services.s3().client()) {
      if (s3.listBuckets().buckets().stream().noneMatch(b -> b.name().equals(BACKUPS))) {
        s3.createBucket(request -> request.bucket(BACKUPS));
      }
    }
  }

  /**
   * @return whether the hub took it
   */
  private boolean submit(String job, String source, Set<UUID> wanted) {
    try {
      wanted.add(
          runs.submit(new Runs.Request(job, Map.of("source", source), false, true, "hub up", null))
              .id());
      return true;
    } catch (RuntimeException e) {
      OUT.printf("  %s of %s could not be queued: %s%n", job, source, Failures.describe(e));
      return false;
    }
  }

  /** Runs that ended since the last look, oldest first; none while the hub's database is away. */
  private List<Run> ended() {
    try {
      List<Run> recent = runs.list(new Runs.Filter(null, null, null, null, 50));
      return recent.stream()
          .filter(run -> run.ended() && printed.add(run.id()))
          .sorted(Comparator.comparing(Run::finishedAt))
          .toList();
    } catch (RuntimeException e) {
      LOG.warn("Cannot look for runs that ended, and looks again: {}", Failures.describe(e));
      return List.of();
    }
  }

  private static void print(Run run) {
    OUT.printf(
        "  %s  %-16s %-6s %s%s%n",
        LocalTime.ofInstant(run.finishedAt(), ZoneId.systemDefault()).format(TIME),
        run.job(),
        run.params().path("source").asText(),
        run.state().equals("succeeded")
            ? ""
            : run.state().toUpperCase(java.util.Locale.ROOT) + "  ",
        run.headline() == null && run.error() != null
            ? run.error().path("detail").asText()
            : run.headline());
    if (!run.state().equals("succeeded")) {
      OUT.printf("            run %s; ./hub runs %s shows its log%n", run.id(), run.id());
    }
  }
}
