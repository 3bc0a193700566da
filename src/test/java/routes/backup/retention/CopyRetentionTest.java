package routes.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import routes.HubTest;
import routes.backup.FakeRun;
import routes.backup.KeptSnapshots;
import routes.backup.catalogue.CopyFindings;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.config.EncryptionProperties;
import routes.backup.repositories.Copies;
import routes.backup.repositories.CopyProperties;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryBusyException;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.Plan;
import routes.kernel.HubProperties;
import routes.kernel.errors.PermanentException;
import routes.messaging.outbox.Outbox;
import routes.repository.Repository;
import routes.repository.SnapshotCopy;
import routes.repository.format.Hold;
import routes.repository.format.SnapshotId;
import routes.repository.store.FileObjectStore;
import routes.stores.s3.Cancellation;
import routes.web.security.Audit;

/** Retention and sweep of a copy: never less than the repository, and only when it is proven. */
class CopyRetentionTest extends HubTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Duration GRACE = Duration.ofHours(24);
  private static final RetentionProperties TWO_DAYS =
      new RetentionProperties(
          Duration.ZERO, 1, 0, 2, 0, 0, 0, 1, 0.5, ZoneOffset.UTC, GRACE, Map.of());

  @TempDir Path folder;
  @TempDir Path far;
  @Autowired private RepositoryLeases leases;
  @Autowired private SnapshotCatalogue catalogue;
  @Autowired private RetentionMetrics metrics;
  @Autowired private CopyMetrics copyMetrics;
  @Autowired private CopyFindings findings;
  @Autowired private SnapshotEvents news;
  @Autowired private MeterRegistry registry;
  @Autowired private Audit audit;
  @Autowired private Outbox outbox;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private HubProperties hub;
  @Autowired private EncryptionProperties encryption;

  private final String source = "kept-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<FakeRun> started = new ArrayList<>();
  private final List<SnapshotId> ids = new ArrayList<>();
  private Clock clock;
  private Repositories repositories;
  private Copies copies;

  /** Five days in both places, all drilled here; the newest was read in the copy. */
  @BeforeEach
  void fiveDays() throws Exception {
    at(NOW);
    Repository here = repositories.open();
    for (int day = 0; day < 5; day++) {
      Instant takenAt = NOW.minus(Duration.ofDays(day)).minusSeconds(60);
      ids.add(KeptSnapshots.idOf(here, KeptSnapshots.publish(here, source, takenAt, "day " + day)));
      here.recordDrill(source, ids.get(day), "d", Map.of("verified", true, "at", NOW.toString()));
    }
    copy();
    read(ids.get(0), true);
  }

  @AfterEach
  void forget() {
    for (FakeRun run : started) {
      jdbc.sql("DELETE FROM hub.job_run WHERE id = :id").param("id", run.id()).update();
    }
  }

  private void at(Instant now) {
    clock = Clock.fixed(now, ZoneOffset.UTC);
    repositories =
        new Repositories(new Repositories.Location("file:" + folder), encryption, hub, null, clock);
    copies =
        new Copies(
            new CopyProperties(Map.of("far", new CopyProperties.Place("file:" + far, null))),
            encryption,
            hub,
            null,
            null,
            Cancellation.NONE,
            clock);
  }

  private void copy() throws InterruptedException {
    SnapshotCopy copy =
        repositories
            .open()
            .copyTo(FileObjectStore.open(far, clock), 1, Executors.defaultThreadFactory());
    for (SnapshotId id : repositories.open().list(source).stream().map(s -> s.id()).toList()) {
      copy.copy(
          source,
          id,
          new SnapshotCopy.Progress() {
            @Override
            public void at(long done, long total) {
              assertThat(done).isLessThanOrEqualTo(total);
            }

            @Override
            public void beforeManifest() {
              // nothing stops it
            }
          });
    }
  }

  private FakeRun running() {
    FakeRun run = FakeRun.running(jdbc);
    started.add(run);
    return run;
  }

  private void read(SnapshotId id, boolean right) {
    CopyFindings.Where where = new CopyFindings.Where("far", copies.open("far"), source, id);
    if (right) {
      findings.intact(where, running(), "1 chunks read and right");
    } else {
      findings.damaged(where, running(), 1, "1 damaged chunks");
    }
  }

  private BackupLocations places() {
    return new BackupLocations(
        repositories, copies, leases, catalogue, news, findings, metrics, copyMetrics);
  }

  private Retention retention() {
    return new Retention(places(), TWO_DAYS, audit, outbox, transactions, clock);
  }

  private RetentionOutcomes.Retained run(String copy) {
    return retention().run(new RetentionRequest(source, Optional.empty(), copy), running());
  }

  private RetentionOutcomes.Swept sweep() {
    return new SweepRun(places(), TWO_DAYS, clock).run(new SweepRun.Request("far"), running());
  }

  private List<SnapshotId> left(Repository repository) {
    return repository.list(source).stream().map(info -> info.id()).toList();
  }

  private long events(String type) {
    return jdbc.sql("SELECT count(*) FROM hub.outbox WHERE type = :type AND key = :key")
        .param("type", type)
        .param("key", source)
        .query(Long.class)
        .single();
  }

  @Test
  void aCopyLosesWhatTheRepositoryLostAndNoRuleKeeps() throws Exception {
    assertThat(run("far").removed()).as("the repository has them").isZero();
    assertThat(run("").removed()).isEqualTo(3);

    RetentionOutcomes.Retained plan =
        retention().plan(new RetentionRequest(source, Optional.empty(), "far"));
    assertThat(plan.items().get(0))
        .isEqualTo(
            new Plan.Item(
                "keep",
                ids.get(0).value(),
                "the repository has it; proven 1 of 1; last 1 of 1; daily 1 of 2"));
    assertThat(left(copies.open("far"))).as("a plan changes nothing").hasSize(5);
    RetentionOutcomes.Retained done = run("far");

    assertThat(done.headline()).isEqualTo("3 removed, 2 stay");
    assertThat(done.copy()).isEqualTo("far");
    assertThat(left(copies.open("far"))).isEqualTo(ids.subList(0, 2));
    assertThat(events("retention.copy.removed")).isEqualTo(3);
    assertThat(events("retention.removed")).as("of the repository alone").isEqualTo(3);
    assertThat(
            registry
                .get("hub.copy.retention.removed")
                .tag("copy", "far")
                .tag("source", source)
                .counter()
                .count())
        .isEqualTo(3);
    copy();
    assertThat(left(copies.open("far"))).as("nothing comes back").hasSize(2);
  }

  @Test
  void nothingGoesFromACopyWhileItsNewestIsNotProvenOrWasFoundWrong() {
    run("");
    read(ids.get(0), false);

    assertThat(run("far").headline()).startsWith("refused: ").endsWith("all 5 stay");
    assertThat(events("retention.copy.refused")).isEqualTo(1);
    assertThat(left(copies.open("far"))).hasSize(5);

    at(NOW.plusSeconds(60));
    read(ids.get(0), true);
    assertThat(run("far").removed()).isEqualTo(3);
  }

  @Test
  void nothingGoesFromACopyOfWhatIsGone() throws Exception {
    try (java.util.stream.Stream<Path> all = Files.walk(folder.resolve("snapshots"))) {
      all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }

    assertThat(run("far").refused()).contains("the repository itself has no snapshot");
    assertThat(left(copies.open("far"))).hasSize(5);
  }

  @Test
  void whatADrillFoundBrokenHereIsNotBrokenThere() {
    at(NOW.plusSeconds(60));
    repositories
        .open()
        .recordDrill(
            source,
            ids.get(0),
            "later",
            Map.of("verified", false, "at", clock.instant().toString()));

    BackupLocation far = places().open("far");
    assertThat(far.facts(NOW).proof(source, ids.get(0)))
        .isEqualTo(routes.backup.retention.Proof.VERIFIED);
    assertThat(far.facts(NOW).proof(source, ids.get(1)))
        .as("nobody read it there")
        .isEqualTo(routes.backup.retention.Proof.UNPROVEN);
  }

  @Test
  void aHoldThatIsReleasedHereEndsThereWithTheNextCopy() throws Exception {
    repositories.open().hold(source, ids.get(4), "audit", new Hold("ada", "so", NOW, null));
    copy();
    assertThat(copies.open("far").holds(source, ids.get(4))).containsOnlyKeys("audit");

    repositories.open().release(source, ids.get(4), "audit");
    copy();
    assertThat(copies.open("far").holds(source, ids.get(4))).isEmpty();
  }

  @Test
  void theSweepOfACopyGivesItsSpaceBackBesideABackup() {
    run("");
    run("far");
    double freed =
        registry.find("hub.copy.sweep.freed").tag("copy", "far").counter() == null
            ? 0
            : registry.get("hub.copy.sweep.freed").tag("copy", "far").counter().count();
    RetentionOutcomes.Swept second;
    try (RepositoryLeases.Lease backup = leases.write(running(), Duration.ZERO)) {
      assertThat(sweep().marked()).isEqualTo(3);
      at(NOW.plus(GRACE));
      second = sweep();
    }
    try (RepositoryLeases.Lease copying = leases.at("far").write(running(), Duration.ZERO)) {
      assertThatThrownBy(this::sweep).isInstanceOf(RepositoryBusyException.class);
    }

    assertThat(second.chunks()).isEqualTo(3);
    assertThat(registry.get("hub.copy.sweep.freed").tag("copy", "far").counter().count() - freed)
        .isEqualTo(second.bytes());
  }

  @Test
  void whatASweepFindsLackingInACopyTheNextCopySendsAgain() throws Exception {
    String key =
        copies.open("far").read(source, ids.get(0)).entries().get(0).chunks().get(0).id().key();
    read(ids.get(1), true);
    Files.delete(far.resolve(key));
    at(NOW.plusSeconds(60));

    assertThatThrownBy(this::sweep)
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("the next copy");
    assertThat(run("far").refused()).contains(ids.get(0).value());
    assertThat(sweep().incomplete()).as("known, and no failure again").isEqualTo(1);

    copy();
    assertThat(far.resolve(key)).exists();
    assertThat(sweep().incomplete()).isZero();
    assertThat(events("backup.copy.damaged")).isEqualTo(1);
  }

  @Test
  void theLedgerTellsTheMetrics() {
    FakeRun run = running();
    jdbc.sql(
            "UPDATE hub.job_run SET job = 'retention.snapshots', state = 'succeeded',"
                + " lease_until = NULL, finished_at = now(),"
                + " params = '{\"source\": \"wrong\", \"copy\": \"near\"}',"
                + " summary = '{\"refused\": \"so\"}' WHERE id = :id")
        .param("id", run.id())
        .update();
    copyMetrics.refresh();
    metrics.refresh();

    assertThat(
            registry
                .get("hub.copy.retention.refused")
                .tag("copy", "near")
                .tag("source", "wrong")
                .gauge()
                .value())
        .isEqualTo(1);
    assertThat(registry.get("hub.retention.refused").tag("source", "wrong").gauge().value())
        .as("the repository itself")
        .isZero();
  }
}
