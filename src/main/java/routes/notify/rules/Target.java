package routes.notify.rules;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * {@code hub.notify.targets.<name>}: somebody who is told. A file that holds a secret is read anew
 * when it changes.
 *
 * @param kind what it is
 * @param url of webhook and Slack: http(s)://host/path, without a user
 * @param urlFile in place of url, for a URL that is a secret
 * @param secret of a webhook: {@code whsec_} and 24 to 64 bytes in base64
 * @param secretFile in place of secret: one secret a line, each of which signs; 5 at most
 * @param headers that a webhook is sent with, besides its own
 * @param smtp of e-mail
 * @param from of e-mail, an address
 * @param to of e-mail, addresses
 * @param subject of e-mail; {@code {severity}}, {@code {type}}, {@code {subject}}, {@code
 *     {channel}}, {@code {count}} and {@code {hub}} in it are replaced, nothing else is
 * @param uri of a Camel endpoint, as Camel writes it
 * @param timeout of one whole exchange, 100 ms to 5 min; default 10 s
 * @param parallel deliveries at a time from each hub, 1 to 32; default 4
 * @param show how many events a message for several holds in full, 1 to 100; default 10
 * @param paused its deliveries wait; default false
 */
public record Target(
    Kind kind,
    URI url,
    Path urlFile,
    String secret,
    Path secretFile,
    Map<String, String> headers,
    Smtp smtp,
    String from,
    @DefaultValue List<String> to,
    @DefaultValue("[{severity}] {type} {subject}") String subject,
    String uri,
    @DefaultValue("10s") Duration timeout,
    @DefaultValue("4") int parallel,
    @DefaultValue("10") int show,
    @DefaultValue("false") boolean paused) {

  /** What a target is. */
  public enum Kind {
    WEBHOOK,
    SLACK,
    EMAIL,
    CAMEL
  }

  /** How the connection to a mail server is encrypted. */
  public enum Tls {
    /** From the first byte. */
    TLS,
    /** By STARTTLS, without which nothing is sent. */
    STARTTLS,
    /** Not at all: inside one machine. */
    NONE
  }

  /**
   * {@code smtp}: a mail server.
   *
   * @param host name or address of the mail server
   * @param port default 587
   * @param tls default starttls
   * @param username null: no login
   * @param password secret; of the username
   * @param passwordFile read anew when it changes
   */
  public record Smtp(
      String host,
      @DefaultValue("587") int port,
      @DefaultValue("starttls") Tls tls,
      String username,
      String password,
      Path passwordFile) {

    @Override
    public String toString() {
      return "smtp://" + host + ":" + port;
    }
  }

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,100}");
  private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}]*");
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s@<>,;\\p{Cntrl}]+@[^\\s@<>,;\\p{Cntrl}]+");

  /** What the delivery itself says. */
  private static final Pattern OWN_HEADER =
      Pattern.compile("(?i)webhook-.*|content-.*|host|connection|transfer-encoding|camel.*");

  public Target {
    headers = headers == null ? Map.of() : new TreeMap<>(headers);
    to = List.copyOf(to);
  }

  void check(String key, String name) {
    Assert.isTrue(NAME.matcher(name).matches(), key + ": a name is 1 to 40 of a-z, 0-9 and '-'");
    Assert.isTrue(kind != null, key + ".kind must be webhook, slack, email or camel");
    Assert.isTrue(
        timeout.toMillis() >= 100 && timeout.toMinutes() <= 5,
        key + ".timeout must be 100ms to 5m");
    Assert.isTrue(parallel >= 1 && parallel <= 32, key + ".parallel must be 1 to 32");
    Assert.isTrue(show >= 1 && show <= 100, key + ".show must be 1 to 100");
    switch (kind) {
      case WEBHOOK -> {
        checkUrl(key);
        Assert.isTrue(
            (secret == null) != (secretFile == null), key + " must have a secret or a secret-file");
        if (secret != null) {
          Signatures.check(key + ".secret", secret);
        }
        headers.forEach(
            (header, value) ->
                Assert.isTrue(
                    HEADER.matcher(header).matches()
                        && !OWN_HEADER.matcher(header).matches()
                        && TEXT.matcher(value).matches(),
                    key + ".headers: '" + header + "' cannot be set, or holds control characters"));
      }
      case SLACK -> checkUrl(key);
      case EMAIL -> checkMail(key);
      case CAMEL ->
          Assert.isTrue(
              uri != null && uri.matches("[a-z][a-z0-9+.-]*:.+"),
              key + ".uri must be an endpoint as Camel writes it, such as seda:alerts");
    }
  }

  private void checkUrl(String key) {
    Assert.isTrue((url == null) != (urlFile == null), key + " must have a url or a url-file");
    if (url != null) {
      AddressGuard.checkUrl(key + ".url", url);
    }
  }

  private void checkMail(String key) {
    Assert.isTrue(smtp != null && smtp.host() != null, key + ".smtp.host must name a mail server");
    Assert.isTrue(smtp.host().matches("[A-Za-z0-9.:_-]{1,253}"), key + ".smtp.host is not a host");
    Assert.isTrue(smtp.port() > 0 && smtp.port() < 65_536, key + ".smtp.port must be 1 to 65535");
    Assert.isTrue(
        smtp.username() == null || (smtp.password() == null) != (smtp.passwordFile() == null),
        key + ".smtp must have a password or a password-file beside its username");
    Assert.isTrue(
        smtp.username() == null || smtp.tls() != Tls.NONE,
        key + ".smtp.tls must not be none: the password would be everybody's");
    Assert.isTrue(from != null && ADDRESS.matcher(from).matches(), key + ".from must be a@b");
    Assert.isTrue(!to.isEmpty() && to.size() <= 50, key + ".to must hold 1 to 50 addresses");
    for (String address : to) {
      Assert.isTrue(ADDRESS.matcher(address).matches(), key + ".to must hold addresses like a@b");
    }
    Assert.isTrue(
        TEXT.matcher(subject).matches() && subject.length() <= 200,
        key + ".subject may have 200 characters, none a control character");
  }

  /** Where it is, without what may be a secret. */
  String shown() {
    return switch (kind) {
      case WEBHOOK, SLACK ->
          url == null
              ? "(in a file)"
              : url.getScheme()
                  + "://"
                  + url.getRawAuthority()
                  + (kind == Kind.WEBHOOK ? url.getRawPath() : "");
      case EMAIL -> "smtp://" + smtp.host() + ":" + smtp.port();
      case CAMEL -> uri.substring(0, uri.indexOf(':')) + ":…";
    };
  }

  @Override
  public String toString() {
    return kind == null ? "no kind" : kind.name();
  }
}
