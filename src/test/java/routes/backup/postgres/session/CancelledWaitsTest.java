package routes.backup.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import routes.HubTest;
import routes.TestJobs;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.dump.PostgresSource;
import routes.devservices.TestStores;
import routes.jobs.RunContext;
import routes.jobs.ledger.Run;
import routes.repository.store.RateLimiter;

/**
 * A cancelled run ends, whatever it waits for. Each waits for minutes, longer than the test does,
 * and what it waits for does not come.
 */
class CancelledWaitsTest extends HubTest {

  private static final Duration MINUTES = Duration.ofMinutes(10);

  @Test
  void aBackupThatWaitsForALock() throws Exception {
    TestStores.Database source = TestStores.get().newDatabase("locked");
    try (Connection other = source.connect();
        Statement lock = other.createStatement();
        Connection looking = source.connect();
        Statement statement = looking.createStatement()) {
      lock.execute("CREATE TABLE busy (id int)");
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE busy IN ACCESS EXCLUSIVE MODE");

      UUID run =
          begin(
              context -> {
                PostgresSource.open(address(source), 2, MINUTES, context).close();
                return null;
              });
      await()
          .atMost(PATIENCE)
          .until(() -> one(statement, "wait_event_type = 'Lock' AND datname = current_database()"));

      cancelled(run);
      await().atMost(PATIENCE).until(() -> !one(statement, "application_name LIKE '%backup%'"));
    }
  }

  @Test
  void aSessionThatWaitsForItsServer() throws Exception {
    TestStores.Database target = TestStores.get().newDatabase("slow");
    try (Connection other = target.connect();
        Statement statement = other.createStatement()) {
      UUID run =
          begin(
              context -> {
                try (PinnedSession session = PinnedSession.open(address(target), "restore")) {
                  session.execute("SELECT pg_sleep(600)");
                }
                return null;
              });
      await()
          .atMost(PATIENCE)
          .until(() -> one(statement, "query LIKE 'SELECT pg_sleep%' AND state = 'active'"));

      cancelled(run);
      await().atMost(PATIENCE).until(() -> !one(statement, "query LIKE 'SELECT pg_sleep%'"));
    }
  }

  @Test
  void tablesThatWaitForTheirRateForChunksAndForASession() throws Exception {
    TestStores.Database target = TestStores.get().newDatabase("workers");
    CountDownLatch begun = new CountDownLatch(3);
    RateLimiter slow = RateLimiter.of(1);
    UUID run =
        begin(
            context -> {
              Workers.all(
                  3,
                  List.of(
                      () -> {
                        begun.countDown();
                        slow.take(1_000_000);
                        return 1;
                      },
                      () -> {
                        begun.countDown();
                        new CountDownLatch(1).await();
                        return 2;
                      },
                      () -> {
                        try (PinnedSession session =
                            PinnedSession.open(address(target), "restore")) {
                          begun.countDown();
                          session.execute("SELECT pg_sleep(600)");
                        }
                        return 3;
                      },
                      () -> 4),
                  () -> {});
              return null;
            });
    begun.await();

    cancelled(run);
  }

  @Test
  void whatAStoppedRunCleansUpWithIsNotCut() throws Exception {
    TestStores.Database target = TestStores.get().newDatabase("cleaning");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    UUID run =
        begin(
            context -> {
              try (RunContext.Registration ignored = context.onStop("a wait", stopped::countDown)) {
                begun.countDown();
                stopped.await();
                context.checkpoint();
              } finally {
                cleanUp(target);
              }
              return null;
            });
    begun.await();

    cancelled(run);

    try (Connection other = target.connect();
        Statement statement = other.createStatement()) {
      statement.execute("SELECT FROM public.cleaned_up");
    }
  }

  private static void cleanUp(TestStores.Database target) throws Exception {
    try (PinnedSession session = PinnedSession.open(address(target), "scratch")) {
      session.execute("CREATE TABLE public.cleaned_up (id int)");
    }
  }

  private UUID begin(TestJobs.Work work) {
    String name = "waits-" + UUID.randomUUID();
    jobs.call(name, work);
    UUID run = submit("test.call", Map.of("name", name)).id();
    in("running", run);
    return run;
  }

  private void cancelled(UUID id) {
    runs.cancel(id, "test");

    Run run = ended(id);
    assertThat(run.state()).isEqualTo("cancelled");
    assertThat(run.headline()).isEqualTo("cancelled by test");
  }

  private static routes.stores.postgres.PostgresAddress address(TestStores.Database database) {
    return Workbench.address(database.url(), database.username(), database.password());
  }

  private static boolean one(Statement statement, String which) throws Exception {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND " + which)) {
      row.next();
      return row.getLong(1) > 0;
    }
  }
}
