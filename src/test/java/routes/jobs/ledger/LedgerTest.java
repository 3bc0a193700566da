package routes.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.HubTest;

/**
 * The ledger's rules on real PostgreSQL. Its jobs are unknown to the shared hub, whose runner
 * leaves them alone; a lease lapses by moving its end, not by waiting.
 */
class LedgerTest extends HubTest {

  @Autowired private Ledger ledger;
  @Autowired private RunEnds ends;
  @Autowired private PlatformTransactionManager transactions;

  private String job;

  @BeforeEach
  void ownJob() {
    job = "ledger.t" + UUID.randomUUID().toString().substring(0, 8);
  }

  @Test
  void claimsTheOldestDueRunOnce() {
    UUID younger = queue(null, "now() - interval '1 min'");
    UUID older = queue(null, "now() - interval '2 min'");
    queue(null, "now() + interval '1 hour'");

    assertThat(claim("one").id()).isEqualTo(older);
    assertThat(claim("two").id()).isEqualTo(younger);
    assertThat(ledger.claim("three", List.of(job))).isEmpty();
    assertThat(ledger.claim("three", List.of())).isEmpty();
  }

  @Test
  void aRunIsClaimedByOneOfManyHubs() throws Exception {
    for (int i = 0; i < 100; i++) {
      queue(null, "now()");
    }
    Set<UUID> claimed = ConcurrentHashMap.newKeySet();
    List<Integer> counts =
        together(
            4,
            hub -> {
              int mine = 0;
              while (true) {
                var run = ledger.claim("hub-" + hub, List.of(job));
                if (run.isEmpty()) {
                  return mine;
                }
                assertThat(claimed.add(run.get().id())).isTrue();
                mine++;
              }
            });

    assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
  }

