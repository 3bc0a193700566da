package routes.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * Asks a server that the configuration names: no redirect is followed (a target could be anywhere),
 * one limit holds for all of it from the connection to the last byte, and no more of a body is read
 * than asked for. Nothing of the hub goes along: no credentials but those given, no trace.
 */
@Component
public class PlainGet {

  /** Bundle of certificates that says whom to trust, where the platform has its own. */
  private static final String PLATFORM = "platform";

  private final HttpClient http;

  PlainGet(SslBundles bundles) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1);
    if (bundles.getBundleNames().contains(PLATFORM)) {
      builder.sslContext(bundles.getBundle(PLATFORM).createSslContext());
    }
    this.http = builder.build();
  }

  /**
   * What came back.
   *
   * @param body at most as many bytes as were asked for
   * @param cut there was more
   */
  public record Answer(int status, byte[] body, boolean cut) {}

  /**
   * @param limit of the whole exchange
   * @param most bytes of the body that are read
   * @throws IOException no answer, or none in time; the message says which, in words
   */
  public Answer get(URI uri, Duration limit, int most) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri).GET().build(), limit, most);
  }

  /**
   * POSTs JSON.
   *
   * @param authorization header of that name, or null
   * @param limit of the whole exchange
   * @param most bytes of the answer's body that are read
   * @throws IOException no answer, or none in time; the message says which, in words
   */
  public Answer post(URI uri, String authorization, String json, Duration limit, int most)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return send(request.build(), limit, most);
  }

  private Answer send(HttpRequest request, Duration limit, int most)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Body>> asked = http.sendAsync(request, info -> new Reader(most));
    try {
      HttpResponse<Body> answer = asked.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(answer.statusCode(), answer.body().bytes(), answer.body().cut());
    } catch (TimeoutException e) {
      asked.cancel(true);
      throw new IOException("no answer within " + limit.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new IOException(words(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      asked.cancel(true);
      throw e;
    }
  }

  private static String words(Throwable failure) {
    if (failure instanceof java.net.ConnectException) {
      return "no connection";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private record Body(byte[] bytes, boolean cut) {}

  private static final class Reader implements HttpResponse.BodySubscriber<Body> {

    private final int most;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CompletableFuture<Body> body = new CompletableFuture<>();
    private Flow.Subscription subscription;

    private Reader(int most) {
      this.most = most;
    }

    @Override
    public CompletionStage<Body> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] bytes = new byte[Math.min(buffer.remaining(), most - read.size())];
        buffer.get(bytes);
        read.writeBytes(bytes);
        if (buffer.hasRemaining()) {
          body.complete(new Body(read.toByteArray(), true));
          subscription.cancel();
          return;
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(new Body(read.toByteArray(), false));
    }
  }
}
