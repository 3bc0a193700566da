package routes.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.devservices.TestStores;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Files of red teams in a bucket, on a real S3 server. */
class RedteamDropTest extends HubTest {

  @Autowired private RedteamRoutes port;
  @Autowired private ObjectMapper json;

  private final String tag = UUID.randomUUID().toString();

  @Test
  void filesAreTakenAndMoved() {
    S3Client s3 = TestStores.get().s3Client();
    String bucket = TestStores.get().newBucket("drop");
    String good =
        "{\"pattern_id\":\"" + tag + "\",\"name\":\"n\",\"category\":\"c\",\"severity\":\"low\"}\n";
    put(s3, bucket, "in/attack-patterns/${sys.user.name}.jsonl", good);
    put(s3, bucket, "in/attack-patterns/half.jsonl", good + "{\"pattern_id\":1}\n");
    put(s3, bucket, "in/attack-patterns/broken.json", "[");
    put(s3, bucket, "in/attack-patterns/excel.csv", "pattern_id;name\n" + "a;b\n".repeat(3));
    put(s3, bucket, "in/attack-patterns/upper.csv", "PATTERN_ID,NAME,CATEGORY,SEVERITY\n");
    put(s3, bucket, "in/secrets/x.json", "[]");
    put(s3, bucket, "in/readme.txt", "x");
    put(s3, bucket, "other/attack-patterns/x.jsonl", good);
    RedteamDrop drop =
        new RedteamDrop(
            new RedteamProperties("s3://" + bucket + "/in", Duration.ofHours(1)), s3, port, json);

    drop.look();
    drop.look();

    assertThat(keys(s3, bucket))
        .containsExactlyInAnyOrder(
            "in/done/attack-patterns/${sys.user.name}.jsonl",
            "in/done/attack-patterns/${sys.user.name}.jsonl.outcome.json",
            "in/failed/attack-patterns/half.jsonl",
            "in/failed/attack-patterns/half.jsonl.outcome.json",
            "in/failed/attack-patterns/broken.json",
            "in/failed/attack-patterns/broken.json.outcome.json",
            "in/failed/attack-patterns/excel.csv",
            "in/failed/attack-patterns/excel.csv.outcome.json",
            "in/done/attack-patterns/upper.csv",
            "in/done/attack-patterns/upper.csv.outcome.json",
            "in/failed/secrets/x.json",
            "in/failed/secrets/x.json.outcome.json",
            "in/failed/readme.txt",
            "in/failed/readme.txt.outcome.json",
            "other/attack-patterns/x.jsonl");
    assertThat(read(s3, bucket, "in/done/attack-patterns/${sys.user.name}.jsonl")).isEqualTo(good);
    assertThat(read(s3, bucket, "in/failed/attack-patterns/half.jsonl.outcome.json"))
        .contains("\"line\":2")
        .contains("\"unchanged\":1");
    assertThat(read(s3, bucket, "in/failed/attack-patterns/excel.csv.outcome.json"))
        .isEqualTo(
            "{\"error\":\"line 1: has ';' between its columns: a comma must stand there, and in each"
                + " line below\"}");
    assertThat(
            jdbc.sql("SELECT count(*) FROM analytics.attack_patterns WHERE pattern_id = :id")
                .param("id", tag)
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void aStoreThatIsAwayMovesNothing() {
    S3Client s3 = TestStores.get().s3Client();
    String bucket = TestStores.get().newBucket("drop");
    put(s3, bucket, "in/attack-patterns/a.json", "[]");
    RedteamRoutes away =
        new RedteamRoutes(null, null) {
          @Override
          Redteam.Outcome take(Kind kind, byte[] bytes, RedteamFile.Form form) {
            throw new org.springframework.dao.TransientDataAccessResourceException("away");
          }
        };

    new RedteamDrop(
            new RedteamProperties("s3://" + bucket + "/in", Duration.ofHours(1)), s3, away, json)
        .look();

    assertThat(keys(s3, bucket)).containsExactly("in/attack-patterns/a.json");
  }

  private static void put(S3Client s3, String bucket, String key, String text) {
    s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(text));
  }

  private static String read(S3Client s3, String bucket, String key) {
    return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
  }

  private static List<String> keys(S3Client s3, String bucket) {
    return s3.listObjectsV2(list -> list.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }
}
