package routes.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks a server over some connections, each its next question as soon as it has an answer. The same
 * for every server; one event loop, so that it takes no more than it must from them.
 */
final class Load implements AutoCloseable {

  private final Vertx vertx;
  private final int connections;

  /**
   * What came of it: answers per second, and times of single answers in milliseconds.
   *
   * @param answers count
   * @param others answers that do not hold what was expected
   */
  record Seen(int answers, double perSecond, double p50, double p99, long others) {}

  Load(int connections) {
    this.connections = connections;
    this.vertx = Vertx.vertx(new io.vertx.core.VertxOptions().setEventLoopPoolSize(1));
  }

  /** One question after the other. */
  interface Questions {
    Buffer body(int number);
  }

  /**
   * @param seconds how long
   * @param expected what each answer should hold; those that do not are counted
   * @throws IllegalStateException when an answer is not 200
   */
  Seen run(
      int port,
      String path,
      Map<String, String> headers,
      Questions questions,
      String expected,
      int seconds)
      throws InterruptedException {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(path);
    headers.forEach(options::putHeader);
    options.putHeader("Content-Type", "application/json");
    options.setTimeout(TimeUnit.SECONDS.toMillis(30));
    // Connections of its own: a server closes those that were idle, maybe while they are taken.
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true),
            new PoolOptions().setHttp1MaxSize(connections));
    Asking asking = new Asking(client, options, questions, expected, seconds);
    for (int i = 0; i < connections; i++) {
      asking.ask();
    }
    asking.ended.await();
    client.close();
    if (asking.failed.get() != null) {
      throw new IllegalStateException(path, asking.failed.get());
    }
    return asking.seen();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private final class Asking {
    private final HttpClient client;
    private final RequestOptions options;
    private final Questions questions;
    private final String expected;
    private final long began = System.nanoTime();
    private final long until;
    private final AtomicInteger number = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(connections);
    private final AtomicInteger others = new AtomicInteger();
    private final AtomicReference<Throwable> failed = new AtomicReference<>();
    private long[] nanos = new long[1 << 16];
    private int answers;

    Asking(
        HttpClient client,
        RequestOptions options,
        Questions questions,
        String expected,
        int seconds) {
      this.client = client;
      this.options = options;
      this.questions = questions;
      this.expected = expected;
      this.until = began + TimeUnit.SECONDS.toNanos(seconds);
    }

    void ask() {
      long asked = System.nanoTime();
      if (asked > until || failed.get() != null) {
        ended.countDown();
        return;
      }
      client
          .request(options)
          .compose(request -> request.send(questions.body(number.getAndIncrement())))
          .compose(
              response ->
                  response
                      .body()
                      .map(
                          body -> {
                            if (response.statusCode() != 200) {
                              throw new IllegalStateException(
                                  response.statusCode() + " " + body.toString());
                            }
                            if (!body.toString().contains(expected)) {
                              others.incrementAndGet();
                            }
                            return body;
                          }))
          .onComplete(
              answer -> {
                if (answer.failed()) {
                  failed.compareAndSet(null, answer.cause());
                } else {
                  add(System.nanoTime() - asked);
                }
                ask();
              });
    }

    private synchronized void add(long took) {
      if (answers == nanos.length) {
        nanos = Arrays.copyOf(nanos, answers * 2);
      }
      nanos[answers++] = took;
    }

    synchronized Seen seen() {
      double seconds = (System.nanoTime() - began) / 1e9;
      long[] sorted = Arrays.copyOf(nanos, answers);
      Arrays.sort(sorted);
      return new Seen(answers, answers / seconds, at(sorted, 0.5), at(sorted, 0.99), others.get());
    }

    private static double at(long[] sorted, double share) {
      return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))] / 1e6;
    }
  }
}
