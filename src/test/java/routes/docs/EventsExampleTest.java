package routes.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.HubTest;
import routes.devservices.TestStores;
import routes.messaging.outbox.Outbox;

/** The example of {@code docs/formats/events.md}, run as it stands there. */
class EventsExampleTest extends HubTest {

  private static final Path EXAMPLE = Path.of("docs/examples/read_events.py");

  @TempDir private Path folder;
  @Autowired private Outbox outbox;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private ObjectMapper json;

  @Test
  void aReaderInPythonGetsEachEventOnceAlsoAfterItsDeath() throws Exception {
    Optional<String> python = Pythons.withRedis();
    Assumptions.assumeTrue(
        python.isPresent(), "no python3 has the package redis (pip install redis)");
    String channel = "t-" + UUID.randomUUID().toString().substring(0, 8);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      append(channel, i);
      expected.add(i);
    }
    try (RedisClient client = RedisClient.create(TestStores.get().redis().url());
        var connection = client.connect()) {
      await().atMost(PATIENCE).until(() -> connection.sync().xlen("events:" + channel) == 30);
      // What a consumer that died had been handed: these come first, and once.
      connection.sync().xgroupCreate(StreamOffset.from("events:" + channel, "0"), "people");
      handOut(connection.sync(), channel);
      // As after a restart of Redis: the same event in a second entry.
      var first =
          connection.sync().xrange("events:" + channel, Range.unbounded(), Limit.from(1)).get(0);
      connection.sync().xadd("events:" + channel, first.getBody());
      append(channel, 30);
      expected.add(30);

      List<JsonNode> printed = run(python.get(), channel, 31);

      assertThat(printed.stream().map(event -> event.at("/data/n").asInt())).isEqualTo(expected);
      assertThat(printed.get(0).get("type").asText()).isEqualTo("test.told");
      assertThat(connection.sync().xpending("events:" + channel, "people").getCount()).isZero();
    }
  }

  @SuppressWarnings("unchecked") // one offset, as an array of a generic type
  private static void handOut(RedisCommands<String, String> redis, String channel) {
    redis.xreadgroup(
        Consumer.from("people", "one"),
        XReadArgs.Builder.count(10),
        StreamOffset.from("events:" + channel, ">"));
  }

  private void append(String channel, int n) {
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status ->
                outbox.append(
                    new Outbox.Draft(
                        UUID.randomUUID(), channel, "k", "test.told", Map.of("n", n))));
  }

  private List<JsonNode> run(String python, String channel, int count) throws Exception {
    Path out = folder.resolve("out");
    URI redis = URI.create(TestStores.get().redis().url());
    ProcessBuilder program =
        new ProcessBuilder(
                python,
                EXAMPLE.toString(),
                "--url",
                "redis://" + redis.getHost() + ":" + redis.getPort(),
                "--channel",
                channel,
                "--group",
                "people",
                "--count",
                Integer.toString(count))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    program.environment().put("REDISCLI_AUTH", redis.getUserInfo().replaceFirst("^.*:", ""));
    Process process = program.start();
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as(() -> read(out))
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(read(out)).isZero();
    List<JsonNode> printed = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      printed.add(json.readTree(line));
    }
    return printed;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