  @Test
  void twoRunsWithOneExclusiveKeyNeverRunTogether() throws Exception {
    for (int i = 0; i < 4; i++) {
      queue(job + "|x", "now()");
    }
    List<Integer> counts =
        together(4, hub -> ledger.claim("hub-" + hub, List.of(job)).isPresent() ? 1 : 0);

    assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1);
    assertThat(ledger.claim("late", List.of(job))).isEmpty();
  }

  @Test
  void anOldClaimsWritesAreRefused() {
    UUID id = queue(null, "now()");
    ClaimedRun old = claim("old");
    lapse(id);
    ClaimedRun current = claim("new");

    assertThat(current.id()).isEqualTo(id);
    assertThat(current.attempt()).isEqualTo(2);
    assertThat(current.lost()).isEqualTo(1);
    assertThat(current.fence()).isGreaterThan(old.fence());
    Run before = runs.get(id);

    assertThat(ledger.renew("old", old, Map.of("done", 1), "t").held()).isFalse();
    assertThat(ledger.log(old, "INFO", "late")).isFalse();
    assertThat(ledger.finish(old, end("succeeded"))).isFalse();
    assertThat(ledger.requeue(old, Duration.ZERO, 0, end("queued"))).isFalse();

    assertThat(runs.get(id)).isEqualTo(before);
    assertThat(runs.log(id, 0, 10)).isEmpty();
    assertThat(ledger.renew("new", current, null, null).held()).isTrue();
    assertThat(ledger.finish(current, end("succeeded"))).isTrue();
    assertThat(ledger.finish(current, end("failed"))).as("an end stands").isFalse();
  }

  @Test
  void aLapsedLeaseThatNobodyTookIsRenewed() {
    UUID id = queue(null, "now()");
    ClaimedRun run = claim("one");
    lapse(id);

    assertThat(ledger.renew("one", run, null, null).held()).isTrue();
    assertThat(ledger.claim("two", List.of(job))).isEmpty();
  }

  @Test
  void aRunThatTakesHubsDownIsGivenUp() {
    UUID id = queue(null, "now()");
    claim("first");
    for (int lost = 1; lost <= 3; lost++) {
      lapse(id);
      assertThat(claim("hub").lost()).isEqualTo(lost);
    }
    lapse(id);
    assertThat(ledger.claim("hub", List.of(job))).isEmpty();

    ends.reap();
    ends.reap();

    assertThat(runs.get(id).state()).isEqualTo("failed");
    assertThat(runs.get(id).headline()).contains("4 times");
    assertThat(failures(id)).as("told once, whoever ended it").isEqualTo(1);
  }

  @Test
  void anEndAndItsEventAreOne() {
    UUID id = queue(null, "now()");
    ClaimedRun run = claim("one");
    Ledger.End failed = end("failed");

    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> {
              ends.finish(run, failed, null, new IllegalStateException("a row's value"));
              status.setRollbackOnly(); // the hub is killed
            });
    assertThat(runs.get(id).state()).isEqualTo("running");
    assertThat(failures(id)).isZero();

    assertThat(ends.finish(run, failed, null, null)).isTrue();
    assertThat(ends.finish(run, failed, null, null)).isFalse();
    assertThat(failures(id)).isEqualTo(1);
  }

  private long failures(UUID run) {
    return jdbc.sql(
            "SELECT count(*) FROM hub.outbox WHERE type = 'run.failed'"
                + " AND envelope -> 'data' ->> 'run' = :run")
        .param("run", run.toString())
        .query(Long.class)
        .single();
  }

  @Test
  void aCancelledRunWhoseHubIsGoneEnds() {
    UUID id = queue(null, "now()");
    claim("gone");
    runs.cancel(id, "ops");
    lapse(id);
    assertThat(ledger.claim("other", List.of(job))).isEmpty();

    ledger.reap();

    assertThat(runs.get(id).state()).isEqualTo("cancelled");
  }

  @Test
  void renewalTellsThatCancelWasAskedAndKeepsProgress() {
    UUID id = queue(null, "now()");
    ClaimedRun run = claim("one");
    assertThat(ledger.renew("one", run, Map.of("done", 7), "abc").cancelAskedBy()).isNull();
    runs.cancel(id, "ops");

    assertThat(ledger.renew("one", run, null, null).cancelAskedBy()).isEqualTo("ops");
    assertThat(runs.get(id).progress().get("done").asInt()).isEqualTo(7);
    assertThat(runs.get(id).traceId()).isEqualTo("abc");
  }

  @Test
  void handingBackUsesARetryOnlyForAFailure() {
    UUID id = queue(null, "now()");
    assertThat(ledger.requeue(claim("one"), Duration.ZERO, 0, end("queued"))).isTrue();
    assertThat(ledger.requeue(claim("one"), Duration.ofHours(1), 1, end("queued"))).isTrue();

    assertThat(runs.get(id).retriesLeft()).isZero();
    assertThat(ledger.claim("one", List.of(job))).as("not before its time").isEmpty();
  }

  private ClaimedRun claim(String node) {
    return ledger.claim(node, List.of(job)).orElseThrow();
  }

  private UUID queue(String exclusive, String fireTime) {
    UUID id = UUID.randomUUID();
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, fire_time, state, exclusive_key,
                                     requested_by, retries_left, timeout_ms)
            VALUES (:id, :job, 'api', %s, 'queued', :key, 'test', 1, 60000)"""
                .formatted(fireTime))
        .param("id", id)
        .param("job", job)
        .param("key", exclusive)
        .update();
    return id;
  }

  private void lapse(UUID id) {
    jdbc.sql("UPDATE hub.job_run SET lease_until = now() - interval '1 s' WHERE id = :id")
        .param("id", id)
        .update();
  }

  private static Ledger.End end(String state) {
    return new Ledger.End(state, "headline", null, null, null, null);
  }

  private interface PerHub {
    int run(int hub) throws Exception;
  }

  /** Does the work on several threads that begin in one instant. */
  private static List<Integer> together(int hubs, PerHub work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(hubs);
    ExecutorService threads = Executors.newFixedThreadPool(hubs);
    try {
      List<Callable<Integer>> tasks =
          java.util.stream.IntStream.range(0, hubs)
              .mapToObj(
                  hub ->
                      (Callable<Integer>)
                          () -> {
                            start.await();
                            return work.run(hub);
                          })
              .toList();
      List<Integer> results = new java.util.ArrayList<>();
      for (var future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
