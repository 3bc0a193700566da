package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.retention.Proof;
import routes.backup.retention.RetentionFacts;
import routes.devservices.TestStores;
import routes.jobs.ledger.Run;
import routes.repository.Repository;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import software.amazon.awssdk.services.s3.S3Client;

/** One event for each thing that happens to a backup; damage is a metric until it is healed. */
class BackupNewsTest extends BackupSteps {

  @Autowired private ObjectMapper json;
  @Autowired private MeterRegistry meters;
  @Autowired private BackupMetrics metrics;
  @Autowired private SnapshotEvents news;
  @Autowired private SnapshotCatalogue catalogue;
  @Autowired private PlatformTransactionManager transactions;

  @Test
  void eachHappeningIsToldOnce() {
    Run backup = succeeded(run("backup.postgres", "small"));
    Run drill = succeeded(run("backup.drill", "small"));
    Run verify = succeeded(run("backup.verify", "small"));
    String snapshot = backup.summary().path("snapshot").asText();

    JsonNode published = only(backup, "backup.published");
    assertThat(published.path("subject").asText()).isEqualTo("small");
    assertThat(published.path("traceparent").asText()).contains(backup.traceId());
    assertThat(published.at("/data/snapshot").asText()).isEqualTo(snapshot);
    assertThat(published.at("/data/rows").asLong()).isEqualTo(2500);
    assertThat(only(drill, "backup.drilled").at("/data/snapshot").asText()).isEqualTo(snapshot);
    assertThat(only(verify, "backup.verified").at("/data/snapshot").asText()).isEqualTo(snapshot);
  }

  @Test
  void aRestoreThatEndedIsTold() {
    succeeded(run("backup.postgres", "small"));
    String database = "told_" + System.nanoTime();
    Run restore =
        succeeded(
            ended(
                submit(
                        "restore.postgres",
                        Map.of("source", "small", "target", "spare", "database", database))
                    .id()));

    JsonNode told = only(restore, "restore.finished");
    assertThat(told.at("/data/database").asText()).isEqualTo(database);
    assertThat(told.path("severity").asText()).isEqualTo("info");
  }

  @Test
  void aFailureForGoodIsToldOnceAndWithoutItsWords() {
    Run failed = run("backup.postgres", "poor");

    assertThat(types(failed)).containsExactlyInAnyOrder("backup.failed", "run.failed");
    assertThat(told(failed)).allMatch(event -> event.path("severity").asText().equals("error"));
    assertThat(told(failed).toString()).doesNotContain("GRANT").doesNotContain("Secret");
  }

  @Test
  void anAttemptThatIsFollowedByAnotherIsNoFailure() {
    TestSources.execute(TestSources.SMALL, "SELECT 1");
    TestStores.get().s3().kill();
    Run once;
    try {
      once = fails("backup.postgres", "small");
    } finally {
      start();
    }

    assertThat(told(once)).isEmpty();
  }

