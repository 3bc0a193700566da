package routes.devservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the hub relies on an S3 endpoint for, asked of the one that development and tests use. */
class S3ServerTest {

  private static final TestStores STORES = TestStores.get();

  @Test
  void refusesAnonymousCallers() {
    String bucket = STORES.newBucket("anonymous");
    put(bucket, "a", "1");
    try (S3Client anonymous = STORES.s3().client(AnonymousCredentialsProvider.create())) {
      assertStatus(403, () -> anonymous.listObjectsV2(r -> r.bucket(bucket)));
      assertStatus(403, () -> anonymous.getObjectAsBytes(r -> r.bucket(bucket).key("a")));
    }
  }

  @Test
  void refusesAWrongSignature() {
    String bucket = STORES.newBucket("wrong");
    AwsBasicCredentials wrong = AwsBasicCredentials.create(STORES.s3().accessKey(), "wrong");
    try (S3Client client = STORES.s3().client(StaticCredentialsProvider.create(wrong))) {
      assertStatus(403, () -> client.listObjectsV2(r -> r.bucket(bucket)));
      assertStatus(
          403, () -> client.putObject(r -> r.bucket(bucket).key("a"), RequestBody.fromString("1")));
    }
  }

  @Test
  void createsAnObjectOnlyOnceWhenAsked() throws IOException {
    String bucket = STORES.newBucket("create-only");
    create(bucket, "snapshots/main/1/manifest", "first");
    assertStatus(412, () -> create(bucket, "snapshots/main/1/manifest", "second"));
    assertThat(get(bucket, "snapshots/main/1/manifest")).isEqualTo("first");
  }

  @Test
  void ofContestedCreatesExactlyOneWins() throws Exception {
    String bucket = STORES.newBucket("contested");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        String key = "lease/" + round;
        List<Callable<Boolean>> writers =
            IntStream.range(0, 8)
                .<Callable<Boolean>>mapToObj(n -> () -> wins(bucket, key, "writer " + n))
                .toList();
        int won = 0;
        for (Future<Boolean> writer : threads.invokeAll(writers)) {
          won += writer.get() ? 1 : 0;
        }
        assertThat(won).as(key).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void listsMoreThanOnePage() {
    String bucket = STORES.newBucket("pages");
    IntStream.range(0, 1_050)
        .parallel()
        .forEach(n -> put(bucket, "chunks/%02x/%05d".formatted(n % 256, n), "x"));
    assertThat(s3().listObjectsV2(r -> r.bucket(bucket)).contents()).hasSize(1_000);
    assertThat(
            s3().listObjectsV2Paginator(r -> r.bucket(bucket)).contents().stream()
                .map(S3Object::key))
        .hasSize(1_050)
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(s3().listObjectsV2Paginator(r -> r.bucket(bucket).prefix("chunks/0a/")).contents())
        .hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b/c/d.txt",
        "with space/and+plus&amp=%25.txt",
        "inj-${sys.user.name}.txt",
        "Ünïcødé/模型.bin",
        "quote'\"<>#?.txt",
        ".hidden/.dot",
        "trailing.dot./x"
      })
  void keepsOddKeysWhole(String key) throws IOException {
    String bucket = STORES.newBucket("odd");
    put(bucket, key, "content of " + key);
    assertThat(s3().listObjectsV2(r -> r.bucket(bucket)).contents())
        .extracting(S3Object::key)
        .containsExactly(key);
    assertThat(get(bucket, key)).isEqualTo("content of " + key);
    s3().deleteObject(r -> r.bucket(bucket).key(key));
    assertThat(s3().listObjectsV2(r -> r.bucket(bucket)).contents()).isEmpty();
  }

  @Test
  void keepsItsObjectsThroughAStop() throws IOException {
    String bucket = STORES.newBucket("stop");
    put(bucket, "kept", "yes");
    STORES.s3().kill();
    assertThatThrownBy(() -> get(bucket, "kept")).isInstanceOf(Exception.class);
    STORES.s3().start();
    assertThat(get(bucket, "kept")).isEqualTo("yes");
  }

  private static S3Client s3() {
    return STORES.s3Client();
  }

  private static boolean wins(String bucket, String key, String text) {
    try {
      create(bucket, key, text);
      return true;
    } catch (S3Exception e) {
      assertThat(e.statusCode()).isIn(409, 412);
      return false;
    }
  }

  private static void create(String bucket, String key, String text) {
    s3().putObject(r -> r.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromString(text));
  }

  private static void put(String bucket, String key, String text) {
    s3().putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(text));
  }

  private static String get(String bucket, String key) throws IOException {
    return s3().getObjectAsBytes(r -> r.bucket(bucket).key(key)).asUtf8String();
  }

  private static void assertStatus(int status, Runnable call) {
    S3Exception refused = catchThrowableOfType(S3Exception.class, call::run);
    assertThat(refused).isNotNull();
    assertThat(refused.statusCode()).isEqualTo(status);
  }
}
