package routes.backup.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.backup.FakeRun;
import routes.backup.repositories.RepositoryLeases.Lease;
import routes.jobs.RunContext;

/** Who may be at the repository beside whom, on real PostgreSQL. */
class RepositoryLeasesTest extends HubTest {

  @Autowired private RepositoryLeases leases;

  private final List<UUID> mine = new ArrayList<>();

  @AfterEach
  void forget() {
    mine.forEach(id -> jdbc.sql("DELETE FROM hub.job_run WHERE id = :id").param("id", id).update());
  }

  private RunContext running() {
    FakeRun run = FakeRun.running(jdbc);
    mine.add(run.id());
    return run;
  }

  private void change(RunContext run, String set) {
    jdbc.sql("UPDATE hub.job_run SET " + set + " WHERE id = :id").param("id", run.id()).update();
  }

  private Lease take(String kind, RunContext run) {
    String[] words = kind.split(" ");
    return switch (words[0]) {
      case "write" -> leases.write(run, Duration.ZERO);
      case "read" -> leases.read(run, words[1], words[2]);
      case "restore" -> leases.restore(run, words[1], words[2]);
      case "expire" -> leases.expire(run, words[1]);
      default -> leases.sweep(run);
    };
  }

  @ParameterizedTest(name = "{0}, then {1}: {2}")
  @CsvSource({
    "write,       write,       beside",
    "write,       read a 1,    beside",
    "write,       expire a,    beside",
    "write,       sweep,       refused",
    "read a 1,    expire a,    beside",
    "read a 1,    sweep,       beside",
    "restore a 1, expire a,    refused",
    "restore a 1, expire b,    refused",
    "restore a 1, sweep,       beside",
    "restore a 1, write,       beside",
    "expire a,    expire b,    beside",
    "expire a,    restore a 1, beside",
    "expire a,    sweep,       beside",
    "sweep,       write,       refused",
    "sweep,       sweep,       refused",
    "sweep,       restore a 1, beside",
  })
  void whoMayBeBesideWhom(String first, String second, String what) {
    try (Lease one = take(first, running())) {
      RunContext other = running();
      if (what.equals("beside")) {
        try (Lease two = take(second, other)) {
          assertThat(one.isHeld() && two.isHeld()).isTrue();
        }
      } else {
        assertThatThrownBy(() -> take(second, other))
            .isInstanceOf(RepositoryBusyException.class)
            .hasMessageContaining("of lease.test is at it since");
      }
    }
    try (Lease after = take(second, running())) {
      assertThat(after.isHeld()).as("once it was given back").isTrue();
    }
    assertThat(rows()).isZero();
  }

  @Test
  void whatIsDoneInACopyStandsInNobodysWayHere() {
    try (Lease backup = leases.write(running(), Duration.ZERO);
        Lease sweep = leases.at("far").sweep(running());
        Lease restore = leases.restore(running(), "a", "1");
        Lease expire = leases.at("far").expire(running(), "a")) {
      assertThat(backup.isHeld() && sweep.isHeld() && restore.isHeld() && expire.isHeld()).isTrue();
      assertThat(sweep.isWaitedFor()).isFalse();
      assertThat(leases.at("far").inUse("a")).isEmpty();
      assertThat(expire.claim("1")).isTrue();
      RunContext copying = running();
      assertThatThrownBy(() -> leases.at("far").write(copying, Duration.ZERO))
          .isInstanceOf(RepositoryBusyException.class);
    }
  }

  private long rows() {
    return jdbc.sql("SELECT count(*) FROM hub.repository_lease WHERE run_id IN (:mine)")
        .param("mine", mine)
        .query(Long.class)
        .single();
  }

  @ParameterizedTest(name = "a run that {0}")
  @CsvSource({
    "did not renew,  lease_until = now() - interval '1 second'",
    "was taken over, attempt = 2",
    "ended,          'state = ''failed'', lease_until = NULL, finished_at = now()'",
  })
  void aRunThatIsOverStandsInNobodysWayAndLearnsOfIt(String name, String how) {
    RunContext paused = running();
    Lease backup = take("write", paused);
    change(paused, how);

    try (Lease sweep = take("sweep", running())) {
      // It wakes up, and renews its lease in the ledger as if nothing had been.
      change(
          paused,
          "lease_until = now() + interval '1 hour', attempt = 1, state = 'running',"
              + " finished_at = NULL");

      assertThat(backup.isHeld()).isFalse();
      assertThatThrownBy(backup::confirm).isInstanceOf(RepositoryBusyException.class);
      assertThat(sweep.isHeld()).isTrue();
      assertThat(sweep.isWaitedFor()).isFalse();
    }
    backup.close();
  }

  @Test
  void aShortPauseThatNobodyUsedCostsNothing() {
    RunContext paused = running();
    try (Lease backup = take("write", paused)) {
      change(paused, "lease_until = now() - interval '1 second'");
      try (Lease other = take("write", running())) {
        assertThat(backup.isHeld()).as("backups exclude no backups").isTrue();
      }
    }
  }

  @Test
  void aBackupIsWaitedForAndGoesOnWhenTheSweepHasEnded() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Lease sweep = take("sweep", running());
      assertThat(sweep.isWaitedFor()).isFalse();
      RunContext backup = running();
      Future<Lease> waiting = thread.submit(() -> leases.write(backup));
      Awaitility.await().atMost(PATIENCE).until(sweep::isWaitedFor);
      assertThat(waiting.isDone()).isFalse();

      sweep.close();

      try (Lease written = waiting.get()) {
        assertThat(written.isHeld()).isTrue();
        assertThatThrownBy(() -> take("sweep", running()))
            .isInstanceOf(RepositoryBusyException.class);
      }
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void whatIsReadIsNotClaimedAndWhatIsClaimedIsNotRead() {
    try (Lease expiry = take("expire a", running())) {
      try (Lease reader = take("read a 1", running())) {
        assertThat(leases.inUse("a")).containsExactly("1");
        assertThat(leases.inUse("b")).isEmpty();
        assertThat(expiry.claim("1")).isFalse();
        assertThat(expiry.claim("2")).isTrue();
        assertThatThrownBy(() -> take("read a 2", running()))
            .isInstanceOf(RepositoryBusyException.class)
            .hasMessageContaining("snapshot 2 is being removed");
      }
      assertThat(expiry.claim("1")).isTrue();
      try (Lease other = take("restore b 1", running())) {
        assertThat(expiry.claim("3")).as("a restore runs").isFalse();
      }
      assertThat(expiry.claim("3")).isTrue();
    }
    try (Lease reader = take("read a 3", running())) {
      assertThat(reader.isHeld()).isTrue();
    }
  }

  @Test
  void ofManyThatComeTogetherNoTwoExcludeEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      for (int round = 0; round < 10; round++) {
        CyclicBarrier together = new CyclicBarrier(6);
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          String kind = i % 2 == 0 ? "sweep" : "write";
          RunContext run = running();
          all.add(
              threads.submit(
                  () -> {
                    together.await();
                    try {
                      take(kind, run);
                      return kind;
                    } catch (RepositoryBusyException e) {
                      return "refused";
                    }
                  }));
        }
        List<String> taken = new ArrayList<>();
        for (Future<String> one : all) {
          taken.add(one.get());
        }
        taken.removeIf("refused"::equals);
        assertThat(taken.contains("sweep") ? taken : List.of("sweep")).containsExactly("sweep");
        forget();
        mine.clear();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
