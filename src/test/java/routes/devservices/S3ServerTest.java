package routes.devservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import routes.contract.S3Contract;
import software.amazon.awssdk.core.sync.RequestBody;

/** The S3 of development and tests keeps the contract, and its objects through a stop. */
class S3ServerTest extends S3Contract {

  private static final TestStores STORES = TestStores.get();

  @Override
  protected URI endpoint() {
    return STORES.s3().endpoint();
  }

  @Override
  protected String accessKey() {
    return STORES.s3().accessKey();
  }

  @Override
  protected String secretKey() {
    return STORES.s3().secretKey();
  }

  @Override
  protected String refusesVersions() {
    return embedded() ? "501 NotImplemented" : "";
  }

  @Override
  protected String refusesLocks() {
    return embedded() ? "501 NotImplemented" : "";
  }

  @Test
  void keepsItsObjectsThroughAStop() {
    String bucket = STORES.newBucket("stop");
    STORES.s3Client().putObject(r -> r.bucket(bucket).key("kept"), RequestBody.fromString("yes"));
    STORES.s3().kill();
    assertThatThrownBy(() -> get(bucket)).isInstanceOf(Exception.class);
    STORES.s3().start();
    assertThat(get(bucket)).isEqualTo("yes");
  }

  private static String get(String bucket) {
    return STORES.s3Client().getObjectAsBytes(r -> r.bucket(bucket).key("kept")).asUtf8String();
  }

  private static boolean embedded() {
    return STORES.s3().describe().contains("s3proxy");
  }
}
