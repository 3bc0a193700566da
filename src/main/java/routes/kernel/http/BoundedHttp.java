package routes.kernel.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.util.Timeout;
import org.springframework.boot.ssl.SslBundles;
import routes.kernel.DaemonThreads;

/**
 * HTTP to servers that may be slow, wrong or hostile: no redirect is followed (it could lead
 * anywhere), no proxy of the environment is used, no connection is kept, one limit holds for the
 * whole exchange from the name's look-up to the last byte, an interrupt of the caller ends it, and
 * no more of a body is read than asked for. Nothing of the hub goes along: no credentials, no
 * trace.
 */
public final class BoundedHttp implements AutoCloseable {

  /** Bundle of certificates that says whom to trust, where the platform has its own. */
  private static final String PLATFORM = "platform";

  private final CloseableHttpClient http;

  // The client's own limits are per read, and an interrupt does not reach a read: the caller waits
  // aside, and cancels.
  private final ExecutorService exchanges =
      Executors.newCachedThreadPool(DaemonThreads.named("http-exchange"));

  /**
   * @param bundles certificates; null: only those of the JDK
   * @param resolver says which addresses a name leads to; null: the system's
   */
  public BoundedHttp(SslBundles bundles, DnsResolver resolver) {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(resolver)
            .setMaxConnTotal(1_000)
            .setMaxConnPerRoute(100)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setConnectTimeout(Timeout.ofSeconds(10)).build());
    if (bundles != null && bundles.getBundleNames().contains(PLATFORM)) {
      connections.setTlsSocketStrategy(
          new DefaultClientTlsStrategy(bundles.getBundle(PLATFORM).createSslContext()));
    }
    this.http =
        HttpClients.custom()
            .setConnectionManager(connections.build())
            .setConnectionReuseStrategy((request, response, context) -> false)
            .setUserAgent("ml-security-hub")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .build();
  }

  /**
   * What came back.
   *
   * @param retryAfter header of that name, or null
   * @param body at most as many bytes as were asked for
   * @param ending how the body ended
   */
  public record Answer(int status, String retryAfter, byte[] body, Ending ending) {}

  /** Whether {@link Answer#body} is all there is. */
  public enum Ending {
    WHOLE,
    /** There was more than was asked for. */
    CUT,
    /** The connection broke off before the body's end. */
    BROKEN
  }

  /** No whole answer in time. */
  public static final class TooSlowException extends IOException {
    private static final long serialVersionUID = 1L;

    private TooSlowException(Duration limit) {
      super("no answer within " + limit.toMillis() + " ms");
    }
  }

  /**
   * @param limit of the whole exchange
   * @param most bytes of the answer's body that are read
   * @throws TooSlowException when the limit is over
   * @throws IOException no answer; what the client says of it
   */
  public Answer send(HttpUriRequestBase request, Duration limit, int most)
      throws IOException, InterruptedException {
    request.setConfig(
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(limit))
            .setConnectionRequestTimeout(Timeout.of(limit))
            .setRedirectsEnabled(false)
            .build());
    Future<Answer> exchange = exchanges.submit(() -> exchange(request, most));
    try {
      return exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new TooSlowException(limit);
    } catch (ExecutionException e) {
      // A connection that is not there after 10 s is another failure, of a type below this one.
      if (e.getCause() instanceof java.net.SocketTimeoutException
          && !(e.getCause() instanceof ConnectTimeoutException)) {
        throw new TooSlowException(limit);
      }
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("the request failed", e.getCause());
    } finally {
      request.cancel();
    }
  }

  private Answer exchange(HttpUriRequestBase request, int most) throws IOException {
    ClassicHttpResponse response = http.executeOpen(null, request, null);
    try {
      Header after = response.getFirstHeader("Retry-After");
      InputStream in = response.getEntity() == null ? null : response.getEntity().getContent();
      byte[] body = new byte[0];
      Ending ending = Ending.WHOLE;
      try {
        body = in == null ? body : in.readNBytes(most + 1);
      } catch (IOException e) {
        ending = Ending.BROKEN;
      }
      if (body.length > most) {
        body = Arrays.copyOf(body, most);
        ending = Ending.CUT;
      }
      return new Answer(response.getCode(), after == null ? null : after.getValue(), body, ending);
    } finally {
      // Before close, which else reads the rest of what may be a gigabyte.
      request.cancel();
      closeCancelled(response);
    }
  }

  private static void closeCancelled(ClassicHttpResponse response) {
    try {
      response.close();
    } catch (IOException e) {
      // Its connection is gone by then: there is nothing left to close.
    }
  }

  @Override
  public void close() throws IOException {
    exchanges.shutdownNow();
    http.close();
  }
}
