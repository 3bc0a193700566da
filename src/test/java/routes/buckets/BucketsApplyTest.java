package routes.buckets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.Covers;
import routes.HubTest;
import routes.backup.postgres.restore.QuietRun;
import routes.buckets.BucketProperties.Bucket;
import routes.devservices.TestStores;
import routes.jobs.Plan;
import routes.jobs.ledger.Run;
import routes.kernel.errors.PermanentException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;

/**
 * Against the S3 of the tests, which has no versioning, no object lock and no lifecycle: what a
 * server lacks is told, and stops nothing. What servers that have them get asked is in {@link
 * BucketCallsTest}.
 */
@Covers("buckets.apply")
class BucketsApplyTest extends HubTest {

  private static final Bucket PLAIN = new Bucket(false, false, Duration.ZERO, Duration.ZERO);
  private static final Bucket LOCKED =
      new Bucket(true, true, Duration.ofDays(30), Duration.ofDays(60));
  private static final BucketRequest ALL = new BucketRequest("");

  @Autowired private Buckets buckets;

  private static S3Client s3() {
    return TestStores.get().s3Client();
  }

  private static String free(String hint) {
    String name = TestStores.get().newBucket(hint);
    s3().deleteBucket(request -> request.bucket(name));
    return name;
  }

  private BucketsApply job(Map<String, Bucket> wanted) {
    return new BucketsApply(new BucketProperties(wanted), buckets);
  }

  @Test
  void theJobMakesThePlatformsBucketsOnce() {
    Run first = ended(submit("buckets.apply", Map.of()).id());
    Run second = ended(submit("buckets.apply", Map.of()).id());

    assertThat(first.state()).as(first.headline()).isEqualTo("succeeded");
    assertThat(s3().listBuckets().buckets().stream().map(bucket -> bucket.name()))
        .contains("mlflow-artifacts", "training-data", "model-cache", "datasets");
    assertThat(second.summary().get("made").asInt()).isZero();
    assertThat(second.headline()).startsWith("4 buckets, 0 made, 0 changed");
  }

  @Test
  void aBucketThatIsNotConfiguredIsRefused() {
    Api.Answer answer = admin().post("/api/jobs/buckets.apply/runs", "{\"bucket\": \"no\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/field")).isEqualTo("params.bucket");
    assertThat(answer.text("/detail")).contains("training-data");
  }

  @Test
  void aPlanSaysWhatWouldBeDoneAndDoesNothing() {
    String missing = free("planned");

    Plan plan = job(Map.of(missing, LOCKED)).plan(ALL);

    assertThat(plan.items().stream().map(Plan.Item::action))
        .containsExactly("make", "keep older versions", "lock versions", "let older versions go");
    assertThat(buckets.look(missing, PLAIN).exists()).isFalse();
  }

  @Test
  void whatTheServerLacksIsToldAndStopsNothing() {
    String backups = free("backups");
    BucketsApply job = job(Map.of(backups, LOCKED));
    QuietRun run = new QuietRun();

    BucketsOutcome first = job.run(ALL, run);
    BucketsOutcome second = job.run(ALL, new QuietRun());

    assertThat(buckets.look(backups, PLAIN).exists()).isTrue();
    assertThat(first.made()).isEqualTo(1);
    assertThat(first.told()).as("versioning, lock, lifecycle").hasSize(3);
    assertThat(run.warnings()).isEqualTo(first.told());
    assertThat(first.headline()).contains("not as configured: " + backups);
    assertThat(second.made() + second.changed()).isZero();
    assertThat(second.told()).as("told each time").isNotEmpty();
  }

  @Test
  void whatLiesInABucketStays() {
    String full = TestStores.get().newBucket("full");
    s3().putObject(r -> r.bucket(full).key("model.bin"), RequestBody.fromString("weights"));

    BucketsOutcome outcome = job(Map.of(full, LOCKED)).run(ALL, new QuietRun());

    assertThat(outcome.made()).isZero();
    assertThat(s3().getObjectAsBytes(r -> r.bucket(full).key("model.bin")).asUtf8String())
        .isEqualTo("weights");
  }

  @Test
  void aBucketThatIsOpenFailsTheRunAfterTheOthersWereMade() {
    String open = TestStores.get().newBucket("aopen");
    String other = free("zother");
    s3().putBucketAcl(request -> request.bucket(open).acl(BucketCannedACL.PUBLIC_READ));

    assertThat(buckets.look(open, PLAIN).openTo()).hasSize(1);
    assertThatThrownBy(() -> job(Map.of(open, PLAIN, other, PLAIN)).run(ALL, new QuietRun()))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining(open + ": it is open to AllUsers, who may READ");
    assertThat(buckets.look(other, PLAIN).exists()).isTrue();
    s3().putBucketAcl(request -> request.bucket(open).acl(BucketCannedACL.PRIVATE));
    assertThat(buckets.look(open, PLAIN).openTo()).isEqualTo(List.of());
  }
}
