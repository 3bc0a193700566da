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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import routes.Covers;
import routes.HubTest;
import routes.backup.FakeRun;
import routes.backup.KeptSnapshots;
import routes.backup.catalogue.CopyFindings;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.config.EncryptionProperties;
import routes.backup.repositories.Copies;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryBusyException;
import routes.backup.repositories.RepositoryLeases;
import routes.jobs.Plan;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;
import routes.kernel.HubProperties;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.messaging.outbox.Outbox;
import routes.repository.Repository;
import routes.repository.format.Hold;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.web.security.Audit;

/** Retention and sweep as runs, on a repository of their own and the hub's real database. */
@Covers({"backup.sweep", "retention.snapshots"})
class RetentionTest extends HubTest {

  private static final Instant NOW = Instant.parse("2026-11-22T05:30:00Z");
  private static final RetentionProperties TWO_DAYS =
      new RetentionProperties(
          Duration.ZERO, 1, 0, 2, 0, 0, 0, 1, 0.5, ZoneOffset.UTC, Duration.ofHours(24), Map.of());

  @TempDir Path folder;
  @Autowired private RepositoryLeases leases;
  @Autowired private SnapshotCatalogue catalogue;
  @Autowired private RetentionMetrics metrics;
  @Autowired private MeterRegistry registry;
  @Autowired private Audit audit;
  @Autowired private Outbox outbox;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private HubProperties hub;
  @Autowired private Copies copies;
  @Autowired private CopyFindings findings;
  @Autowired private CopyMetrics copyMetrics;
  @Autowired private SnapshotEvents news;
  @Autowired private EncryptionProperties encryption;

  private final String source = "kept-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<FakeRun> started = new ArrayList<>();
  private Repository repository;
  private Retention retention;

  @BeforeEach
  void open() {
    repository = repositories(NOW).open();
    retention = retention(TWO_DAYS);
  }

  @AfterEach
  void forget() {
    for (FakeRun run : started) {
      jdbc.sql("DELETE FROM hub.job_run WHERE id = :id").param("id", run.id()).update();
    }
    jdbc.sql("DELETE FROM hub.snapshot WHERE source = :source").param("source", source).update();
  }

