package routes.chaos;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import routes.Api;
import routes.devservices.DevServices;
import routes.devservices.FaultyProxy;
import routes.devservices.HubServer;
import routes.devservices.Options;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code ./hub chaos backup}: kills hubs, PostgreSQL's programs and the database server, and breaks
 * the network to S3, at random moments of every job that touches the repository. After each fault
 * no snapshot may lack a chunk; in the end nothing may be left over.
 */
public final class BackupChaos {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int DEEP_LOOK_EVERY = 25;

  /** What is broken; three of four times something is killed. */
  enum Fault {
    HUB,
    PROGRAM,
    SERVER,
    CUT,
    STALL,
    UNAVAILABLE
  }

  /**
   * What happened.
   *
   * @param kills SIGKILLs sent
   * @param faults by kind, count
   * @param runs by job and state, count
   * @param snapshots published in all
   * @param violations promises that were broken; empty is what we want
   */
  record Report(
      int kills,
      Map<Fault, Integer> faults,
      Map<String, Integer> runs,
      int snapshots,
      List<String> violations) {}

  private final Scene scene;
  private final PrintStream out;
  private final Random random;
  private final List<String> violations = new ArrayList<>();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final Map<String, Integer> runs = new TreeMap<>();
  private int kills;

  BackupChaos(Scene scene, long seed, PrintStream out) {
    this.scene = scene;
    this.random = new Random(seed);
    this.out = out;
  }

  /**
   * @param args {@code --kills=200}, {@code --seed=n}
   */
  public static void main(String[] args) throws Exception {
    int kills = 200;
    long seed = System.nanoTime();
    for (String arg : args) {
      if (arg.matches("--kills=\\d{1,6}")) {
        kills = Integer.parseInt(arg.substring("--kills=".length()));
      } else if (arg.matches("--seed=-?\\d{1,18}")) {
        seed = Long.parseLong(arg.substring("--seed=".length()));
      } else {
        System.err.println("hub: chaos backup takes --kills=n and --seed=n, not " + arg);
        System.exit(2);
      }
    }
    ((ch.qos.logback.classic.Logger)
            org.slf4j.LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
        .setLevel(ch.qos.logback.classic.Level.ERROR);
    Path folder = Files.createTempDirectory("hub-chaos-");
    Report report;
    System.out.println("seed " + seed);
    try (DevServices services = DevServices.start(Options.forTests(folder.resolve("stores")));
        Scene scene = new Scene(services, folder, "chaos")) {
      report = new BackupChaos(scene, seed, System.out).run(kills);
    }
    System.out.println("kills      " + report.kills());
    System.out.println("faults     " + report.faults());
    System.out.println("runs       " + report.runs());
    System.out.println("snapshots  " + report.snapshots());
    System.out.println("violations " + report.violations().size());
    report.violations().forEach(violation -> System.out.println("  " + violation));
    if (report.violations().isEmpty()) {
      org.springframework.util.FileSystemUtils.deleteRecursively(folder);
    } else {
      System.out.println("logs are in " + folder);
    }
    System.exit(report.violations().isEmpty() ? 0 : 1);
  }

  /**
   * @param wanted SIGKILLs to send; a fault of the network comes with about every second one
   */
  Report run(int wanted) throws Exception {
    Set<String> jobs = jobs();
    succeed("backup.postgres");
    succeed("backup.copy");
    for (int round = 1; kills < wanted; round++) {
      scene.change(random);
      String job = pick(jobs);
      String run = scene.hub().submit(job, params(job));
      StringBuilder what = new StringBuilder(job);
      // Now and then a second one, into whatever mends the first.
      for (int left = 1 + random.nextInt(2); left > 0; left--) {
        wait(random.nextInt(job.equals("backup.drill") ? 3_000 : 1_500));
        Fault fault = fault();
        what.append(", ").append(fault);
        inflict(fault, run);
      }
      settle();
      look(round, what.toString());
    }
    end(jobs);
    return new Report(kills, faults, runs, succeededBackups(), violations);
  }

  private Set<String> jobs() {
    Set<String> jobs = new java.util.TreeSet<>();
    scene
        .hub()
        .api()
        .get("/api/jobs")
        .json()
        .at("/items")
        .findValuesAsText("id")
        .forEach(jobs::add);
    jobs.retainAll(
        Set.of(
            "backup.postgres",
            "backup.drill",
            "backup.copy",
            "backup.sweep",
            "retention.snapshots"));
    return jobs;
  }

  /** Half of all are backups; the others take turns. */
  private String pick(Set<String> jobs) {
    List<String> all = List.copyOf(jobs);
    return random.nextBoolean() ? "backup.postgres" : all.get(random.nextInt(all.size()));
  }

  private Fault fault() {
    int half = Fault.values().length / 2;
    return Fault.values()[(random.nextInt(4) < 3 ? 0 : half) + random.nextInt(half)];
  }

  private static Map<String, String> params(String job) {
    return switch (job) {
      case "backup.sweep" -> Map.of();
      case "backup.copy" -> Map.of("copy", Scene.COPY, "source", Scene.SOURCE, "snapshot", "all");
      default -> Map.of("source", Scene.SOURCE);
    };
  }

  private void inflict(Fault fault, String run) {
    faults.merge(fault, 1, Integer::sum);
    switch (fault) {
      case HUB -> {
        scene.killHub(random);
        kills++;
      }
      case PROGRAM -> {
        // One runs for some milliseconds only: wait for it, or for the end of the run.
        boolean[] killed = {false};
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> (killed[0] = scene.killTool()) || hasEnded(run));
        kills += killed[0] ? 1 : 0;
      }
      case SERVER -> {
        scene.killServer();
        kills++;
      }
      case CUT -> unwell(FaultyProxy.Mode.CUT, 300 + random.nextInt(2_000));
      case STALL -> unwell(FaultyProxy.Mode.STALL, 300 + random.nextInt(4_000));
      case UNAVAILABLE -> unwell(FaultyProxy.Mode.UNAVAILABLE, 300 + random.nextInt(3_000));
    }
  }

