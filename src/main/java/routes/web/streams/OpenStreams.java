package routes.web.streams;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import routes.kernel.WorkLoop;
import routes.kernel.errors.HttpException;
import routes.web.security.ApiKeys;
import routes.web.security.ApiProperties;
import routes.web.security.Caller;

/**
 * Event streams by the key that opened them: a key that is revoked or expires ends its streams, and
 * no key may have so many that others get none.
 */
@Component
public class OpenStreams implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(OpenStreams.class);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(2);

  private final ApiKeys keys;
  private final int mostPerKey;

  /** Each with its key; closed ones go at the next look. */
  private final Map<EventStream, UUID> open = new ConcurrentHashMap<>();

  private final WorkLoop checks;

  OpenStreams(ApiKeys keys, ApiProperties properties) {
    this.keys = keys;
    this.mostPerKey = properties.streamsPerKey();
    this.checks =
        WorkLoop.every(CHECK_EVERY, "stream-keys", "checking keys of open streams", this::check);
  }

  /**
   * Answers a request with a stream, which outlives the call.
   *
   * @param onClosed called once, whoever ended it and however
   * @throws HttpException 429 when the caller's key has as many as it may
   */
  public EventStream open(
      Caller caller, HttpServletRequest request, HttpServletResponse response, Runnable onClosed)
      throws IOException {
    open.keySet().removeIf(EventStream::isClosed);
    long streams = open.values().stream().filter(caller.keyId()::equals).count();
    if (streams >= mostPerKey) {
      throw new HttpException(
          429,
          "Too many requests",
          "key '"
              + caller.name()
              + "' has "
              + streams
              + " event streams open, as many as one may (hub.api.streams-per-key); close some, or"
              + " use another key",
          Map.of());
    }
    EventStream stream = EventStream.open(request, response, onClosed);
    open.put(stream, caller.keyId());
    return stream;
  }

  private void check() {
    open.keySet().removeIf(EventStream::isClosed);
    if (open.isEmpty()) {
      return;
    }
    // Those of now: of one that is opened while keys are looked up, nothing was asked.
    Map<EventStream, UUID> asked = Map.copyOf(open);
    Set<UUID> live = keys.live(Set.copyOf(asked.values()));
    asked.forEach(
        (stream, key) -> {
          if (!live.contains(key)) {
            LOG.info("key {} was revoked or has expired: an event stream of it ends", key);
            stream.drop();
          }
        });
  }

  @Override
  public void destroy() {
    checks.stop();
  }
}
