package routes.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.devservices.RedisServer;

/**
 * An event that cannot be relayed, however it came into the outbox: it becomes a dead letter, and
 * its lane goes on.
 */
class RelayPoisonTest {

  @TempDir static Path folder;
  private static RedisServer redis;
  private static RelayScene scene;
  private static RedisClient client;

  @BeforeAll
  static void open() {
    redis = RedisServer.ofItsOwn(folder.resolve("redis"));
    redis.start();
    scene = new RelayScene(redis.url());
    client = RedisClient.create(redis.url());
  }

  @AfterAll
  static void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    scene.close();
    redis.close();
  }

  private UUID poison(String channel, String envelope) {
    return scene
        .jdbc()
        .sql(
            "INSERT INTO hub.outbox (id, channel, key, type, envelope)"
                + " SELECT gen_random_uuid(), :channel, 'k', 'test.poison', ("
                + envelope
                + ") RETURNING id")
        .param("channel", channel)
        .query(UUID.class)
        .single();
  }

  private static String of(int count, String number) {
    return "SELECT jsonb_build_object('id', 'e', 'data', jsonb_agg(CAST("
        + number
        + " AS jsonb))) FROM generate_series(1, "
        + count
        + ")";
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          hundreds of megabytes    | 3000   | '1e131071'            | beyond ±1.8e308
          more than a text may have | 12000 | '-1e131071'           | beyond ±1.8e308
          many small numbers       | 3000   | '1e-16000'            | closer to 0
          many zeros               | 3000   | '0e-16000'            | 48
          too large by itself      | 1      | to_jsonb(repeat('x', 5000000)) | 5000
          """)
  void itBecomesADeadLetterAndItsLaneGoesOn(String what, int count, String number, String why) {
    String channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    scene.append(channel, List.of("k"), 1, 3);
    UUID poison = poison(channel, of(count, number));
    scene.append(channel, List.of("k"), 4, 3);
    RelayPump pump = scene.pump("one");
    pump.start();

    try (StatefulRedisConnection<String, String> reader = client.connect()) {
      await().atMost(Duration.ofSeconds(30)).until(() -> scene.waiting() == 0);
      assertThat(reader.sync().xrange("events:" + channel, Range.unbounded())).hasSize(6);
    } finally {
      pump.stop();
    }

    assertThat(
            scene
                .jdbc()
                .sql(
                    "SELECT error ->> 'detail' || convert_from(body, 'UTF8') FROM hub.dead_letter"
                        + " WHERE port = 'outbox.republish' AND message_id = :id")
                .param("id", poison.toString())
                .query(String.class)
                .single())
        .contains(why)
        .contains("\"omitted\"")
        .hasSizeLessThan(1_000);
  }

  @Test
  void anEnvelopeThatIsNoObjectGoesAsItIs() {
    String channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    poison(channel, "SELECT to_jsonb('text'::text)");
    RelayPump pump = scene.pump("one");
    pump.start();
    try (StatefulRedisConnection<String, String> reader = client.connect()) {
      await().atMost(Duration.ofSeconds(15)).until(() -> scene.waiting() == 0);
      assertThat(reader.sync().xrange("events:" + channel, Range.unbounded())).hasSize(1);
    } finally {
      pump.stop();
    }
  }

  @Test
  void anEnvelopeWithoutAnythingToLeaveOutIsToldByItsRow() {
    String channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    UUID id = poison(channel, "SELECT to_jsonb(repeat('x', 5000000))");
    RelayPump pump = scene.pump("one");
    pump.start();
    await().atMost(Duration.ofSeconds(15)).until(() -> scene.waiting() == 0);
    pump.stop();

    assertThat(
            scene
                .jdbc()
                .sql(
                    "SELECT convert_from(body, 'UTF8') FROM hub.dead_letter WHERE message_id = :id")
                .param("id", id.toString())
                .query(String.class)
                .single())
        .contains(id.toString(), "test.poison");
  }
}
