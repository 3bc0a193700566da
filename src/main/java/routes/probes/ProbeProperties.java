package routes.probes;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import routes.kernel.http.HttpUrls;

/**
 * {@code hub.probes.<name>}: what is asked whether it is well. A wrong value stops the hub and
 * names its key. Nothing but this says where a probe goes.
 *
 * @param probes by name: 1 to 40 of a-z, 0-9 and '-'; 100 at most
 */
@ConfigurationProperties("hub")
record ProbeProperties(Map<String, Probe> probes) {

  private static final int MOST = 100;

  /**
   * One probe.
   *
   * @param url that is asked by GET, http or https, without a user; redirects are not followed
   * @param status that the answer must have, 100 to 599; default 200
   * @param body a regular expression, 200 characters at most, that must be found in the first 64 KB
   *     of the answer's body; empty: any will do; default empty
   * @param every how often, 5 s to 1 day; default 30 s
   * @param timeout of one look, from 100 ms to {@code every}, 1 min at most; default 5 s
   */
  record Probe(
      URI url,
      @DefaultValue("200") int status,
      @DefaultValue("") String body,
      @DefaultValue("30s") Duration every,
      @DefaultValue("5s") Duration timeout) {

    /** Without the query, which may hold a key. */
    String shown() {
      return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }
  }

  ProbeProperties {
    probes = probes == null ? Map.of() : new TreeMap<>(probes);
    if (probes.size() > MOST) {
      throw new IllegalArgumentException(
          "hub.probes holds " + probes.size() + " probes but may hold " + MOST);
    }
    probes.forEach(ProbeProperties::check);
  }

  private static void check(String name, Probe probe) {
    String key = "hub.probes." + name;
    Assert.isTrue(name.matches("[a-z0-9-]{1,40}"), key + ": a name is 1 to 40 of a-z, 0-9 and '-'");
    URI url = probe.url();
    Assert.isTrue(
        url != null && HttpUrls.isPlain(url.toString()),
        key + ".url must be http(s)://host:port/path, without a user");
    Assert.isTrue(
        probe.status() >= 100 && probe.status() <= 599, key + ".status must be from 100 to 599");
    Assert.isTrue(probe.body().length() <= 200, key + ".body may have 200 characters");
    try {
      Pattern.compile(probe.body());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          key + ".body is not a regular expression: " + e.getDescription(), e);
    }
    Assert.isTrue(
        probe.every().toSeconds() >= 5 && probe.every().toDays() <= 1,
        key + ".every is " + probe.every() + " but must be 5s to 1d");
    Assert.isTrue(
        probe.timeout().toMillis() >= 100
            && probe.timeout().toSeconds() <= 60
            && probe.timeout().compareTo(probe.every()) <= 0,
        key + ".timeout is " + probe.timeout() + " but must be 100ms to 60s, and not over 'every'");
  }
}
