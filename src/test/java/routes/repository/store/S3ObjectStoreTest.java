package routes.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.devservices.TestStores;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class S3ObjectStoreTest implements ObjectStoreContract {
  private S3Client s3;
  private String bucket;
  private ObjectStore store;

  @BeforeEach
  void bucket() {
    // Asked for each time: another test may have stopped the server.
    s3 = TestStores.get().s3Client();
    bucket = TestStores.get().newBucket("object-store");
    store = new S3ObjectStore(s3, bucket, "some/prefix");
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Test
  void listingsGoOnOverPages() {
    ObjectStore paged = new S3ObjectStore(s3, bucket, "some/prefix", 3);
    IntStream.range(0, 10).forEach(i -> store.put("many/" + i, new byte[1]));
    assertThat(paged.list("many/").map(ObjectStore.Info::key).distinct()).hasSize(10);
  }

  @Test
  void prefixesOfOneBucketDoNotMix() {
    ObjectStore other = new S3ObjectStore(s3, bucket, "");
    store.put("a", new byte[1]);
    other.put("top", new byte[1]);
    assertThat(store.list("").map(ObjectStore.Info::key)).containsExactly("a");
    assertThat(other.list("").map(ObjectStore.Info::key))
        .containsExactlyInAnyOrder("some/prefix/a", "top");
    assertThat(store.describe()).isEqualTo("s3://" + bucket + "/some/prefix/");
  }

  @Test
  void aMissingBucketIsNamed() {
    ObjectStore lost = new S3ObjectStore(s3, "no-such-bucket", "p");
    assertThatThrownBy(() -> lost.put("k", new byte[1]))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("there is no bucket no-such-bucket");
    assertThatThrownBy(() -> lost.list("").count())
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("no-such-bucket");
    assertThatThrownBy(() -> lost.create("k", new byte[1]))
        .isInstanceOf(StoreRefusedException.class);
    assertThatThrownBy(() -> lost.get("k", 1)).isInstanceOf(StoreRefusedException.class);
  }

  @Test
  void wrongKeysAreRefusedAndNotRetried() {
    try (S3Client wrong =
        TestStores.get()
            .s3()
            .client(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(TestStores.get().s3().accessKey(), "wrong")))) {
      ObjectStore denied = new S3ObjectStore(wrong, bucket, "p");
      assertThatThrownBy(() -> denied.put("k", new byte[1]))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessageContaining("403")
          .hasMessageContaining("check the keys");
      assertThatThrownBy(() -> denied.size("k")).isInstanceOf(StoreRefusedException.class);
      assertThatThrownBy(() -> denied.list("").count()).isInstanceOf(StoreRefusedException.class);
    }
  }

  @Test
  void aServerThatIsDownMayHeal() {
    try (S3Client nobody =
        S3Client.builder()
            .endpointOverride(URI.create("http://127.0.0.1:1"))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build()) {
      ObjectStore down = new S3ObjectStore(nobody, bucket, "p");
      assertThatThrownBy(() -> down.get("k", 1))
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, e -> assertThat(e.mayHeal()).isTrue())
          .hasMessageContaining("s3://" + bucket + "/p/");
    }
  }
}
