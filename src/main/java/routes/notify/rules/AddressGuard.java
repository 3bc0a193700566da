package routes.notify.rules;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.util.Assert;

/**
 * Which addresses a webhook may be sent to: the public ones, and what {@code hub.notify.allow}
 * names. A target's name that leads to the hub's own machine, its network or a cloud's metadata
 * would have the hub fetch what only it can reach. Pure.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA, IPv4</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA, IPv6</a>
 */
public final class AddressGuard {

  // Before the ranges, which are read by it.
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private static final List<IpAddressMatcher> NOT_PUBLIC =
      ranges(
          "0.0.0.0/8", // this host
          "10.0.0.0/8",
          "100.64.0.0/10", // carrier-grade NAT
          "127.0.0.0/8",
          "169.254.0.0/16", // link-local; a cloud's metadata
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24", // 6to4 relays
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4", // multicast
          "240.0.0.0/4",
          "2001::/23", // Teredo and other protocols
          "2001:db8::/32",
          "2002::/16", // 6to4: any IPv4 address in other words
          "3fff::/20");

  /** Of IPv6 only what is assigned as public: the rest is local, mapped, or not yet anybody's. */
  private static final IpAddressMatcher PUBLIC_V6 = range("2000::/3");

  /** An IPv4 address behind a translator. */
  private static final IpAddressMatcher NAT64 = range("64:ff9b::/96");

  private static final Pattern DOTTED =
      Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
  private static final Pattern NUMBER = Pattern.compile("\\d+|0[xX][0-9a-fA-F]*");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?");

  private final Set<String> hosts = new TreeSet<>();
  private final List<IpAddressMatcher> allowed = new ArrayList<>();

  /**
   * @param allow hosts, addresses and CIDRs
   */
  public AddressGuard(List<String> allow) {
    for (String each : allow) {
      if (LITERAL.matcher(each.replaceFirst("/.*", "")).matches()) {
        allowed.add(range(each));
      } else {
        hosts.add(each.toLowerCase(Locale.ROOT));
      }
    }
  }

  private static List<IpAddressMatcher> ranges(String... texts) {
    return Arrays.stream(texts).map(AddressGuard::range).toList();
  }

  private static IpAddressMatcher range(String text) {
    String[] parts = text.split("/", 2);
    try {
      // A literal, so that no name is looked up.
      Assert.isTrue(LITERAL.matcher(parts[0]).matches(), "'" + text + "' is not an address");
      int bits = InetAddress.getByName(parts[0]).getAddress().length * 8;
      int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
      Assert.isTrue(prefix >= 0 && prefix <= bits, "'" + text + "' is not a CIDR");
      return new IpAddressMatcher(parts[0] + "/" + prefix);
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not an address or CIDR", e);
    }
  }

  /**
   * @throws IllegalArgumentException naming the key
   */
  static void check(List<String> allow) {
    for (int i = 0; i < allow.size(); i++) {
      String key = "hub.notify.allow[" + i + "]";
      String each = allow.get(i);
      try {
        if (LITERAL.matcher(each.replaceFirst("/.*", "")).matches()) {
          range(each);
          continue;
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
      }
      Assert.isTrue(HOST.matcher(each).matches(), key + " must be a host, an address or a CIDR");
    }
  }

  /**
   * What can be told of a URL before any name is looked up. The message never holds the URL, which
   * may be a secret.
   *
   * @throws IllegalArgumentException naming the key
   */
  static void checkUrl(String key, URI url) {
    Assert.isTrue(
        "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()),
        key + " must be http:// or https://");
    Assert.isTrue(url.getRawUserInfo() == null, key + " must not hold a user");
    Assert.isTrue(url.getRawFragment() == null, key + " must not hold a fragment");
    String host = url.getHost();
    Assert.isTrue(host != null, key + " must have a host that is a name or an address");
    Assert.isTrue(
        url.getPort() == -1 || url.getPort() > 0 && url.getPort() < 65_536,
        key + " has no such port");
    if (host.startsWith("[")) {
      Assert.isTrue(host.indexOf('%') < 0, key + " must not name a zone of an address");
      return;
    }
    String[] labels = host.split("\\.");
    // What a resolver takes for an IPv4 address: 2130706433, 0177.0.0.1, 0x7f.1, 127.1.
    if (labels.length == 0 || NUMBER.matcher(labels[labels.length - 1]).matches()) {
      Assert.isTrue(
          DOTTED.matcher(host).matches(), key + " must write an address as four plain numbers");
    }
  }

  /** Whether a connection to this address, found for this host, is out of bounds. */
  public boolean refuses(String host, InetAddress address) {
    if (hosts.contains(host.toLowerCase(Locale.ROOT))) {
      return false;
    }
    String reached = reached(address);
    if (allowed.stream().anyMatch(range -> range.matches(reached))) {
      return false;
    }
    return NOT_PUBLIC.stream().anyMatch(range -> range.matches(reached))
        || reached.indexOf(':') >= 0 && !PUBLIC_V6.matches(reached);
  }

  /** The IPv4 address wherever that is what is connected to in the end; without a zone. */
  private static String reached(InetAddress address) {
    try {
      // The JDK has made IPv4 of ::ffff:a.b.c.d already.
      byte[] bytes = address.getAddress();
      String text = InetAddress.getByAddress(bytes).getHostAddress();
      return NAT64.matches(text)
          ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16)).getHostAddress()
          : text;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are an address", e);
    }
  }
}