  private Repositories repositories(Instant now) {
    return new Repositories(
        new Repositories.Location("file:" + folder),
        encryption,
        hub,
        null,
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private Retention retention(RetentionProperties properties) {
    return new Retention(
        places(NOW), properties, audit, outbox, transactions, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private RetentionOutcomes.Swept sweep(Instant now, FakeRun run) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new SweepRun(places(now), TWO_DAYS, clock).run(new SweepRun.Request(""), run);
  }

  private BackupLocations places(Instant now) {
    return new BackupLocations(
        repositories(now), copies, leases, catalogue, news, findings, metrics, copyMetrics);
  }

  private FakeRun running() {
    FakeRun run = FakeRun.running(jdbc);
    started.add(run);
    return run;
  }

  private SnapshotId publish(int daysOld, String content) {
    Manifest manifest =
        KeptSnapshots.publish(repository, source, NOW.minus(Duration.ofDays(daysOld)), content);
    SnapshotId id = KeptSnapshots.idOf(repository, manifest);
    catalogue.add(manifest, id);
    return id;
  }

  private void drilled(SnapshotId id, boolean verified, Instant at) {
    repository.recordDrill(
        source,
        id,
        "run-" + at.getEpochSecond(),
        Map.of("verified", verified, "at", at.toString()));
  }

  /** Snapshots of today and the four days before, all proven. */
  private List<SnapshotId> fiveDays() {
    List<SnapshotId> ids = new ArrayList<>();
    for (int day = 0; day < 5; day++) {
      SnapshotId id = publish(day, "day " + day);
      drilled(id, true, NOW);
      ids.add(id);
    }
    return ids;
  }

  private List<SnapshotId> left() {
    return repository.list(source).stream().map(info -> info.id()).toList();
  }

  private long events(String type) {
    return jdbc.sql("SELECT count(*) FROM hub.outbox WHERE type = :type AND key = :key")
        .param("type", type)
        .param("key", source)
        .query(Long.class)
        .single();
  }

  private RetentionOutcomes.Retained run(String plan) {
    return retention.run(new RetentionRequest(source, Optional.ofNullable(plan), ""), running());
  }

  @Test
  void theRunRemovesExactlyWhatThePlanSaid() {
    List<SnapshotId> ids = fiveDays();

    RetentionOutcomes.Retained plan =
        retention.plan(new RetentionRequest(source, Optional.empty(), ""));

    assertThat(plan.headline()).isEqualTo("3 would go, 2 stay; plan " + plan.plan());
    assertThat(plan.items()).extracting(Plan.Item::target).isEqualTo(values(ids));
    assertThat(plan.items().get(0))
        .isEqualTo(
            new Plan.Item("keep", ids.get(0).value(), "proven 1 of 1; last 1 of 1; daily 1 of 2"));
    assertThat(plan.items().get(4))
        .isEqualTo(new Plan.Item("remove", ids.get(4).value(), "no rule has a place for it"));
    assertThat(left()).as("a plan changes nothing").hasSize(5);
    assertThatThrownBy(() -> run("0123456789abcdef"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(plan.plan());
    assertThat(left()).as("what was not agreed to is not done").hasSize(5);

    RetentionOutcomes.Retained done = run(plan.plan());

    assertThat(done.headline()).isEqualTo("3 removed, 2 stay");
    assertThat(left()).isEqualTo(ids.subList(0, 2));
    assertThat(catalogue.list(source, 10)).extracting("id").isEqualTo(values(ids.subList(0, 2)));
    assertThat(events("retention.removed")).isEqualTo(3);
    assertThat(audit.list(null, 3))
        .allMatch(entry -> entry.action().equals("snapshot.remove"))
        .extracting(Audit.Entry::target)
        .contains(source + "/" + ids.get(4));
    assertThat(registry.get("hub.retention.removed").tag("source", source).counter().count())
        .isEqualTo(3);
    assertThat(run(null).headline()).as("again").isEqualTo("0 removed, 2 stay");
  }

  private static List<String> values(List<SnapshotId> ids) {
    return ids.stream().map(SnapshotId::value).toList();
  }

  @Test
  void nothingGoesWhileNothingIsProvenAndThatIsTold() {
    for (int day = 0; day < 5; day++) {
      publish(day, "day " + day);
    }
    FakeRun run = running();

    RetentionOutcomes.Retained done =
        retention.run(new RetentionRequest(source, Optional.empty(), ""), run);

    assertThat(done.headline()).isEqualTo("refused: no drill has proven any snapshot; all 5 stay");
    assertThat(left()).hasSize(5);
    assertThat(run.warnings()).containsExactly("refused: no drill has proven any snapshot");
    assertThat(events("retention.refused")).isEqualTo(1);
  }

  @Test
  void theNewestDrillBesideTheSnapshotDecidesAndNotTheCatalogue() {
    List<SnapshotId> ids = fiveDays();
    drilled(ids.get(0), false, NOW.plusSeconds(60));
    catalogue.drilled(source, ids.get(0), NOW, true, "the catalogue knows no better", null);

    assertThat(run(null).refused()).contains(ids.get(0).value()).contains("is damaged");
    drilled(ids.get(0), true, NOW.plusSeconds(120));
    assertThat(run(null).removed()).isEqualTo(3);
  }

  @Test
  void aSnapshotThatNamesAQuarantinedChunkIsNotProven() {
    List<SnapshotId> ids = fiveDays();
    repository.quarantine(
        repository.read(source, ids.get(0)).entries().get(0).chunks().get(0).id(), "rotten");

    assertThat(run(null).refused()).contains("is damaged");
  }

  @Test
  void aHoldThatComesAfterThePlanWins() {
    List<SnapshotId> ids = fiveDays();
    FakeRun run = running();
    Hold hold = new Hold("ada", "evidence", NOW, null);
    run.onProgress = () -> repository.hold(source, ids.get(3), "late", hold);

    RetentionOutcomes.Retained done =
        retention.run(new RetentionRequest(source, Optional.empty(), ""), run);

    assertThat(done.headline()).isEqualTo("2 removed, 3 stay, 1 of them held or in use");
    assertThat(left()).containsExactly(ids.get(0), ids.get(1), ids.get(3));
    assertThat(done.items().get(3).reason()).isEqualTo("held since the plan was made");
  }

  @Test
  void aRestoreThatBeginsStopsTheRemovalsAndOneThatRunsKeepsThemFromBeginning() {
    List<SnapshotId> ids = fiveDays();
    FakeRun run = running();
    run.onProgress =
        () -> {
          run.onProgress = () -> {};
          leases.restore(running(), "other", "any");
        };

    assertThat(retention.run(new RetentionRequest(source, Optional.empty(), ""), run).removed())
        .isZero();
    assertThat(left()).isEqualTo(ids);
    assertThatThrownBy(() -> run(null)).isInstanceOf(RepositoryBusyException.class);
  }

  @Test
  void whatADrillReadsStays() {
    List<SnapshotId> ids = fiveDays();
    try (RepositoryLeases.Lease drill = leases.read(running(), source, ids.get(4).value())) {
      assertThat(run(null).items().get(4).reason()).isEqualTo("in use");
    }
    assertThat(left()).containsExactly(ids.get(0), ids.get(1), ids.get(4));
    assertThat(run(null).removed()).isEqualTo(1);
  }

  @Test
  void itStopsWhenTheProofItLeansOnIsTakenBack() {
    List<SnapshotId> ids = fiveDays();
    FakeRun run = running();
    run.onProgress = () -> drilled(ids.get(0), false, NOW.plusSeconds(60));

    assertThatThrownBy(() -> retention.run(new RetentionRequest(source, Optional.empty(), ""), run))
        .isInstanceOf(RepositoryBusyException.class)
        .hasMessageContaining("not proven any more");
    assertThat(left()).isEqualTo(ids);
  }

  @Test
  void itStopsWhenDamageIsFoundMeanwhile() {
    List<SnapshotId> ids = fiveDays();
    FakeRun run = running();
    run.onProgress =
        () ->
            repository.quarantine(
                repository.read(source, ids.get(1)).entries().get(0).chunks().get(0).id(),
                "rotten");

    assertThatThrownBy(() -> retention.run(new RetentionRequest(source, Optional.empty(), ""), run))
        .isInstanceOf(RepositoryBusyException.class)
        .hasMessageContaining("found damaged");
    assertThat(left()).isEqualTo(ids);
  }

  @Test
  void aRunThatStoodStillRemovesNothingMore() {
    List<SnapshotId> ids = fiveDays();
    FakeRun run = running();
    run.onProgress =
        () -> {
          run.onProgress = () -> {};
          jdbc.sql("UPDATE hub.job_run SET attempt = 2 WHERE id = :id")
              .param("id", run.id())
              .update();
        };

    assertThatThrownBy(() -> retention.run(new RetentionRequest(source, Optional.empty(), ""), run))
        .isInstanceOf(RepositoryBusyException.class);
    assertThat(left()).isEqualTo(ids);
  }

  @Test
  void theSweepGivesBackWhatRetentionLeftAndCountsIt() {
    fiveDays();
    run(null);
    double freed = registry.get("hub.sweep.freed").counter().count();

    RetentionOutcomes.Swept first = sweep(NOW, running());
    RetentionOutcomes.Swept second = sweep(NOW.plus(Duration.ofHours(24)), running());

    assertThat(first.marked()).isEqualTo(3);
    assertThat(first.headline()).startsWith("0 chunks deleted, 0 B freed; ").contains("after 24 h");
    assertThat(second.chunks()).isEqualTo(3);
    assertThat(second.bytes()).isEqualTo(first.waitingBytes());
    assertThat(registry.get("hub.sweep.freed").counter().count() - freed).isEqualTo(second.bytes());
  }

  @Test
  void aSweepGivesWayToABackupThatWaits() {
    fiveDays();
    run(null);
    sweep(NOW, running());
    FakeRun run = running();
    FakeRun backup = running();
    int[] steps = {0};
    run.onProgress =
        () -> {
          if (steps[0]++ == 0) {
            jdbc.sql(
                    "INSERT INTO hub.repository_lease (run_id, attempt, kind)"
                        + " VALUES (:run, 1, 'write')")
                .param("run", backup.id())
                .update();
          }
        };

    RetentionOutcomes.Swept swept = sweep(NOW.plus(Duration.ofHours(24)), run);

    assertThat(swept.headline()).contains("ended early");
    try (RepositoryLeases.Lease lease = leases.write(backup, Duration.ZERO)) {
      assertThat(lease.isHeld()).isTrue();
    }
  }

  @Test
  void aSnapshotThatLacksAChunkIsCalledBrokenOnce() throws Exception {
    List<SnapshotId> ids = fiveDays();
    String key = repository.read(source, ids.get(2)).entries().get(0).chunks().get(0).id().key();
    Files.delete(folder.resolve(key));

    assertThatThrownBy(() -> sweep(NOW, running()))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining(source + "/" + ids.get(2) + " lacks 1 chunks");

    assertThat(catalogue.list(source, 10).get(2).intact()).isFalse();
    FakeRun again = running();
    assertThat(sweep(NOW, again).incomplete()).isEqualTo(1);
    assertThat(again.warnings()).hasSize(1);
  }

  @Test
  void thePortsPlanAndTheLedgerTellsTheMetric() {
    Run plan =
        ended(
            runs.submit(
                    new Runs.Request(
                        "retention.snapshots", Map.of("source", "wrong"), true, true, "test", null))
                .id());
    assertThat(plan.state()).as(plan.headline()).isEqualTo("succeeded");
    assertThat(plan.summary().path("items")).isEmpty();

    Run swept =
        ended(
            runs.submit(new Runs.Request("backup.sweep", Map.of(), false, true, "test", null))
                .id());
    assertThat(swept.state()).as(swept.headline()).isEqualTo("succeeded");

    assertThat(refusedMetric()).isZero();
    FakeRun run = running();
    jdbc.sql(
            "UPDATE hub.job_run SET job = 'retention.snapshots', state = 'succeeded',"
                + " lease_until = NULL, finished_at = now(), params = '{\"source\": \"wrong\"}',"
                + " summary = '{\"refused\": \"so\"}' WHERE id = :id")
        .param("id", run.id())
        .update();
    assertThat(refusedMetric()).isEqualTo(1);
  }

  private double refusedMetric() {
    metrics.refresh();
    return registry.get("hub.retention.refused").tag("source", "wrong").gauge().value();
  }
}
