package routes.stores.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Requests that end when their work is stopped, also while a server stands still: an interrupt does
 * not reach a thread that waits for a socket. What was cut is not tried again.
 */
public record CancellableHttp(SdkHttpClient http, Cancellation stops) implements SdkHttpClient {

  /** For the builder of a client, which gives it time-outs and closes it. */
  public record Builder(Cancellation stops) implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return new CancellableHttp(Apache5HttpClient.builder().buildWithDefaults(defaults), stops);
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Request(http.prepareRequest(request));
  }

  @Override
  public String clientName() {
    return http.clientName();
  }

  @Override
  public void close() {
    http.close();
  }

  private final class Request implements ExecutableHttpRequest {
    private final ExecutableHttpRequest request;
    private volatile boolean cut;

    private Request(ExecutableHttpRequest request) {
      this.request = request;
    }

    /** The registration lasts until the answer's body is closed. */
    @Override
    public HttpExecuteResponse call() throws IOException {
      Runnable takeBack = stops.onStop("a request to S3", this::cut);
      HttpExecuteResponse response;
      try {
        response = request.call();
      } catch (IOException | RuntimeException e) {
        takeBack.run();
        stoppedIfCut(e);
        throw e;
      }
      if (response.responseBody().isEmpty()) {
        takeBack.run();
        return response;
      }
      AbortableInputStream body = response.responseBody().get();
      return HttpExecuteResponse.builder()
          .response(response.httpResponse())
          .responseBody(
              AbortableInputStream.create(
                  new Body(body, takeBack),
                  () -> {
                    takeBack.run();
                    body.abort();
                  }))
          .build();
    }

    private void cut() {
      cut = true;
      request.abort();
    }

    /** The SDK repeats what an IOException caused, so this one has no cause. */
    private void stoppedIfCut(Exception e) {
      if (cut) {
        AbortedException stopped = AbortedException.create("the run was stopped");
        stopped.addSuppressed(e);
        throw stopped;
      }
    }

    @Override
    public void abort() {
      request.abort();
    }

    private final class Body extends FilterInputStream {
      private final Runnable takeBack;

      private Body(InputStream body, Runnable takeBack) {
        super(body);
        this.takeBack = takeBack;
      }

      @Override
      public int read() throws IOException {
        try {
          return super.read();
        } catch (IOException e) {
          stoppedIfCut(e);
          throw e;
        }
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        try {
          return super.read(into, offset, length);
        } catch (IOException e) {
          stoppedIfCut(e);
          throw e;
        }
      }

      @Override
      public void close() throws IOException {
        takeBack.run();
        super.close();
      }
    }
  }
}
