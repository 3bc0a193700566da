package routes.sessions;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.sessions.*}
 *
 * @param ttl life of a session, 1 s to 90 d; default 24 h
 * @param userField member of a session that tells whose it is; default {@code user_id}
 */
@Validated
@ConfigurationProperties("hub.sessions")
record SessionProperties(
    @NotNull @DefaultValue("24h") Duration ttl,
    @NotBlank @DefaultValue("user_id") String userField) {

  SessionProperties {
    if (ttl != null && (ttl.toSeconds() < 1 || ttl.toDays() > 90)) {
      throw new IllegalArgumentException("hub.sessions.ttl is " + ttl + " but must be 1s to 90d");
    }
  }
}
