package routes.telemetry;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.metrics.*}
 *
 * @param every how often what lies in stores is read again for metrics, at least 1 s; default 10 s
 * @param token lets Prometheus read the metrics, and nothing else, also while the database that
 *     knows the API keys is away; 32 letters or digits and more. Empty: only API keys do; default
 *     empty
 */
@Validated
@ConfigurationProperties("hub.metrics")
public record MetricsProperties(
    @NotNull @DefaultValue("10s") Duration every, @DefaultValue("") String token) {

  public MetricsProperties {
    if (every != null && every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "hub.metrics.every is " + every + " but must be 1s or more");
    }
    token = token == null ? "" : token.strip();
    if (!token.isEmpty() && !token.matches("[A-Za-z0-9._~+/=-]{32,}")) {
      // Without its value, which somebody may think of as a password.
      throw new IllegalArgumentException(
          "hub.metrics.token must be 32 letters or digits or more: openssl rand -hex 32");
    }
  }

  @Override
  public String toString() {
    return "hub.metrics[every " + every + "]";
  }
}
