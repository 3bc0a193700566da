package routes.stores.s3;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.s3.*}: MinIO, or any S3.
 *
 * @param endpoint such as {@code http://minio:9000}; empty for AWS itself
 * @param region default {@code us-east-1}
 * @param accessKey empty: the SDK's own chain (instance profile, environment, …)
 * @param secretKey of the access key
 * @param pathStyle {@code http://host/bucket/key}, as MinIO wants; default true
 */
@Validated
@ConfigurationProperties("hub.s3")
public record S3Properties(
    URI endpoint,
    @DefaultValue("us-east-1") String region,
    String accessKey,
    String secretKey,
    @DefaultValue("true") boolean pathStyle) {

  /** False: AWS itself. */
  public boolean hasEndpoint() {
    return endpoint != null && !endpoint.toString().isBlank();
  }

  @Override
  public String toString() {
    return "hub.s3[" + endpoint + "]";
  }
}
