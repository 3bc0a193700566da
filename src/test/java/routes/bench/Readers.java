package routes.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import routes.Api;

/**
 * Notifications by REST, read from the stream by several readers, each of which wants every one:
 * from the first request to the last reader's last message.
 */
final class Readers {

  private static final String CHANNEL = "bench";
  private static final String STREAM = "events:" + CHANNEL;
  private static final int BATCH = 500;
  private static final int PUBLISHERS = 4;

  private Readers() {}

  /** Notifications per second that were with all readers, and how many some reader never got. */
  record Seen(double perSecond, long lost) {}

  static Seen publish(
      int port, Map<String, String> key, RedisClient client, int readers, int events)
      throws Exception {
    String from = last(client);
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      ids.add(UUID.randomUUID());
    }
    ExecutorService threads = Executors.newFixedThreadPool(readers + PUBLISHERS);
    try {
      CountDownLatch ready = new CountDownLatch(readers);
      List<Future<Set<String>>> reading = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        reading.add(threads.submit(reader(client, from, events, ready)));
      }
      ready.await();
      long began = System.nanoTime();
      AtomicInteger next = new AtomicInteger();
      List<Future<?>> publishing = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        publishing.add(threads.submit(() -> publishAll(port, key, ids, next)));
      }
      for (Future<?> each : publishing) {
        each.get();
      }
      long lost = 0;
      for (Future<Set<String>> each : reading) {
        Set<String> got = each.get();
        lost += ids.stream().filter(id -> !got.contains(id.toString())).count();
      }
      return new Seen(events / ((System.nanoTime() - began) / 1e9), lost);
    } finally {
      threads.shutdownNow();
    }
  }

  private static String last(RedisClient client) {
    try (StatefulRedisConnection<String, String> redis = client.connect()) {
      List<StreamMessage<String, String>> newest =
          redis
              .sync()
              .xrevrange(
                  STREAM, io.lettuce.core.Range.create("-", "+"), io.lettuce.core.Limit.from(1));
      return newest.isEmpty() ? "0" : newest.get(0).getId();
    }
  }

  /** Reads until it has all, or until nothing came for long. */
  @SuppressWarnings("unchecked") // an array of what Lettuce wants
  private static Callable<Set<String>> reader(
      RedisClient client, String from, int events, CountDownLatch ready) {
    return () -> {
      Set<String> got = new HashSet<>();
      try (StatefulRedisConnection<String, String> redis = client.connect()) {
        redis.setTimeout(Duration.ofSeconds(60));
        String after = from;
        ready.countDown();
        while (got.size() < events) {
          List<StreamMessage<String, String>> page =
              redis
                  .sync()
                  .xread(
                      XReadArgs.Builder.block(Duration.ofSeconds(20)).count(1000),
                      StreamOffset.from(STREAM, after));
          if (page.isEmpty()) {
            break;
          }
          for (StreamMessage<String, String> message : page) {
            got.add(message.getBody().get("id"));
          }
          after = page.get(page.size() - 1).getId();
        }
      }
      return got;
    };
  }

  private static void publishAll(
      int port, Map<String, String> key, List<UUID> ids, AtomicInteger next) {
    Api api = new Api(port, key.get("Authorization").substring(7));
    for (int at = next.getAndAdd(BATCH); at < ids.size(); at = next.getAndAdd(BATCH)) {
      StringBuilder body = new StringBuilder("{\"events\": [");
      for (int i = at; i < Math.min(ids.size(), at + BATCH); i++) {
        body.append(i == at ? "" : ", ")
            .append("{\"id\": \"")
            .append(ids.get(i))
            .append("\", \"key\": \"k")
            .append(i % 1000)
            .append(
                "\", \"type\": \"bench.told\", \"data\": {\"model\": \"fraud\", \"score\": 0.97}}");
      }
      Api.Answer answer = api.post("/api/notifications/" + CHANNEL, body.append("]}").toString());
      if (answer.status() != 202) {
        throw new IllegalStateException(answer.toString());
      }
    }
  }
}
