package routes.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.CommitSeed;
import routes.devservices.RedisServer;
import routes.messaging.outbox.RelayScene;

/** {@code ./hub chaos redis} for some seconds, with relays in place of whole hubs. */
class RedisChaosTest {

  private static final int EVENTS = 4_000;
  private static final int KILLS = 2;

  @Test
  void nothingIsLostAndEachKeyKeepsItsOrder(@TempDir Path folder) throws Exception {
    long seed = CommitSeed.get();
    try (RedisServer redis = RedisServer.ofItsOwn(folder.resolve("redis"));
        RelayScene scene = new RelayScene(redis.url());
        AutoCloseable one = scene.relaying("one");
        AutoCloseable two = scene.relaying("two")) {
      RedisChaos.Report report =
          new RedisChaos(
                  scene.jdbc(),
                  redis,
                  seed,
                  new PrintStream(OutputStream.nullOutputStream()),
                  Duration.ofMillis(300),
                  20)
              .run(EVENTS, KILLS, folder);

      assertThat(report.events()).isEqualTo(EVENTS);
      assertThat(report.kills()).isEqualTo(KILLS);
      assertThat(report.cut()).as("seed " + seed).isPositive();
      assertThat(report.lost()).as("seed " + seed).isZero();
      assertThat(report.disorder()).as("seed " + seed).isZero();
      assertThat(report.duplicates()).as("what was relayed again").isPositive();
    }
  }
}
