package routes.telemetry;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code hub.traces.*}: which traces are kept.
 *
 * @param requests share that is kept of requests that only read, and of cache and sessions, 0 to 1;
 *     runs, changes, and what a caller traces are kept always; default 0.1
 */
@ConfigurationProperties("hub.traces")
public record TracesProperties(@DefaultValue("0.1") double requests) {

  public TracesProperties {
    if (!(requests >= 0 && requests <= 1)) {
      throw new IllegalArgumentException("hub.traces.requests must be 0 to 1, such as 0.1");
    }
  }
}
