package routes.stores.s3;

import java.time.Duration;
import routes.telemetry.S3Spans;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** How {@code hub.s3.*} becomes a client. */
public final class S3Clients {

  private static final Duration LOOK = Duration.ofSeconds(7);

  private S3Clients() {}

  /** Without time-outs and interceptors, which are the caller's. */
  public static S3ClientBuilder builder(S3Properties properties) {
    var builder =
        S3Client.builder()
            .region(Region.of(properties.region()))
            .credentialsProvider(credentials(properties))
            .forcePathStyle(properties.pathStyle())
            // Old S3 servers refuse the trailing checksums the SDK adds by default; chunks carry
            // their own SHA-256.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
    return properties.hasEndpoint() ? builder.endpointOverride(properties.endpoint()) : builder;
  }

  /**
   * For work: requests are repeated for minutes.
   *
   * @param spans shows each of them in the caller's trace
   * @param stops cuts those of a run that is stopped
   */
  public static S3Client patient(S3Properties properties, S3Spans spans, Cancellation stops) {
    return builder(properties)
        .httpClientBuilder(new CancellableHttp.Builder(stops))
        .overrideConfiguration(
            config ->
                config
                    .addExecutionInterceptor(spans)
                    .apiCallAttemptTimeout(Duration.ofSeconds(60))
                    .apiCallTimeout(Duration.ofMinutes(5)))
        .build();
  }

  /** For one look at a store that may be dead: no retries, seconds instead of minutes. */
  public static S3Client impatient(S3Properties properties) {
    return builder(properties)
        .overrideConfiguration(
            config -> config.apiCallTimeout(LOOK).retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  private static AwsCredentialsProvider credentials(S3Properties properties) {
    return properties.accessKey() == null || properties.accessKey().isBlank()
        ? DefaultCredentialsProvider.builder().build()
        : StaticCredentialsProvider.create(
            AwsBasicCredentials.create(properties.accessKey(), properties.secretKey()));
  }
}
