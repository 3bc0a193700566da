package routes.cache;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;
import routes.kernel.http.HttpUrls;

/**
 * {@code hub.cache.*}: the prediction cache.
 *
 * @param ttl life of a prediction in Redis, 1 s to 30 d; default 1 h
 * @param staleFor last part of that life, in which a prediction is given marked as stale while one
 *     caller makes it anew, 0 to less than {@code ttl}; default 5 min
 * @param lease how long one caller may take to make a prediction before another one may try, 1 s to
 *     10 min; default 30 s
 * @param waitFor how long a look-up waits for the one that makes the prediction, when it does not
 *     say so itself, 0 to 10 s; default 1 s
 * @param waiting look-ups that may wait at a time on this replica, 0 to 256; more are answered at
 *     once. Each holds a thread: {@code server.tomcat.threads.max} should be 96 more; default 64
 * @param anyModel true: models that are not listed may be cached, too; default false
 * @param models by name; what is left out of one is as above
 */
@Validated
@ConfigurationProperties("hub.cache")
record CacheProperties(
    @NotNull @DefaultValue("1h") Duration ttl,
    @NotNull @DefaultValue("5m") Duration staleFor,
    @NotNull @DefaultValue("30s") Duration lease,
    @NotNull @DefaultValue("1s") Duration waitFor,
    @DefaultValue("64") int waiting,
    @DefaultValue("false") boolean anyModel,
    Map<String, Model> models) {

  private static final Duration LONGEST = Duration.ofDays(30);

  /** Longest that a look-up waits. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /**
   * What is different for one model.
   *
   * @param ttl null: as for all
   * @param staleFor null: as for all
   * @param loader null: the hub cannot make its predictions, and keeps none of its inputs
   */
  record Model(Duration ttl, Duration staleFor, Loader loader) {}

  /**
   * How {@code cache.warm} makes predictions of a model.
   *
   * @param url is sent {@code {"model", "version", "input"}} by POST and answers the prediction
   * @param authorization secret: header of that name, or null
   * @param timeout of one prediction, 100 ms to 5 min; default 30 s
   * @param keep inputs that are remembered by use, 1 to 100 000 per version; default 1000
   */
  record Loader(
      String url,
      String authorization,
      @DefaultValue("30s") Duration timeout,
      @DefaultValue("1000") int keep) {

    @Override
    public String toString() {
      return "Loader[" + url + "]";
    }
  }

  CacheProperties {
    models = models == null ? Map.of() : new TreeMap<>(models);
    within("hub.cache.ttl", ttl, Duration.ofSeconds(1), LONGEST);
    within("hub.cache.stale-for", staleFor, Duration.ZERO, ttl.minusMillis(1));
    within("hub.cache.lease", lease, Duration.ofSeconds(1), Duration.ofMinutes(10));
    within("hub.cache.wait-for", waitFor, Duration.ZERO, LONGEST_WAIT);
    if (waiting < 0 || waiting > 256) {
      throw new IllegalArgumentException(
          "hub.cache.waiting is " + waiting + " but must be 0 to 256");
    }
    for (Map.Entry<String, Model> each : models.entrySet()) {
      check("hub.cache.models." + each.getKey(), each.getValue(), ttl, staleFor);
    }
  }

  private static void check(String key, Model model, Duration ttl, Duration staleFor) {
    Duration life = model.ttl() == null ? ttl : model.ttl();
    within(key + ".ttl", life, Duration.ofSeconds(1), LONGEST);
    within(
        key + ".stale-for",
        model.staleFor() == null ? staleFor : model.staleFor(),
        Duration.ZERO,
        life.minusMillis(1));
    Loader loader = model.loader();
    if (loader == null) {
      return;
    }
    if (loader.url() == null || !HttpUrls.isPlain(loader.url())) {
      throw new IllegalArgumentException(
          key + ".loader.url must be http(s)://host[:port][/path], without user and fragment");
    }
    within(
        key + ".loader.timeout", loader.timeout(), Duration.ofMillis(100), Duration.ofMinutes(5));
    if (loader.keep() < 1 || loader.keep() > 100_000) {
      throw new IllegalArgumentException(key + ".loader.keep must be 1 to 100000");
    }
  }

  private static void within(String key, Duration given, Duration least, Duration most) {
    if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          key + " is " + given + " but must be " + least + " to " + most);
    }
  }

  boolean knows(String model) {
    return anyModel || models.containsKey(model);
  }

  /** Life of a model's predictions. */
  Duration ttlOf(String model) {
    Model own = models.get(model);
    return own == null || own.ttl() == null ? ttl : own.ttl();
  }

  /** Last part of it, in which they are stale. */
  Duration staleForOf(String model) {
    Model own = models.get(model);
    return own == null || own.staleFor() == null ? staleFor : own.staleFor();
  }

  /** What makes a model's predictions, or null. */
  Loader loaderOf(String model) {
    Model own = models.get(model);
    return own == null ? null : own.loader();
  }

  /** How metrics call it: they have a series for each model that is listed, and one for others. */
  String labelOf(String model) {
    return models.containsKey(model) ? model : "other";
  }
}
