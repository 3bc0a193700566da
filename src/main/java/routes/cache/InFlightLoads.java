package routes.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import routes.kernel.DaemonThreads;
import routes.kernel.errors.RedisUnavailableException;

/**
 * Look-ups that wait for the one that makes their prediction. Each waiter holds a thread, so their
 * number is bounded; none of them asks Redis: a prediction that comes through this hub wakes them
 * at once, and for what other programs and replicas store one thread asks for all of them together.
 */
@Component
class InFlightLoads implements DisposableBean {

  private static final long EVERY = Duration.ofMillis(20).toNanos();

  private final PredictionStore store;
  private final Semaphore places;
  private final Map<String, Waited> waited = new HashMap<>();
  private Thread watch;
  private boolean ended;

  private record Waited(PredictionKey key, CountDownLatch settled) {}

  InFlightLoads(PredictionStore store, CacheProperties properties) {
    this.store = store;
    this.places = new Semaphore(properties.waiting());
  }

  /**
   * Waits until a prediction may be there, or may be made by another one, or the time is up.
   *
   * @return false: too many wait already, or the time was up at once
   */
  boolean await(PredictionKey key, long nanos) {
    if (nanos <= 0 || !places.tryAcquire()) {
      return false;
    }
    try {
      return join(key).await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      places.release();
    }
  }

  private synchronized CountDownLatch join(PredictionKey key) {
    if (watch == null && !ended) {
      watch = DaemonThreads.named("predictions-awaited").newThread(this::watch);
      watch.start();
    }
    notifyAll();
    return waited
        .computeIfAbsent(key.prediction(), k -> new Waited(key, new CountDownLatch(1)))
        .settled();
  }

  /** To be called when a prediction was stored, dropped or given up. */
  synchronized void wake(String prediction) {
    Waited those = waited.remove(prediction);
    if (those != null) {
      those.settled().countDown();
    }
  }

  private void watch() {
    try {
      for (List<PredictionKey> keys = next(); keys != null; keys = next()) {
        look(keys);
      }
    } catch (InterruptedException e) {
      destroy();
    }
  }

  private void look(List<PredictionKey> keys) {
    try {
      List<Boolean> settled = store.settled(keys);
      for (int i = 0; i < keys.size(); i++) {
        if (settled.get(i)) {
          wake(keys.get(i).prediction());
        }
      }
    } catch (RedisUnavailableException e) {
      keys.forEach(key -> wake(key.prediction())); // to be told so
    }
  }

  /** What is waited for, no sooner than after a while; null: no more. */
  private synchronized List<PredictionKey> next() throws InterruptedException {
    long until = System.nanoTime() + EVERY;
    for (long left = EVERY; !ended && (left > 0 || waited.isEmpty()); ) {
      if (waited.isEmpty()) {
        wait();
      } else {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      left = until - System.nanoTime();
    }
    List<PredictionKey> keys = new ArrayList<>();
    waited.values().forEach(each -> keys.add(each.key()));
    return ended ? null : keys;
  }

  @Override
  public synchronized void destroy() {
    ended = true;
    waited.values().forEach(each -> each.settled().countDown());
    waited.clear();
    notifyAll();
  }
}
