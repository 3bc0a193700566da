package routes.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the hub relies on an S3 endpoint for. Every bucket is a test's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class S3Contract {

  private static final String REGION = "us-east-1";
  private static final int PART = 5 << 20; // the least that S3 takes for all but the last one

  private final HttpClient http = HttpClient.newHttpClient();
  private S3Client s3;

  /** Where a key that may do everything is valid. */
  protected abstract URI endpoint();

  protected abstract String accessKey();

  protected abstract String secretKey();

  /** How this server refuses what it cannot, {@code status code}; empty when it can. */
  protected abstract String refusesVersions();

  /** The same for buckets whose objects can be locked. */
  protected abstract String refusesLocks();

  /** Skips the test where the server does not run. */
  protected void assumeThere() {}

  @BeforeEach
  final void connect() {
    assumeThere();
    if (s3 == null) {
      s3 = client(credentials(accessKey(), secretKey()));
    }
  }

  @AfterAll
  final void disconnect() {
    if (s3 != null) {
      s3.close();
    }
  }

  @Test
  void refusesAnonymousCallers() {
    String bucket = newBucket("anonymous");
    put(bucket, "a", "1");
    try (S3Client anonymous = client(AnonymousCredentialsProvider.create())) {
      assertRefused(403, "AccessDenied", () -> anonymous.listObjectsV2(r -> r.bucket(bucket)));
      assertRefused(
          403, "AccessDenied", () -> anonymous.getObjectAsBytes(r -> r.bucket(bucket).key("a")));
      assertRefused(
          403,
          "AccessDenied",
          () -> anonymous.putObject(r -> r.bucket(bucket).key("b"), RequestBody.fromString("1")));
    }
    assertThat(keys(bucket)).containsExactly("a");
  }

  @Test
  void refusesAWrongSecretAndAnUnknownKey() {
    String bucket = newBucket("wrong");
    try (S3Client wrong = client(credentials(accessKey(), "wrong"));
        S3Client unknown = client(credentials("nobody", secretKey()))) {
      assertRefused(403, "SignatureDoesNotMatch", () -> wrong.listObjectsV2(r -> r.bucket(bucket)));
      assertRefused(
          403,
          "SignatureDoesNotMatch",
          () -> wrong.putObject(r -> r.bucket(bucket).key("a"), RequestBody.fromString("1")));
      assertThat(refusal(() -> unknown.listObjectsV2(r -> r.bucket(bucket))))
          .isEqualTo("403 InvalidAccessKeyId");
    }
    assertThat(keys(bucket)).isEmpty();
  }

  @Test
  void aSignedUrlOpensItsObjectUntilItExpires() throws Exception {
    String bucket = newBucket("signed");
    put(bucket, "a", "mine");
    put(bucket, "b", "another");
    Instant now = Instant.now();

    assertThat(fetch(signedUrl(bucket, "a", now))).isEqualTo("200 mine");
    assertThat(fetch(signedUrl(bucket, "a", now.minus(1, ChronoUnit.HOURS)))).startsWith("403 ");
    assertThat(fetch(URI.create(signedUrl(bucket, "a", now).toString().replace("/a?", "/b?"))))
        .startsWith("403 ");
    assertThat(fetch(URI.create(endpoint() + "/" + bucket + "/a"))).startsWith("403 ");
  }

  @Test
  void aRequestSignedByAClockThatIsOffIsRefused() throws Exception {
    String bucket = newBucket("skewed");
    put(bucket, "a", "1");

    assertThat(fetchSigned(bucket, "a", Instant.now())).isEqualTo("200 1");
    assertThat(fetchSigned(bucket, "a", Instant.now().minus(1, ChronoUnit.HOURS)))
        .startsWith("403 ")
        .contains("RequestTimeTooSkewed");
  }

  @Test
  void createsAnObjectOnlyOnceWhenAsked() {
    String bucket = newBucket("create-only");
    create(bucket, "snapshots/main/1/manifest", "first");
    assertRefused(
        412, "PreconditionFailed", () -> create(bucket, "snapshots/main/1/manifest", "second"));
    assertThat(get(bucket, "snapshots/main/1/manifest")).isEqualTo("first");
  }

  @Test
  void ofContestedCreatesExactlyOneWins() throws Exception {
    String bucket = newBucket("contested");
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
    String bucket = newBucket("pages");
    IntStream.range(0, 1_050)
        .parallel()
        .forEach(n -> put(bucket, "chunks/%02x/%05d".formatted(n % 256, n), "x"));
    assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents()).hasSize(1_000);
    assertThat(keys(bucket)).hasSize(1_050).doesNotHaveDuplicates().isSorted();
    assertThat(s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix("chunks/0a/")).contents())
        .hasSize(5);
    assertThat(
            s3.listObjectsV2(r -> r.bucket(bucket).startAfter("chunks/fe/00766").maxKeys(3))
                .contents())
        .extracting(S3Object::key)
        .hasSize(3)
        .allMatch(key -> key.compareTo("chunks/fe/00766") > 0);
    List<ObjectIdentifier> all =
        keys(bucket).stream()
            .limit(1_000)
            .map(key -> ObjectIdentifier.builder().key(key).build())
            .toList();
    s3.deleteObjects(r -> r.bucket(bucket).delete(Delete.builder().objects(all).build()));
    assertThat(keys(bucket)).hasSize(50);
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
  void keepsOddKeysWhole(String key) {
    String bucket = newBucket("odd");
    put(bucket, key, "content of " + key);
    assertThat(keys(bucket)).containsExactly(key);
    assertThat(get(bucket, key)).isEqualTo("content of " + key);
    copy(bucket, key, bucket, "copy of/" + key);
    assertThat(get(bucket, "copy of/" + key)).isEqualTo("content of " + key);
    s3.deleteObject(r -> r.bucket(bucket).key(key));
    assertThat(keys(bucket)).containsExactly("copy of/" + key);
  }

  @Test
  void aCopyKeepsContentTypeAndMetadata() {
    String from = newBucket("from");
    String to = newBucket("to");
    s3.putObject(
        r -> r.bucket(from).key("a").contentType("text/csv").metadata(Map.of("trace", "0af7")),
        RequestBody.fromString("1,2"));

    copy(from, "a", to, "b");

    var head = s3.headObject(r -> r.bucket(to).key("b"));
    assertThat(head.contentType()).isEqualTo("text/csv");
    assertThat(head.metadata()).containsEntry("trace", "0af7");
    assertThat(get(to, "b")).isEqualTo("1,2");
    assertThat(get(from, "a")).isEqualTo("1,2");
  }

  @Test
  void partsBecomeOneObjectWhenTheyAreCompletedOnly() {
    String bucket = newBucket("parts");
    byte[] first = new byte[PART];
    new Random(4).nextBytes(first);
    String upload = s3.createMultipartUpload(r -> r.bucket(bucket).key("big")).uploadId();
    CompletedPart one = part(bucket, upload, 1, first);
    CompletedPart two = part(bucket, upload, 2, "the end".getBytes(StandardCharsets.UTF_8));
    assertThat(keys(bucket)).isEmpty();

    complete(bucket, upload, List.of(one, two));

    assertThat(s3.headObject(r -> r.bucket(bucket).key("big")).contentLength())
        .isEqualTo(PART + 7L);
    byte[] end =
        s3.getObjectAsBytes(r -> r.bucket(bucket).key("big").range("bytes=" + (PART - 2) + "-"))
            .asByteArray();
    assertThat(end).startsWith(first[PART - 2], first[PART - 1]).hasSize(9);
    assertThat(new String(end, 2, 7, StandardCharsets.UTF_8)).isEqualTo("the end");
    assertThat(s3.listMultipartUploads(r -> r.bucket(bucket)).uploads()).isEmpty();
  }

  @Test
  void anUploadThatIsGivenUpLeavesNothing() {
    String bucket = newBucket("aborted");
    String upload = s3.createMultipartUpload(r -> r.bucket(bucket).key("big")).uploadId();
    CompletedPart one = part(bucket, upload, 1, new byte[] {1});
    assertThat(s3.listMultipartUploads(r -> r.bucket(bucket)).uploads()).hasSize(1);

    s3.abortMultipartUpload(r -> r.bucket(bucket).key("big").uploadId(upload));

    assertThat(s3.listMultipartUploads(r -> r.bucket(bucket)).uploads()).isEmpty();
    assertRefused(404, "NoSuchUpload", () -> complete(bucket, upload, List.of(one)));
    assertThat(keys(bucket)).isEmpty();
  }

  @Test
  void whatArrivesDamagedIsRefused() {
    String bucket = newBucket("checksums");
    String wrong = Base64.getEncoder().encodeToString(new byte[32]);
    assertThat(
            refusal(
                () ->
                    s3.putObject(
                        r -> r.bucket(bucket).key("sha").checksumSHA256(wrong),
                        RequestBody.fromString("content"))))
        .isIn("400 BadDigest", "400 XAmzContentChecksumMismatch");
    assertRefused(
        400,
        "BadDigest",
        () ->
            s3.putObject(
                r ->
                    r.bucket(bucket)
                        .key("md5")
                        .contentMD5(Base64.getEncoder().encodeToString(new byte[16])),
                RequestBody.fromString("content")));
    assertThat(keys(bucket)).isEmpty();
  }

  @Test
  void whatIsNotThereIsSaidSo() {
    String bucket = newBucket("missing");
    assertRefused(404, "NoSuchKey", () -> get(bucket, "never"));
    assertRefused(404, "NoSuchBucket", () -> s3.listObjectsV2(r -> r.bucket("no-such-bucket-4")));
    s3.deleteObject(r -> r.bucket(bucket).key("never")); // a repeat of a deletion is no error
  }

  @Test
  void versionsOutliveADeletionOrAreRefused() {
    String bucket = newBucket("versions");
    Runnable enable =
        () ->
            s3.putBucketVersioning(
                r ->
                    r.bucket(bucket)
                        .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
    if (!refusesVersions().isEmpty()) {
      assertThat(refusal(enable)).isEqualTo(refusesVersions());
      return;
    }
    enable.run();
    String first =
        s3.putObject(r -> r.bucket(bucket).key("a"), RequestBody.fromString("first")).versionId();
    put(bucket, "a", "second");
    s3.deleteObject(r -> r.bucket(bucket).key("a"));

    assertRefused(404, "NoSuchKey", () -> get(bucket, "a"));
    assertThat(keys(bucket)).isEmpty();
    assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key("a").versionId(first)).asUtf8String())
        .isEqualTo("first");
    var listed = s3.listObjectVersions(r -> r.bucket(bucket));
    assertThat(listed.versions()).hasSize(2);
    assertThat(listed.deleteMarkers()).hasSize(1);
  }

  @Test
  void aLockedVersionCannotBeDeletedOrLocksAreRefused() {
    String bucket = name("locked");
    Runnable make = () -> s3.createBucket(r -> r.bucket(bucket).objectLockEnabledForBucket(true));
    if (!refusesLocks().isEmpty()) {
      assertThat(refusal(make)).isEqualTo(refusesLocks());
      return;
    }
    make.run();
    String version =
        s3.putObject(
                r ->
                    r.bucket(bucket)
                        .key("a")
                        .objectLockMode(ObjectLockMode.GOVERNANCE)
                        .objectLockRetainUntilDate(Instant.now().plus(Duration.ofMinutes(10))),
                RequestBody.fromString("kept"))
            .versionId();
    assertThat(
            s3.getObjectLockConfiguration(r -> r.bucket(bucket))
                .objectLockConfiguration()
                .objectLockEnabledAsString())
        .isEqualTo("Enabled");

    assertThat(refusal(() -> s3.deleteObject(r -> r.bucket(bucket).key("a").versionId(version))))
        .isIn(Set.of("403 AccessDenied", "400 InvalidRequest"));
    assertThat(
            s3.getObjectAsBytes(r -> r.bucket(bucket).key("a").versionId(version)).asUtf8String())
        .isEqualTo("kept");
  }

  private String newBucket(String hint) {
    String name = name(hint);
    s3.createBucket(r -> r.bucket(name));
    return name;
  }

  private static String name(String hint) {
    return "contract-"
        + hint
        + "-"
        + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36)
            .toLowerCase(Locale.ROOT);
  }

  private S3Client client(AwsCredentialsProvider credentials) {
    return S3Client.builder()
        .endpointOverride(endpoint())
        .region(Region.of(REGION))
        .credentialsProvider(credentials)
        .forcePathStyle(true)
        .build();
  }

  private static AwsCredentialsProvider credentials(String key, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
  }

  private List<String> keys(String bucket) {
    return s3.listObjectsV2Paginator(r -> r.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  private void put(String bucket, String key, String text) {
    s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(text));
  }

  private String get(String bucket, String key) {
    return s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asUtf8String();
  }

  private void copy(String bucket, String key, String toBucket, String toKey) {
    s3.copyObject(
        r ->
            r.sourceBucket(bucket)
                .sourceKey(key)
                .destinationBucket(toBucket)
                .destinationKey(toKey));
  }

  private void create(String bucket, String key, String text) {
    s3.putObject(r -> r.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromString(text));
  }

  private boolean wins(String bucket, String key, String text) {
    try {
      create(bucket, key, text);
      return true;
    } catch (S3Exception e) {
      assertThat(e.statusCode()).isIn(409, 412);
      return false;
    }
  }

  private CompletedPart part(String bucket, String upload, int number, byte[] bytes) {
    String tag =
        s3.uploadPart(
                r -> r.bucket(bucket).key("big").uploadId(upload).partNumber(number),
                RequestBody.fromBytes(bytes))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private void complete(String bucket, String upload, List<CompletedPart> parts) {
    s3.completeMultipartUpload(
        r -> r.bucket(bucket).key("big").uploadId(upload).multipartUpload(m -> m.parts(parts)));
  }

  /** Valid for ten minutes from the moment it is signed at. */
  private URI signedUrl(String bucket, String key, Instant at) {
    return sign(
            bucket,
            key,
            at,
            AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING,
            Duration.ofMinutes(10))
        .getUri();
  }

  private String fetchSigned(String bucket, String key, Instant at) throws Exception {
    SdkHttpRequest signed = sign(bucket, key, at, AwsV4FamilyHttpSigner.AuthLocation.HEADER, null);
    HttpRequest.Builder request = HttpRequest.newBuilder(signed.getUri());
    signed
        .headers()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("host")) {
                request.header(name, values.get(0));
              }
            });
    return said(request.build());
  }

  private SdkHttpRequest sign(
      String bucket,
      String key,
      Instant at,
      AwsV4FamilyHttpSigner.AuthLocation where,
      Duration validFor) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.GET)
            .uri(URI.create(endpoint() + "/" + bucket + "/" + key))
            .build();
    return AwsV4HttpSigner.create()
        .sign(
            r -> {
              r.identity(AwsBasicCredentials.create(accessKey(), secretKey()))
                  .request(request)
                  .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                  .putProperty(AwsV4HttpSigner.REGION_NAME, REGION)
                  .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                  .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                  .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, where)
                  .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC));
              if (validFor != null) {
                r.putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                    .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, validFor);
              }
            })
        .request();
  }

  private String fetch(URI uri) throws Exception {
    return said(HttpRequest.newBuilder(uri).build());
  }

  private String said(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  private static String refusal(Runnable call) {
    S3Exception refused = catchThrowableOfType(S3Exception.class, call::run);
    assertThat(refused).as("it is refused").isNotNull();
    return refused.statusCode() + " " + refused.awsErrorDetails().errorCode();
  }

  private static void assertRefused(int status, String code, Runnable call) {
    assertThat(refusal(call)).isEqualTo(status + " " + code);
  }
}
