package routes.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import routes.platform.error.HttpException;
import routes.platform.security.ApiKeys;
import routes.platform.security.ApiProperties;
import routes.platform.security.Caller;

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
  private final Map<UUID, Set<EventStream>> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService checks =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "stream-keys");
            thread.setDaemon(true);
            return thread;
          });

  OpenStreams(ApiKeys keys, ApiProperties properties) {
    this.keys = keys;
    this.mostPerKey = properties.streamsPerKey();
    long every = CHECK_EVERY.toMillis();
    checks.scheduleWithFixedDelay(this::check, every, every, TimeUnit.MILLISECONDS);
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
    Set<EventStream> streams =
        open.computeIfAbsent(caller.keyId(), key -> ConcurrentHashMap.newKeySet());
    if (streams.size() >= mostPerKey) {
      throw new HttpException(
          429,
          "Too many requests",
          "key '"
              + caller.name()
              + "' has "
              + streams.size()
              + " event streams open, as many as one may (hub.api.streams-per-key); close some, or"
              + " use another key",
          Map.of());
    }
    EventStream[] self = new EventStream[1];
    self[0] =
        EventStream.open(
            request,
            response,
            () -> {
              if (self[0] != null) {
                streams.remove(self[0]);
              }
              onClosed.run();
            });
    streams.add(self[0]);
    if (self[0].isClosed()) {
      streams.remove(self[0]); // it closed before it was known
    }
    return self[0];
  }

  private void check() {
    try {
      Set<UUID> with =
          open.entrySet().stream()
              .filter(each -> !each.getValue().isEmpty())
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet());
      if (with.isEmpty()) {
        return;
      }
      Set<UUID> live = keys.live(with);
      with.stream().filter(key -> !live.contains(key)).forEach(this::end);
    } catch (DataAccessException e) {
      LOG.debug("keys of open streams are not looked up: {}", e.getMessage()); // asked again soon
    } catch (RuntimeException e) {
      LOG.warn("keys of open streams cannot be checked; tried again in 2 s", e);
    }
  }

  private void end(UUID key) {
    Set<EventStream> streams = open.remove(key);
    if (streams != null) {
      LOG.info("key {} was revoked or has expired: its {} event streams end", key, streams.size());
      streams.forEach(EventStream::drop);
    }
  }

  @Override
  public void destroy() {
    checks.shutdownNow();
  }
}
