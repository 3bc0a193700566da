package routes.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import routes.CommitSeed;

/**
 * What several hubs on one database promise, with the leases and intervals they have by default.
 * One hub is frozen before the first test and thawed in the last one, when its leases are long
 * lost; the others do their work beside it, as they would. {@link ClusterSlowTest} has more fires
 * and freezes for longer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {

  /** By requirement. */
  private static final Duration LONGEST_TAKEOVER = Duration.ofSeconds(15);

  private static final Duration LEASE = Duration.ofSeconds(10);

  /** A fire each second of minutes that no test runs in. */
  private static final Instant LEAP_DAY = Instant.parse("2024-02-29T00:00:00Z");

  private final Cluster cluster =
      new Cluster(
          "replicas",
          ClusterJobs.TRIGGERS,
          // One run outlives three of its hubs here; a fourth must not fail the test.
          Map.of("hub.jobs.max-lost", "10"));
  private final List<HubProcess> live = new ArrayList<>();
  private final List<HubProcess> coming = new ArrayList<>();
  private FrozenHub frozen;

  /** Fires that two hubs fire at once. */
  int contested() {
    return 300;
  }

  /** Runs, during which two hubs are killed. */
  int many() {
    return 200;
  }

  /** How long a hub stands still at least. */
  Duration freeze() {
    return LEASE.multipliedBy(2);
  }

  @BeforeAll
  void freezeOne() {
    Instant began = Instant.now();
    HubProcess first = cluster.start();
    HubProcess second = cluster.start();
    live.addAll(List.of(cluster.ready(first), cluster.ready(second)));
    say("two hubs up after %s", Duration.between(began, Instant.now()));
    cluster.watchEnds();
    live.remove(first);
    frozen = new FrozenHub(cluster, first, "cluster.mark/contested", LEAP_DAY);
    coming.add(cluster.start());
  }

  @AfterAll
  void endAll() {
    cluster.close();
  }

  /** Hubs that are up, {@code count} of them at least. */
  private List<HubProcess> live(int count) {
    while (live.size() < count) {
      live.add(cluster.ready(coming.isEmpty() ? cluster.start() : coming.remove(0)));
    }
    return live;
  }

  @Test
  @Order(1)
  void aFrozenHubLosesItsRunToAnother() {
    Cluster.Row run = cluster.in("succeeded", frozen.takenOver().id());

    takenOver(frozen.takenOver(), run, frozen.since(), "frozen");
    assertThat(run.headline()).isEqualTo("held by attempt 2");
    coming.addAll(List.of(cluster.start(), cluster.start()));
  }

  private void takenOver(Cluster.Row before, Cluster.Row after, Instant at, String how) {
    Duration takeover = Duration.between(at, cluster.began(after.id(), 2));
    say("the run of a %s hub was taken over after %s", how, takeover);
    assertThat(takeover).isLessThanOrEqualTo(LONGEST_TAKEOVER);
    assertThat(after.attempt()).isEqualTo(2);
    assertThat(after.lost()).isEqualTo(1);
    assertThat(after.fence()).isGreaterThan(before.fence());
  }

  @Test
  @Order(2)
  void contestedFiresRunExactlyOnceEach() {
    int contested = contested();
    List<HubProcess> both = live(2).subList(0, 2);
    long[] asked = new long[2];
    cluster.atOnce(
        2,
        () -> {
          for (int hub = 0; hub < 2; hub++) {
            asked[hub] =
                cluster.tell(
                    both.get(hub), "fire cluster.mark/contested " + LEAP_DAY + " " + contested);
          }
        });
    Instant began = Instant.now();
    assertThat(cluster.answer(both.get(0), asked[0])).isEqualTo("fired");
    assertThat(cluster.answer(both.get(1), asked[1])).isEqualTo("fired");
    String runs = "hub.job_run WHERE trigger_id = 'cluster.mark/contested'";
    await()
        .atMost(Cluster.PATIENCE)
        .until(() -> cluster.count(runs + " AND attempt > 0") == contested);
    await()
        .atMost(Cluster.PATIENCE)
        .until(() -> cluster.count(runs + " AND finished_at IS NOT NULL") == contested);

    assertThat(cluster.count(runs)).isEqualTo(contested);
    assertThat(cluster.count(runs + " AND state = 'succeeded' AND attempt = 1"))
        .isEqualTo(contested);
    assertThat(cluster.count("cluster.mark WHERE name = 'contested'")).isEqualTo(contested);
    assertThat(
            cluster.count(
                "(SELECT DISTINCT run_id FROM cluster.mark WHERE name = 'contested') once"))
        .isEqualTo(contested);
    List<Long> shares =
        cluster
            .jdbc
            .sql("SELECT count(*) FROM cluster.mark WHERE name = 'contested' GROUP BY pid")
            .query(Long.class)
            .list();
    say(
        "%d contested fires ended after %s; %s each",
        contested, Duration.between(began, Instant.now()), shares);
    assertThat(shares).as("the work was shared").hasSizeGreaterThan(1);
  }

  @Test
  @Order(3)
  void aCancelAskedOfOneHubStopsTheRunOnAnother() {
    live(2);
    Cluster.Row run = cluster.hold(live.get(0), "cancelled");
    HubProcess other =
        live.stream().filter(hub -> hub != cluster.owner(run)).findFirst().orElseThrow();
    Instant asked = cluster.now();
    cluster.ask(other, "cancel " + run.id());

    Cluster.Row ended = cluster.in("cancelled", run.id());

    Duration took = Duration.between(asked, ended.finishedAt());
    say("a run was cancelled from another hub after %s", took);
    assertThat(took).isLessThan(LEASE);
    assertThat(ended.headline()).isEqualTo("cancelled by test");
    assertThat(ended.attempt()).isEqualTo(1);
  }

  @Test
  @Order(4)
  void aStoppedHubHandsItsRunsBackAtOnce() {
    live(2);
    cluster.release("handed-back");
    Cluster.Row run = cluster.hold(live.get(0), "handed-back");
    HubProcess owner = cluster.owner(run);
    Instant stopped = cluster.now();
    owner.terminate();
    live.remove(owner);

    Cluster.Row ended = cluster.in("succeeded", run.id());

    Duration took = Duration.between(stopped, cluster.began(run.id(), 2));
    say("the run of a stopped hub went on after %s", took);
    assertThat(ended.attempt()).isEqualTo(2);
    assertThat(ended.lost()).as("handed back, not lapsed").isZero();
    assertThat(took).isLessThan(LEASE);
    assertThat(owner.exitCode()).as("of SIGTERM").isEqualTo(143);
    say("and it ended after %s", Duration.between(stopped, cluster.now()));
  }

  @Test
  @Order(5)
  void whatKilledHubsRanIsTakenOverAndEveryRunEndsOnce() {
    int many = many();
    live(3);
    long seed = CommitSeed.get();
    Random random = new Random(seed);
    cluster.release("killed");
    Cluster.Row held = cluster.hold(live.get(0), "killed");
    HubProcess owner = cluster.owner(held);
    live.remove(owner);
    cluster.ask(live.get(0), "fire cluster.mark/many " + LEAP_DAY + " " + many);
    String marks = "cluster.mark WHERE name = 'many'";
    int first = random.nextInt(many / 30, many / 4);
    await().atMost(Cluster.PATIENCE).until(() -> cluster.count(marks) >= first);
    Instant killed = cluster.now();
    owner.kill();
    int second = random.nextInt(first + many / 30, many * 2 / 3);
    await().atMost(Cluster.PATIENCE).until(() -> cluster.count(marks) >= second);
    live.remove(0).kill();

    takenOver(held, cluster.in("succeeded", held.id()), killed, "killed");
    String runs = "hub.job_run WHERE trigger_id = 'cluster.mark/many'";
    await()
        .atMost(Cluster.PATIENCE)
        .until(() -> cluster.count(runs + " AND state = 'succeeded'") == many);
    say(
        "hubs killed at %d and %d of %d runs (seed %d), %d runs had a second attempt",
        first, second, many, seed, cluster.count(runs + " AND attempt = 2"));
    assertThat(cluster.count(runs)).isEqualTo(many);
    assertThat(
            cluster.count(
                "cluster.ended JOIN hub.job_run ON run_id = id"
                    + " WHERE trigger_id = 'cluster.mark/many'"))
        .as("ends")
        .isEqualTo(many);
    List<String> marked =
        cluster
            .jdbc
            .sql("SELECT run_id || ' ' || attempt FROM cluster.mark WHERE name = 'many'")
            .query(String.class)
            .list();
    assertThat(marked).doesNotHaveDuplicates();
    assertThat(new HashSet<>(marked.stream().map(line -> line.split(" ")[0]).toList()))
        .hasSize(many);
  }

  @Test
  @Order(6)
  void aHubThatIsThawedWritesNothing() {
    live(1);

    frozen.thawAfter(freeze());
  }

  private static void say(String format, Object... values) {
    System.out.printf("cluster: " + format + "%n", values);
  }
}
