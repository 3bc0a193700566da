package routes.stores.s3;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.telemetry.S3Spans;
import software.amazon.awssdk.services.s3.S3Client;

/** One S3 client for the hub; Camel's {@code aws2-s3} endpoints autowire it too. */
@Configuration(proxyBeanMethods = false)
class S3Configuration {

  @Bean
  S3Client s3Client(S3Properties properties, S3Spans spans, Cancellation stops) {
    return S3Clients.patient(properties, spans, stops);
  }
}
