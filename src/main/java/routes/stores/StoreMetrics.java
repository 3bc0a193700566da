package routes.stores;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import routes.stores.postgres.GuardPool;
import routes.stores.s3.S3Clients;
import routes.stores.s3.S3Properties;
import routes.telemetry.RefreshedMetrics;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The stores that the hub itself works with; others are their exporters' to tell of. */
@Configuration(proxyBeanMethods = false)
class StoreMetrics {

  @Bean
  RefreshedMetrics postgresLook(
      @Qualifier(GuardPool.NAME) HikariDataSource guard, MeterRegistry registry) {
    return new StoreProbe(
        "postgres",
        () -> {
          try (Connection connection = guard.getConnection()) {
            if (!connection.isValid(2)) {
              throw new IOException("does not answer");
            }
          }
        },
        registry);
  }

  @Bean
  RefreshedMetrics redisLook(RedisConnectionFactory redis, MeterRegistry registry) {
    return new StoreProbe(
        "redis",
        () -> {
          try (RedisConnection connection = redis.getConnection()) {
            connection.ping();
          }
        },
        registry);
  }

  /** Of AWS itself there is nothing to look at without a bucket: no series then. */
  @Bean
  RefreshedMetrics s3Look(Optional<S3Properties> properties, MeterRegistry registry) {
    S3Properties s3 = properties.filter(S3Properties::hasEndpoint).orElse(null);
    return s3 == null ? () -> {} : new StoreProbe("s3", s3Question(s3), registry);
  }

  private static StoreProbe.Question s3Question(S3Properties properties) {
    return () -> {
      // Anew each time: a connection that was kept would hide that no new one is accepted.
      try (S3Client s3 = S3Clients.impatient(properties)) {
        s3.listBuckets();
      } catch (S3Exception e) {
        boolean known =
            e.awsErrorDetails() != null && "AccessDenied".equals(e.awsErrorDetails().errorCode());
        // It knows these keys, which may not list buckets.
        if (!known) {
          throw e;
        }
      }
    };
  }
}
