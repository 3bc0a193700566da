package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.Covers;
import routes.devservices.TestStores;
import routes.jobs.ledger.Run;
import routes.repository.format.Hold;
import routes.repository.format.SnapshotId;
import software.amazon.awssdk.services.s3.S3Client;

/** A damaged manifest is given up over the API, by who may, with a reason that stays. */
@Covers("backup.set-aside")
class SetAsideRunTest extends BackupSteps {

  private Run aside(String id, String reason) {
    return ended(
        submit("backup.set-aside", Map.of("source", "small", "snapshot", id, "reason", reason))
            .id());
  }

  private String taken() {
    return succeeded(run("backup.postgres", "small")).summary().get("snapshot").asText();
  }

  @Test
  void aDamagedManifestIsSetAsideOnceWithWordsAndAReadableOneIsNot() {
    String id = taken();
    SnapshotId snapshot = new SnapshotId(id);
    Run refused = aside(id, "I think it is broken");
    assertThat(refused.state()).isEqualTo("failed");
    assertThat(refused.headline()).contains("only a damaged manifest is set aside");

    S3Client s3 = TestStores.get().s3Client();
    String key = "hub/snapshots/small/" + id + "/manifest.json";
    byte[] bytes = s3.getObjectAsBytes(g -> g.bucket(TestSources.BUCKET).key(key)).asByteArray();
    bytes[bytes.length / 2] ^= 1;
    put(s3, key, bytes);
    repositories
        .open()
        .hold("small", snapshot, "audit", new Hold("ada", "so", java.time.Instant.EPOCH, null));
    assertThat(aside(id, "rotten").headline()).contains("is held");
    repositories.open().release("small", snapshot, "audit");

    assertThat(succeeded(aside(id, "rotten: disk 7")).headline()).contains("is set aside");
    assertThat(succeeded(aside(id, "rotten: disk 7")).headline()).as("again").contains("is set");

    assertThat(repositories.open().list("small")).noneMatch(info -> info.id().equals(snapshot));
    assertThat(listed("small")).noneMatch(listed -> listed.id().equals(id));
    assertThat(
            jdbc.sql(
                    "SELECT count(*) FROM hub.outbox WHERE type = 'backup.set-aside'"
                        + " AND envelope::text LIKE :id")
                .param("id", "%" + id + "%")
                .query(Long.class)
                .single())
        .isEqualTo(1);
    JsonNode audit = admin().get("/api/audit?limit=50").json();
    assertThat(audit.findValuesAsText("action")).contains("snapshot.set-aside");
    assertThat(audit.toString()).contains("rotten: disk 7");
  }

  @Test
  void whoMayNotReleaseAHoldMayNotSetAsideAndTheIdAndReasonAreAskedFor() {
    String runs = "/api/jobs/backup.set-aside/runs";
    assertThat(as("viewer").post(runs, "{}").status()).isEqualTo(403);
    assertThat(
            as("operator")
                .post(runs, "{\"source\": \"small\", \"snapshot\": \"latest\"}")
                .text("/field"))
        .isEqualTo("params.reason");
    assertThat(aside("latest", "so").headline()).contains("must be the whole id");
  }
}
