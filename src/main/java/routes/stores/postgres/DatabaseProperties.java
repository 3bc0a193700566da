package routes.stores.postgres;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.database.*}: the hub's own database.
 *
 * @param url {@code postgresql://user:password@host:5432/ml_security_consolidated}
 * @param username wins over the URL's
 * @param password wins over the URL's
 * @param poolSize most connections held, count; default 20
 * @param connectionTimeout longest wait for one; default 30 s
 * @param maxLifetime a connection is renewed after this; default 3600 s
 */
@Validated
@ConfigurationProperties("hub.database")
public record DatabaseProperties(
    String url,
    String username,
    String password,
    @Min(5) @Max(200) @DefaultValue("20") int poolSize,
    @NotNull @DefaultValue("30s") Duration connectionTimeout,
    @NotNull @DefaultValue("3600s") Duration maxLifetime) {

  public PostgresAddress address() {
    return PostgresAddress.of("hub.database.url", url, username, password);
  }

  @Override
  public String toString() {
    return "hub.database[…]";
  }
}
