package routes.platform.stores;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.platform.telemetry.S3Spans;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** One S3 client for the hub; Camel's {@code aws2-s3} endpoints autowire it too. */
@Configuration(proxyBeanMethods = false)
class S3Configuration {

  @Bean
  S3Client s3Client(S3Properties properties, S3Spans spans) {
    var builder =
        S3Client.builder()
            .region(Region.of(properties.region()))
            .credentialsProvider(credentials(properties))
            .forcePathStyle(properties.pathStyle())
            // Old S3 servers refuse the trailing checksums the SDK adds by default; chunks carry
            // their own SHA-256.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .overrideConfiguration(
                config ->
                    config
                        .addExecutionInterceptor(spans)
                        .apiCallAttemptTimeout(Duration.ofSeconds(60))
                        .apiCallTimeout(Duration.ofMinutes(5)));
    if (properties.endpoint() != null && !properties.endpoint().toString().isBlank()) {
      builder.endpointOverride(properties.endpoint());
    }
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(S3Properties properties) {
    return properties.accessKey() == null || properties.accessKey().isBlank()
        ? DefaultCredentialsProvider.builder().build()
        : StaticCredentialsProvider.create(
            AwsBasicCredentials.create(properties.accessKey(), properties.secretKey()));
  }
}