  private void unwell(FaultyProxy.Mode mode, int millis) {
    scene.network(mode);
    wait(millis);
    scene.network(FaultyProxy.Mode.FINE);
  }

  private boolean hasEnded(String run) {
    return Set.of("succeeded", "failed", "cancelled", "skipped")
        .contains(String.valueOf(scene.hub().api().get("/api/runs/" + run).text("/state")));
  }

  /**
   * Waits until no run is under way any more, whoever has to take it over. What waits to be tried
   * again later is called off: the next round brings work enough.
   */
  private void settle() {
    await("every run ends")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsMatching(failure -> failure instanceof AssertionError)
        .until(() -> ids("running").isEmpty() && callOff().isEmpty() && ids("running").isEmpty());
  }

  /** Ids of runs that were queued. */
  private List<String> callOff() {
    List<String> queued = ids("queued");
    queued.forEach(id -> scene.hub().api().post("/api/runs/" + id + "/cancel", "{}"));
    return queued;
  }

  private List<String> ids(String state) {
    Api.Answer answer = scene.hub().api().get("/api/runs?state=" + state);
    return answer.status() == 200
        ? answer.json().at("/items").findValuesAsText("id")
        : List.of("unknown");
  }

  private void look(int round, String what) {
    try (S3Client s3 = scene.s3()) {
      RepositoryLook look = new RepositoryLook(s3, scene.bucket(), Scene.PREFIX);
      look.missing().forEach(missing -> violated(what + ": a snapshot lacks " + missing));
      RepositoryLook copy = new RepositoryLook(s3, scene.bucket(), Scene.COPY);
      copy.missing().forEach(missing -> violated(what + ": a copy lacks " + missing));
      if (round % DEEP_LOOK_EVERY == 0) {
        out.println(
            kills
                + " kills, "
                + look.snapshotIds().size()
                + " snapshots, "
                + look.readAll()
                + " chunks read");
      }
    }
  }

  /** After the faults: one quiet run of each job, then nothing may be left. */
  private void end(Set<String> jobs) throws SQLException, IOException {
    succeed("backup.postgres");
    succeed("backup.drill");
    succeed("backup.copy");
    scene.hub().run("backup.catalogue.rebuild", Map.of());
    if (jobs.contains("retention.snapshots")) {
      succeed("retention.snapshots");
    }
    if (jobs.contains("backup.sweep")) {
      succeed("backup.sweep");
      wait(2_500); // the grace of the marks
      succeed("backup.sweep");
    }
    tally();
    try (S3Client s3 = scene.s3()) {
      RepositoryLook look = new RepositoryLook(s3, scene.bucket(), Scene.PREFIX);
      new RepositoryLook(s3, scene.bucket(), Scene.COPY).readAll();
      look.missing().forEach(missing -> violated("in the end a snapshot lacks " + missing));
      look.readAll();
      if (jobs.contains("backup.sweep")) {
        look.unnamed().forEach(id -> violated("after the sweep there is the unnamed chunk " + id));
      }
      if (look.openUploads() > 0) {
        violated(look.openUploads() + " uploads in parts were left open");
      }
      List<String> listed =
          scene
              .hub()
              .api()
              .get("/api/snapshots?limit=500")
              .json()
              .at("/items")
              .findValuesAsText("id")
              .stream()
              .sorted()
              .toList();
      if (!listed.equals(look.snapshotIds())) {
        violated("the catalogue lists " + listed + ", the repository " + look.snapshotIds());
      }
    }
    scene.scratchDatabases().forEach(name -> violated("scratch database " + name + " was left"));
    for (HubServer hub : scene.hubs()) {
      Path temp = hub.home().resolve("tmp");
      if (Files.isDirectory(temp)) {
        try (var files = Files.list(temp)) {
          files.forEach(file -> violated("temporary file " + file.getFileName() + " was left"));
        }
      }
    }
  }

  private void succeed(String job) {
    scene.hub().run(job, params(job));
  }

  private void tally() {
    for (String job : jobs()) {
      for (String state : List.of("succeeded", "failed", "cancelled", "skipped")) {
        int n = all(job, state);
        if (n > 0) {
          runs.put(job + " " + state, n);
        }
      }
    }
  }

  private int all(String job, String state) {
    int count = 0;
    String after = "";
    while (after != null) {
      JsonNode page =
          scene
              .hub()
              .api()
              .get("/api/runs?limit=500&job=" + job + "&state=" + state + after)
              .json();
      count += page.at("/items").size();
      after = page.hasNonNull("next") ? "&after=" + page.get("next").asText() : null;
    }
    return count;
  }

  private int succeededBackups() {
    return runs.getOrDefault("backup.postgres succeeded", 0);
  }

  private void violated(String what) {
    violations.add(what);
    out.println("VIOLATED  " + what);
  }

  private static void wait(int millis) {
    await().pollDelay(Duration.ofMillis(millis)).atMost(PATIENCE).until(() -> true);
  }
}
