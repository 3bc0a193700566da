package routes.bench;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import routes.devservices.HubServer;

/** Open event streams, and how old an event is when it comes out of each. */
final class EventClients {

  private static final String MARK = "\"sentAt\":";

  private EventClients() {}

  /** Age in milliseconds of all but one in a hundred, and how many came and did not. */
  record Seen(double p99, long received, long missed) {}

  /**
   * @param clients streams open at once
   * @param perSecond notifications, each by a request of its own
   */
  static Seen listen(
      HubServer hub, Map<String, String> service, int clients, int perSecond, int seconds)
      throws Exception {
    int events = perSecond * seconds;
    long[] ages = new long[clients * events];
    int[] count = {0};
    CountDownLatch open = new CountDownLatch(clients);
    CountDownLatch all = new CountDownLatch(clients * events);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true),
            new PoolOptions().setHttp1MaxSize(clients + 8));
    try {
      RequestOptions stream = options(hub, "/api/events?channels=live", HttpMethod.GET);
      stream.putHeader("Authorization", "Bearer " + hub.key());
      for (int i = 0; i < clients; i++) {
        client
            .request(stream)
            .compose(request -> request.send())
            .onFailure(failed::set)
            .onSuccess(
                response -> {
                  if (response.statusCode() != 200) {
                    failed.set(new IllegalStateException("a stream: " + response.statusCode()));
                  }
                  open.countDown();
                  response.handler(
                      new Marks(
                          sentAt -> {
                            ages[count[0]++] = System.nanoTime() - sentAt;
                            all.countDown();
                          }));
                });
      }
      await(open, 60, failed, "streams did not open");
      RequestOptions publish = options(hub, "/api/notifications/live", HttpMethod.POST);
      service.forEach(publish::putHeader);
      publish.putHeader("Content-Type", "application/json");
      int[] sent = {0};
      vertx.setPeriodic(
          1000 / perSecond,
          timer -> {
            if (++sent[0] > events) {
              vertx.cancelTimer(timer);
              return;
            }
            client
                .request(publish)
                .compose(
                    request ->
                        request.send(
                            Buffer.buffer(
                                "{\"type\": \"live.told\", \"key\": \"k"
                                    + sent[0] % 50
                                    + "\", \"data\": {\"sentAt\":"
                                    + System.nanoTime()
                                    + "}}")))
                .onFailure(failed::set)
                .onSuccess(
                    response -> {
                      if (response.statusCode() != 202) {
                        failed.set(
                            new IllegalStateException("not taken: " + response.statusCode()));
                      }
                    });
          });
      boolean complete = all.await(seconds + 30L, TimeUnit.SECONDS);
      if (failed.get() != null) {
        throw new IllegalStateException(failed.get());
      }
      int received = complete ? ages.length : (int) (ages.length - all.getCount());
      long[] sorted = Arrays.copyOf(ages, received);
      Arrays.sort(sorted);
      double p99 = received == 0 ? Double.NaN : sorted[(int) (received * 0.99)] / 1e6;
      return new Seen(p99, received, ages.length - (long) received);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private static RequestOptions options(HubServer hub, String path, HttpMethod method) {
    return new RequestOptions()
        .setHost("127.0.0.1")
        .setPort(hub.port())
        .setURI(path)
        .setMethod(method);
  }

  /**
   * Finds the numbers after each mark in a stream, byte by byte: reading must not be what is slow.
   */
  private static final class Marks implements Handler<Buffer> {

    private static final byte[] BYTES = MARK.getBytes(StandardCharsets.US_ASCII);

    private final LongConsumer found;
    private int matched;
    private long number;

    Marks(LongConsumer found) {
      this.found = found;
    }

    @Override
    public void handle(Buffer chunk) {
      for (byte each : chunk.getBytes()) {
        if (matched == BYTES.length) {
          if (each == ' ') {
            continue;
          }
          if (each >= '0' && each <= '9') {
            number = number * 10 + (each - '0');
            continue;
          }
          found.accept(number);
          number = 0;
          matched = 0;
        }
        matched = each == BYTES[matched] ? matched + 1 : each == BYTES[0] ? 1 : 0;
      }
    }
  }

  private static void await(
      CountDownLatch latch, int seconds, AtomicReference<Throwable> failed, String what)
      throws InterruptedException {
    if (!latch.await(seconds, TimeUnit.SECONDS) || failed.get() != null) {
      throw new IllegalStateException(what, failed.get());
    }
  }
}
