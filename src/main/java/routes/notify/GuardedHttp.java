package routes.notify;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import routes.platform.DaemonThreads;

/**
 * POSTs to targets, and to no address that {@link AddressGuard} refuses: a name is looked up once,
 * and what was found and judged is what is connected to, so a second answer of the name server
 * changes nothing. No redirect is followed, no proxy of the environment is used, no connection is
 * kept (each is judged anew), one limit holds for all of an exchange, and of an answer {@value
 * #MOST_BODY} bytes are read at most.
 */
@Component
class GuardedHttp implements DisposableBean {

  static final int MOST_BODY = 64 * 1024;

  /** Bundle of certificates that says whom to trust, where the platform has its own. */
  private static final String PLATFORM = "platform";

  /** Looks names up; a test answers otherwise. */
  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  private final CloseableHttpClient http;
  private final Clock clock;
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("notify-deadlines"));

  @Autowired
  GuardedHttp(NotifyProperties properties, SslBundles bundles, Clock clock) {
    this(new AddressGuard(properties.allow()), bundles, InetAddress::getAllByName, clock);
  }

  GuardedHttp(AddressGuard guard, SslBundles bundles, Lookup lookup, Clock clock) {
    this.clock = clock;
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new Judged(guard, lookup))
            .setMaxConnTotal(1_000)
            .setMaxConnPerRoute(100);
    if (bundles != null && bundles.getBundleNames().contains(PLATFORM)) {
      connections.setTlsSocketStrategy(
          new DefaultClientTlsStrategy(bundles.getBundle(PLATFORM).createSslContext()));
    }
    connections.setDefaultConnectionConfig(
        ConnectionConfig.custom().setConnectTimeout(Timeout.ofSeconds(10)).build());
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

  /** An address that is out of bounds. */
  static final class RefusedAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private RefusedAddressException(String host) {
      super(host + " leads to an address that is not public; hub.notify.allow may name it");
    }
  }

  /** Tells only addresses that may be connected to: all of them, or it fails. */
  private record Judged(AddressGuard guard, Lookup lookup) implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      List<InetAddress> found = new ArrayList<>();
      for (InetAddress address : lookup.of(host)) {
        if (guard.refuses(host, address)) {
          throw new RefusedAddressException(host);
        }
        found.add(address);
      }
      return found.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host; // asked for Kerberos only, which is off
    }
  }

  /**
   * Sends JSON.
   *
   * @param limit of the whole exchange, from the name's look-up to the last byte that is read
   * @return what a status of 200 to 299 came with; that decides, also when its body breaks off
   * @throws UndeliveredException for every other end
   */
  Answer post(URI url, Map<String, String> headers, byte[] body, Duration limit) {
    HttpPost request = new HttpPost(url);
    request.setConfig(
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(limit))
            .setConnectionRequestTimeout(Timeout.of(limit))
            .setRedirectsEnabled(false)
            .build());
    headers.forEach(request::setHeader);
    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    // The client's own limits are per read: a target that drips is stopped by this.
    ScheduledFuture<?> deadline =
        deadlines.schedule(request::cancel, limit.toMillis(), TimeUnit.MILLISECONDS);
    ClassicHttpResponse response = null;
    try {
      response = http.executeOpen(null, request, null);
      return judge(response, textOf(response));
    } catch (IOException e) {
      throw unanswered(request, limit, e);
    } finally {
      deadline.cancel(false);
      // Before close, which else reads the rest of what may be a gigabyte.
      request.cancel();
      close(response);
    }
  }

  private static UndeliveredException unanswered(HttpPost request, Duration limit, IOException e) {
    if (e instanceof RefusedAddressException) {
      return new UndeliveredException(e.getMessage(), true, null, null, e);
    }
    if (request.isCancelled()) {
      return UndeliveredException.later("no answer within " + limit.toMillis() + " ms", e);
    }
    // The messages of the JDK and the client name host and port, never the path.
    return UndeliveredException.later(
        e instanceof UnknownHostException
            ? "the host's name is not known"
            : e instanceof java.net.SocketTimeoutException
                ? "no answer within " + limit.toMillis() + " ms"
                : "no answer: " + e.getClass().getSimpleName(),
        e);
  }

  private Answer judge(ClassicHttpResponse response, String text) {
    int status = response.getCode();
    Answer answer = new Answer(status, Answer.clean(text));
    if (status >= 200 && status < 300) {
      return answer;
    }
    if (status >= 300 && status < 400) {
      throw new UndeliveredException(
          "answered " + status + ": redirects are not followed", true, answer, null, null);
    }
    boolean mayHeal = status >= 500 || status == 408 || status == 425 || status == 429;
    Header after = response.getFirstHeader("Retry-After");
    throw new UndeliveredException(
        "answered " + status,
        !mayHeal,
        answer,
        after == null ? null : RetryAfter.read(after.getValue(), clock.instant()),
        null);
  }

  /** Of a body that breaks off, what came of it. */
  private static String textOf(ClassicHttpResponse response) {
    byte[] read = new byte[0];
    try {
      InputStream in = response.getEntity() == null ? null : response.getEntity().getContent();
      if (in != null) {
        read = in.readNBytes(MOST_BODY);
      }
    } catch (IOException e) {
      return "(its body broke off)";
    }
    return new String(read, StandardCharsets.UTF_8);
  }

  private static void close(ClassicHttpResponse response) {
    try {
      if (response != null) {
        response.close();
      }
    } catch (IOException e) {
      // It is cancelled: there is nothing left to close.
    }
  }

  @Override
  public void destroy() throws IOException {
    deadlines.shutdownNow();
    http.close();
  }
}
