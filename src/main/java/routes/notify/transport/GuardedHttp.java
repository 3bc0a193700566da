package routes.notify.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import routes.kernel.http.BoundedHttp;
import routes.notify.rules.AddressGuard;
import routes.notify.rules.NotifyProperties;

/**
 * POSTs to targets, and to no address that {@link AddressGuard} refuses: a name is looked up once,
 * and what was found and judged is what is connected to, so a second answer of the name server
 * changes nothing. Of an answer {@value #MOST_BODY} bytes are read at most.
 */
@Component
class GuardedHttp implements DisposableBean {

  static final int MOST_BODY = 64 * 1024;

  /** Looks names up; a test answers otherwise. */
  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  private final BoundedHttp http;
  private final Clock clock;

  @Autowired
  GuardedHttp(NotifyProperties properties, SslBundles bundles, Clock clock) {
    this(new AddressGuard(properties.allow()), bundles, InetAddress::getAllByName, clock);
  }

  GuardedHttp(AddressGuard guard, SslBundles bundles, Lookup lookup, Clock clock) {
    this.clock = clock;
    this.http = new BoundedHttp(bundles, new Judged(guard, lookup));
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
    headers.forEach(request::setHeader);
    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    try {
      return judge(http.send(request, limit, MOST_BODY));
    } catch (IOException e) {
      throw unanswered(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UndeliveredException.later("the hub is being stopped", e);
    }
  }

  private static UndeliveredException unanswered(IOException e) {
    if (e instanceof RefusedAddressException) {
      return new UndeliveredException(e.getMessage(), true, null, null, e);
    }
    if (e instanceof BoundedHttp.TooSlowException) {
      return UndeliveredException.later(e.getMessage(), e);
    }
    // The messages of the JDK and the client name host and port, never the path.
    return UndeliveredException.later(
        e instanceof UnknownHostException
            ? "the host's name is not known"
            : "no answer: " + e.getClass().getSimpleName(),
        e);
  }

  private Answer judge(BoundedHttp.Answer response) {
    int status = response.status();
    String text =
        response.ending() == BoundedHttp.Ending.BROKEN
            ? "(its body broke off)"
            : new String(response.body(), StandardCharsets.UTF_8);
    Answer answer = new Answer(status, Answer.clean(text));
    if (status >= 200 && status < 300) {
      return answer;
    }
    if (status >= 300 && status < 400) {
      throw new UndeliveredException(
          "answered " + status + ": redirects are not followed", true, answer, null, null);
    }
    boolean mayHeal = status >= 500 || status == 408 || status == 425 || status == 429;
    throw new UndeliveredException(
        "answered " + status,
        !mayHeal,
        answer,
        response.retryAfter() == null
            ? null
            : RetryAfter.read(response.retryAfter(), clock.instant()),
        null);
  }

  @Override
  public void destroy() throws IOException {
    http.close();
  }
}
