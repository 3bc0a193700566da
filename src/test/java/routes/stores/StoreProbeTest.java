package routes.stores;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import routes.devservices.TestStores;
import routes.stores.s3.S3Properties;
import routes.telemetry.RefreshedMetrics;

/** A store is up when it answers the hub with the hub's own credentials. */
class StoreProbeTest {

  private static final URI NOBODY = URI.create("http://127.0.0.1:1");

  private final MeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void aStoreGoesDownAndComesBack() {
    AtomicReference<Exception> failure = new AtomicReference<>();
    StoreProbe look =
        new StoreProbe(
            "redis",
            () -> {
              if (failure.get() != null) {
                throw failure.get();
              }
            },
            meters);

    UnreachableStores down = new UnreachableStores(meters);
    assertThat(up("redis")).as("not looked at yet").isNaN();
    assertThat(down.names()).isEmpty();
    look.refresh();
    assertThat(up("redis")).isEqualTo(1);
    failure.set(new java.io.IOException("gone"));
    look.refresh();
    assertThat(up("redis")).isZero();
    assertThat(down.names()).containsExactly("redis");
    failure.set(null);
    look.refresh();
    assertThat(up("redis")).isEqualTo(1);
    assertThat(down.names()).isEmpty();
  }

  @Test
  void s3IsUpForItsOwnKeysOnly() {
    var s3 = TestStores.get().s3();
    StoreMetrics metrics = new StoreMetrics();

    s3(metrics, new S3Properties(s3.endpoint(), "us-east-1", s3.accessKey(), s3.secretKey(), true));
    assertThat(up("s3")).isEqualTo(1);
    meters.clear();
    s3(metrics, new S3Properties(s3.endpoint(), "us-east-1", s3.accessKey(), "wrong", true));
    assertThat(up("s3")).isZero();
    meters.clear();
    s3(metrics, new S3Properties(NOBODY, "us-east-1", "key", "secret", true));
    assertThat(up("s3")).isZero();
    meters.clear();
    s3(metrics, new S3Properties(null, "us-east-1", null, null, true));
    assertThat(meters.find("hub.store.up").gauges()).as("AWS itself").isEmpty();
  }

  @Test
  void aRedisThatIsNotThereIsDown() {
    LettuceConnectionFactory nobody = new LettuceConnectionFactory("127.0.0.1", 1);
    nobody.afterPropertiesSet();
    nobody.start();
    try {
      new StoreMetrics().redisLook(nobody, meters).refresh();
    } finally {
      nobody.destroy();
    }

    assertThat(up("redis")).isZero();
  }

  private void s3(StoreMetrics metrics, S3Properties properties) {
    RefreshedMetrics look = metrics.s3Look(Optional.of(properties), meters);
    look.refresh();
  }

  private double up(String store) {
    return meters.get("hub.store.up").tag("store", store).gauge().value();
  }
}