  private static void start() {
    try {
      TestStores.get().s3().start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRowAndItsEventAreOneAlsoForAHubThatIsKilledBetween() {
    Run backup = succeeded(run("backup.postgres", "small"));
    Repository repository = repositories.open();
    SnapshotId id = new SnapshotId(backup.summary().path("snapshot").asText());
    Manifest manifest = repository.read("small", id);
    jdbc.sql("DELETE FROM hub.snapshot WHERE id = :id").param("id", id.value()).update();
    jdbc.sql("DELETE FROM hub.outbox WHERE envelope::text LIKE '%' || :id || '%'")
        .param("id", id.value())
        .update();

    // The hub is gone before its transaction ends: neither row nor event.
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> {
              news.published(manifest, id);
              status.setRollbackOnly();
            });
    assertThat(told(backup)).isEmpty();
    assertThat(listed("small")).noneMatch(one -> one.id().equals(id.value()));

    // The nightly rebuild finds what was published and not noted; a repeat tells nothing new.
    succeeded(ended(submit("backup.catalogue.rebuild", Map.of()).id()));
    news.published(manifest, id);
    assertThat(types(backup)).containsExactly("backup.published");
  }

  /** Its hub is gone between the manifest and the list, with nothing of its last transaction. */
  @Test
  void aSnapshotIsListedFromWhenItIsPublished() {
    Run backup = succeeded(run("backup.postgres", "small"));
    Repository repository = repositories.open();
    SnapshotId id = new SnapshotId(backup.summary().path("snapshot").asText());
    Manifest manifest = repository.read("small", id);
    jdbc.sql("DELETE FROM hub.outbox WHERE envelope::text LIKE '%' || :id || '%'")
        .param("id", id.value())
        .update();
    jdbc.sql("DELETE FROM hub.snapshot WHERE id = :id").param("id", id.value()).update();
    catalogue.announce(manifest, id);
    assertThat(listed("small")).noneMatch(one -> one.id().equals(id.value()));

    assertThat(api()).contains(id.value());
    assertThat(listed("small")).anyMatch(one -> one.id().equals(id.value()));
    assertThat(types(backup)).containsExactly("backup.published");
    // A hub that still was at it notes it once more.
    news.published(manifest, id);
    assertThat(types(backup)).containsExactly("backup.published");
  }

  /** Its hub is gone before the manifest; another attempt of the run takes another snapshot. */
  @Test
  void oneThatWasNeverPublishedIsNotListedAndForgottenWhenItsRunHasEnded() {
    Run backup = succeeded(run("backup.postgres", "small"));
    Manifest manifest = repositories.open().read("small", id(backup));
    SnapshotId never = new SnapshotId("20200101T000000Z-" + "0".repeat(32));
    catalogue.announce(manifest, never);
    runIs(backup, "running");

    assertThat(api()).doesNotContain(never.value());
    assertThat(catalogue.pending()).extracting(SnapshotCatalogue.Key::id).contains(never.value());
    assertThat(listed("small")).noneMatch(one -> one.id().equals(never.value()));

    runIs(backup, "succeeded");
    assertThat(api()).doesNotContain(never.value());
    assertThat(catalogue.pending()).isEmpty();
  }

  private void runIs(Run run, String state) {
    boolean ended = state.equals("succeeded");
    jdbc.sql(
            "UPDATE hub.job_run SET state = :state, finished_at = :finished::timestamptz,"
                + " lease_until = :lease::timestamptz WHERE id = :id")
        .param("state", state)
        .param("finished", ended ? "now" : null)
        .param("lease", ended ? null : "2999-01-01")
        .param("id", run.id())
        .update();
  }

  /** What {@code GET /api/snapshots} says. */
  private String api() {
    return admin().get("/api/snapshots?source=small").http().body();
  }

  @Test
  void aSnapshotOfALostDatabaseIsOldNews() {
    Run backup = succeeded(run("backup.postgres", "small"));
    String id = backup.summary().path("snapshot").asText();
    jdbc.sql("DELETE FROM hub.snapshot WHERE id = :id").param("id", id).update();
    jdbc.sql("DELETE FROM hub.outbox WHERE envelope::text LIKE '%' || :id || '%'")
        .param("id", id)
        .update();
    jdbc.sql("DELETE FROM hub.job_run WHERE id = :id").param("id", backup.id()).update();

    succeeded(ended(submit("backup.catalogue.rebuild", Map.of()).id()));

    assertThat(listed("small")).anyMatch(one -> one.id().equals(id));
    assertThat(told(backup)).isEmpty();
  }

  @Test
  void damageIsAMetricAndAnEventUntilItIsSentAgain() {
    Run backup = succeeded(run("backup.postgres", "small"));
    succeeded(run("backup.drill", "small"));
    Manifest manifest = repositories.open().read("small", id(backup));
    String key =
        "hub/"
            + manifest.entries().stream()
                .filter(entry -> entry.name().equals("public.accounts"))
                .findFirst()
                .orElseThrow()
                .chunks()
                .get(0)
                .id()
                .key();
    S3Client s3 = TestStores.get().s3Client();
    byte[] flipped =
        s3.getObjectAsBytes(get -> get.bucket(TestSources.BUCKET).key(key)).asByteArray();
    flipped[flipped.length / 2] ^= 1;
    put(s3, key, flipped);
    assertThat(gauge("damaged.chunks")).isZero();
    double before = gauge("damaged.snapshots");

    Run verify = run("backup.verify", "small");

    assertThat(verify.state()).isEqualTo("failed");
    assertThat(gauge("damaged.chunks")).isEqualTo(1);
    assertThat(gauge("damaged.snapshots")).isEqualTo(before + 1);
    assertThat(types(verify)).containsExactlyInAnyOrder("backup.damaged", "run.failed");
    assertThat(told(verify))
        .filteredOn(event -> event.path("type").asText().equals("backup.damaged"))
        .allMatch(event -> event.path("severity").asText().equals("critical"));
    SnapshotCatalogue.Snapshot damaged = listed("small").get(0);
    assertThat(damaged.intact()).isFalse();
    assertThat(damaged.readDetail()).contains("public.accounts");
    assertThat(damaged.verified()).as("taken back").isFalse();
    assertThat(damaged.drillDetail()).as("the drill's words stay").startsWith("verified 2500 rows");

    Run drill = run("backup.drill", "small");
    assertThat(types(drill))
        .containsExactlyInAnyOrder("backup.damaged", "backup.drill.failed", "run.failed");

    assertThat(proof(damaged.id())).isEqualTo(Proof.DAMAGED);

    succeeded(run("backup.postgres", "small"));
    assertThat(gauge("damaged.chunks")).isZero();
    succeeded(
        ended(submit("backup.verify", Map.of("source", "small", "snapshot", damaged.id())).id()));
    assertThat(gauge("damaged.snapshots")).as("healed, and read whole").isEqualTo(before);
    assertThat(snapshot(damaged.id()).intact()).isTrue();
    assertThat(snapshot(damaged.id()).verified()).as("not broken, and not proven").isNull();
    assertThat(proof(damaged.id())).isEqualTo(Proof.UNPROVEN);
    succeeded(
        ended(submit("backup.drill", Map.of("source", "small", "snapshot", damaged.id())).id()));
    assertThat(gauge("damaged.snapshots")).isEqualTo(before);
  }

  private Proof proof(String id) {
    return new RetentionFacts(repositories.open(), Instant.now())
        .proof("small", new SnapshotId(id));
  }

  @Test
  void aDamagedManifestIsNoProofAnyMore() {
    Run backup = succeeded(run("backup.postgres", "small"));
    SnapshotId id = id(backup);
    succeeded(
        ended(submit("backup.drill", Map.of("source", "small", "snapshot", id.value())).id()));
    double before = gauge("damaged.snapshots");
    S3Client s3 = TestStores.get().s3Client();
    String key = "hub/snapshots/small/" + id + "/manifest.json";
    byte[] whole =
        s3.getObjectAsBytes(get -> get.bucket(TestSources.BUCKET).key(key)).asByteArray();
    byte[] flipped = whole.clone();
    flipped[flipped.length / 2] ^= 1;
    put(s3, key, flipped);
    try {
      Run verify =
          ended(submit("backup.verify", Map.of("source", "small", "snapshot", id.value())).id());

      assertThat(verify.state()).isEqualTo("failed");
      assertThat(types(verify)).containsExactlyInAnyOrder("backup.damaged", "run.failed");
      assertThat(snapshot(id.value()).verified()).isFalse();
      assertThat(snapshot(id.value()).intact()).isFalse();
      assertThat(gauge("damaged.snapshots")).isEqualTo(before + 1);
    } finally {
      put(s3, key, whole);
    }
    succeeded(
        ended(submit("backup.drill", Map.of("source", "small", "snapshot", id.value())).id()));
    succeeded(
        ended(submit("backup.verify", Map.of("source", "small", "snapshot", id.value())).id()));
    assertThat(gauge("damaged.snapshots")).isEqualTo(before);
  }

  @Test
  void whatIsToldNeedsATransaction() {
    assertThatThrownBy(() -> news.tell("backup.published", "x", "small", Map.of()))
        .isInstanceOf(org.springframework.transaction.IllegalTransactionStateException.class);
  }

  private double gauge(String name) {
    metrics.refresh();
    return meters.get("hub.backup." + name).tag("source", "small").gauge().value();
  }

  private SnapshotCatalogue.Snapshot snapshot(String id) {
    return camel.getRegistry().findSingleByType(SnapshotCatalogue.class).list("small", 500).stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static SnapshotId id(Run backup) {
    return new SnapshotId(backup.summary().path("snapshot").asText());
  }

  private JsonNode only(Run run, String type) {
    assertThat(types(run)).containsExactly(type);
    return told(run).get(0);
  }

  private List<String> types(Run run) {
    return told(run).stream().map(event -> event.path("type").asText()).toList();
  }

  /** Events whose data name the run. */
  private List<JsonNode> told(Run run) {
    return jdbc.sql(
            "SELECT envelope::text FROM hub.outbox WHERE envelope -> 'data' ->> 'run' = :run"
                + " ORDER BY seq")
        .param("run", run.id().toString())
        .query(
            (row, n) -> {
              try {
                return json.readTree(row.getString(1));
              } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new IllegalStateException(e);
              }
            })
        .list();
  }
}
