package routes.notify.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import routes.kernel.errors.Failures;
import routes.notify.delivery.Backoff;
import routes.notify.transport.RetryAfter;

/** What stops the hub and names its key; and how long is waited. */
class NotifyPropertiesTest {

  private static final String SECRET = "whsec_" + "QUJD".repeat(8);

  private static NotifyProperties bind(Map<String, String> more) {
    Map<String, String> keys = new HashMap<>();
    keys.put("hub.notify.targets.oncall.kind", "webhook");
    keys.put("hub.notify.targets.oncall.url", "https://example.org/hub");
    keys.put("hub.notify.targets.oncall.secret", SECRET);
    keys.putAll(more);
    return new Binder(new MapConfigurationPropertySource(keys))
        .bindOrCreate("hub.notify", NotifyProperties.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          targets.oncall.url              | http://169.254.1/     | targets.oncall.url
          targets.oncall.url              | https://u:p@x.org     | targets.oncall.url
          targets.oncall.secret           | whsec_short           | targets.oncall.secret
          targets.oncall.secret-file      | /x                    | targets.oncall must have
          targets.oncall.headers.Host     | x                     | targets.oncall.headers
          targets.oncall.headers.CamelX   | x                     | targets.oncall.headers
          targets.oncall.timeout          | 99ms                  | targets.oncall.timeout
          targets.oncall.timeout          | 4m                    | lease
          targets.oncall.parallel         | 33                    | targets.oncall.parallel
          targets.post.kind               | email                 | targets.post.smtp.host
          targets.bus.kind                | camel                 | targets.bus.uri
          rules.r.to[0]                   | none                  | rules.r.to
          rules.r.severity                | bad                   | rules.r.severity
          retry.attempts                  | 0                     | retry.attempts
          retry.factor                    | 11                    | retry.factor
          keep                            | 1m                    | keep
          data-limit                      | 2MB                   | data-limit
          allow[0]                        | 10.0.0.0/99           | allow[0]
          """)
  void aWrongKeyIsNamedAndNoSecretTold(String key, String value, String told) {
    assertThatThrownBy(() -> bind(Map.of("hub.notify." + key, value)))
        .satisfies(
            failure ->
                assertThat(Failures.find(failure, IllegalArgumentException.class).getMessage())
                    .contains("hub.notify." + told)
                    .doesNotContain("u:p", SECRET));
  }

  @Test
  void aTargetDoesNotPrintItsSecret() {
    assertThat(bind(Map.of()).toString()).doesNotContain(SECRET, "example.org/hub");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1  | 0   | 0    | 2500
          1  | 1   | 0    | 5000
          2  | 1   | 0    | 15000
          20 | 1   | 0    | 3600000
          1  | 1   | 60   | 60000
          1  | 1   | 9999 | 3600000
          """)
  void waitsGrowAndAreBounded(int attempt, double chance, long asked, long millis) {
    assertThat(
            Backoff.wait(
                bind(Map.of()).retry(),
                attempt,
                asked == 0 ? null : Duration.ofSeconds(asked),
                chance))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void aTargetAsksInSecondsOrByADate() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(RetryAfter.read(" 120 ", now)).isEqualTo(Duration.ofMinutes(2));
    assertThat(RetryAfter.read("Thu, 01 Jan 2026 00:01:00 GMT", now))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(RetryAfter.read("Wed, 01 Jan 2020 00:01:00 GMT", now)).isZero();
    assertThat(RetryAfter.read("-1", now)).isNull();
    assertThat(RetryAfter.read("soon", now)).isNull();
  }
}
