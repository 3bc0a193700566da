package routes.web.security;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code hub.api.*}
 *
 * @param resetKey true: this start revokes the first key, makes another and writes it to its file;
 *     default false
 * @param bodies bytes of request bodies that are read or worked on at a time, 16 MB, which one
 *     request may have, or more; default 64 MB
 * @param streamsPerKey event streams that one key may have open on a replica, 1 or more; default 64
 * @param bodyTime how long a body may take to come, as a whole; default 60 s
 */
@ConfigurationProperties("hub.api")
public record ApiProperties(
    @DefaultValue("false") boolean resetKey,
    @DefaultValue("64MB") DataSize bodies,
    @DefaultValue("60s") Duration bodyTime,
    @DefaultValue("64") int streamsPerKey) {

  private static final DataSize LEAST = DataSize.ofMegabytes(16);

  public ApiProperties {
    if (bodies.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException("hub.api.bodies must be 16MB or more");
    }
    if (streamsPerKey < 1) {
      throw new IllegalArgumentException("hub.api.streams-per-key must be 1 or more");
    }
    if (bodyTime.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("hub.api.body-time must be 1s or more");
    }
  }
}
