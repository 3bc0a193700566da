package routes.backup.postgres.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.backup.postgres.restore.QuietRun;
import routes.devservices.TestStores;
import routes.kernel.errors.PermanentException;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.repository.store.RateLimiter;
import routes.stores.postgres.PostgresAddress;

/** What a backup may take of a server at work. */
class CareTest {

  @TempDir Path folder;

  @Test
  void everyRowReadIsPaidFor() throws Exception {
    PostgresAddress address = database("rows");
    AtomicLong paid = new AtomicLong();
    RateLimiter all = new RateLimiter(1, () -> 0, nanos -> paid.set(Math.max(paid.get(), nanos)));

    Manifest manifest =
        new Workbench(folder)
            .backUp(address, new PostgresDump.Care(all, Duration.ZERO), new QuietRun());

    long bytes =
        manifest.entries().stream()
            .filter(entry -> entry.kind() == EntryKind.TABLE)
            .mapToLong(entry -> entry.plainBytes())
            .sum();
    // One byte a second, the first of them free.
    assertThat(Math.round(paid.get() / 1e9)).isEqualTo(bytes - 1);
  }

  @Test
  void aSnapshotHeldTooLongIsLetGoWithWords() throws Exception {
    PostgresAddress address = database("held");
    Workbench bench = new Workbench(folder);
    // The first row takes longer than the limit; later ones, which may have come already, do not.
    AtomicBoolean first = new AtomicBoolean(true);
    RateLimiter stuck =
        new RateLimiter(
            1,
            () -> 0,
            nanos -> {
              if (first.getAndSet(false)) {
                new CountDownLatch(1).await(2, TimeUnit.SECONDS);
              }
            });
    QuietRun run = new QuietRun();

    assertThatThrownBy(
            () -> bench.backUp(address, new PostgresDump.Care(stuck, Duration.ofMillis(600)), run))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("hub.backup.care.snapshot-limit");

    assertThat(run.warnings()).anyMatch(line -> line.startsWith("the snapshot is held for "));
    assertThat(
            Workbench.single(
                address,
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL"))
        .isEqualTo("0");
  }

  @Test
  void halfOfTheLimitWarnsOnceAndTheLimitEndsOnce() {
    List<Instant> now = new ArrayList<>(List.of(Instant.EPOCH));
    Clock clock =
        new Clock() {
          @Override
          public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now.get(0);
          }
        };
    QuietRun run = new QuietRun();
    List<String> ended = new ArrayList<>();
    try (SnapshotAge age =
        new SnapshotAge(Duration.ofHours(2), clock, run, () -> ended.add("ended"))) {
      for (int minutes : new int[] {0, 59, 60, 61, 119, 120, 200}) {
        now.set(0, Instant.EPOCH.plus(Duration.ofMinutes(minutes)));
        age.look();
        assertThat(run.warnings()).as("after %s min", minutes).hasSize(minutes < 60 ? 0 : 1);
        assertThat(ended).as("after %s min", minutes).hasSize(minutes < 120 ? 0 : 1);
      }
      IllegalStateException other = new IllegalStateException("other");
      assertThat(age.told(other)).isInstanceOf(PermanentException.class).hasCause(other);
    }
  }

  private static PostgresAddress database(String name) throws Exception {
    TestStores.Database database = TestStores.get().newDatabase(name);
    PostgresAddress address =
        Workbench.address(database.url(), database.username(), database.password());
    Workbench.execute(
        address, "CREATE TABLE t AS SELECT i, md5(i::text) FROM generate_series(1, 100) i");
    return address;
  }
}
