package routes.notify.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a webhook may not go, in every way to say it. */
class AddressGuardTest {

  private final AddressGuard guard = new AddressGuard(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001:0:4136:e378::1",
        "2001:db8::1",
        "3fff::1",
        "fec0::1",
        "100::1"
      })
  void whatIsNotPublicIsRefused(String address) throws Exception {
    assertThat(guard.refuses("example.org", InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "169.253.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "64:ff9b::101:101",
        "::ffff:8.8.8.8"
      })
  void whatIsPublicIsNot(String address) throws Exception {
    assertThat(guard.refuses("example.org", InetAddress.getByName(address))).isFalse();
  }

  @Test
  void whatIsAllowedByNameOrRangeIsNotRefused() throws Exception {
    AddressGuard some = new AddressGuard(List.of("10.1.0.0/16", "fd00:1::/32", "Alerts.local"));

    assertThat(some.refuses("x", InetAddress.getByName("10.1.255.255"))).isFalse();
    assertThat(some.refuses("x", InetAddress.getByName("10.2.0.0"))).isTrue();
    assertThat(some.refuses("x", InetAddress.getByName("fd00:1::5"))).isFalse();
    assertThat(some.refuses("alerts.LOCAL", InetAddress.getByName("127.0.0.1"))).isFalse();
    assertThat(some.refuses("other.local", InetAddress.getByName("127.0.0.1"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd", "ftp://example.org/", "gopher://example.org",
            "http://u:p@example.org/",
        "http://2130706433/", "http://0177.0.0.1/", "http://127.1/", "http://0x7f.0.0.1/",
        "http://0x7f000001/", "http://127.0.0.01/", "http:///x", "http://[fe80::1%25eth0]/",
        "http://example.org/#x", "http://1.2.3.4.5/", "jdbc:x", "http://a%20b.org/"
      })
  void aUrlThatSaysSomethingElseIsRefusedBeforeAnyLookUp(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressGuard.checkUrl("hub.notify.targets.x.url", URI.create(url)))
        .withMessageStartingWith("hub.notify.targets.x.url")
        .withMessageNotContaining("u:p");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://example.org/a?b=c", "http://8.8.8.8:8080/", "http://[2606:4700::1]/"})
  void anOrdinaryUrlIsTaken(String url) {
    assertThatCode(() -> AddressGuard.checkUrl("k", URI.create(url))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/x", "300.1.1.1", "a b", "http://x", "::1/129"})
  void aWrongExceptionIsNamed(String allow) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressGuard.check(List.of("1.1.1.1", allow)))
        .withMessageStartingWith("hub.notify.allow[1]");
  }
}
