package routes.traces;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;
import routes.kernel.http.HttpUrls;

/**
 * {@code hub.jaeger.*}: where traces can be looked at.
 *
 * @param url of Jaeger's query API, such as {@code http://jaeger:16686}; empty: traces are not
 *     looked at; default empty
 * @param timeout of one question, 100 ms to 1 min; default 5 s
 * @param most bytes of one answer that are read, 1 KB to 64 MB; default 8 MB
 */
@Validated
@ConfigurationProperties("hub.jaeger")
record JaegerProperties(
    @DefaultValue("") String url,
    @NotNull @DefaultValue("5s") Duration timeout,
    @NotNull @DefaultValue("8MB") DataSize most) {

  JaegerProperties {
    url = url == null ? "" : url.strip().replaceFirst("/+$", "");
    if (!url.isEmpty() && !(HttpUrls.isPlain(url) && URI.create(url).getQuery() == null)) {
      throw new IllegalArgumentException(
          "hub.jaeger.url must be http(s)://host:port, without user, query and fragment");
    }
    if (timeout != null && (timeout.toMillis() < 100 || timeout.toSeconds() > 60)) {
      throw new IllegalArgumentException(
          "hub.jaeger.timeout is " + timeout + " but must be 100ms to 60s");
    }
    if (most != null && (most.toBytes() < 1024 || most.toMegabytes() > 64)) {
      throw new IllegalArgumentException("hub.jaeger.most is " + most + " but must be 1KB to 64MB");
    }
  }
}
