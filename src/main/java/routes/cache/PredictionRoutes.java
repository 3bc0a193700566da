package routes.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.stereotype.Component;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;

/** Ports {@code api.predictions.*}: the contract's words for what {@link PredictionCache} does. */
@Component
class PredictionRoutes extends ApiRoutes {

  /** Most predictions of one batch. */
  static final int MOST = 1_000;

  private final CacheProperties properties;
  private final PredictionCache cache;

  PredictionRoutes(CacheProperties properties, PredictionCache cache) {
    this.properties = properties;
    this.cache = cache;
  }

  @Override
  public void configure() {
    port("api.predictions.lookup", "Looks a prediction up", this::lookup);
    port("api.predictions.put", "Stores a prediction", this::put);
    port("api.predictions.delete", "Drops a prediction", this::delete);
    port("api.predictions.lookupBatch", "Looks many predictions up", this::lookupBatch);
    port("api.predictions.putBatch", "Stores many predictions", this::putBatch);
    port("api.predictions.invalidate", "Drops all of a model or a version", this::invalidate);
  }

  private Prediction lookup(ApiRequest request) {
    request.takesOnly("model", "version", "input", "load", "wait");
    PredictionKey key = key(request.body());
    Object load = request.body().getOrDefault("load", true);
    if (!(load instanceof Boolean)) {
      throw new InvalidInputException("load", "must be true or false");
    }
    return cache.lookup(key, (Boolean) load, wait(request));
  }

  private Prediction.Stored put(ApiRequest request) {
    request.takesOnly("model", "version", "input", "value", "token");
    PredictionKey key = key(request.body());
    String value = cache.written(required(request.body(), "value", "value"), "value");
    return cache.put(key.scope(), List.of(key), List.of(value), token(request));
  }

  private Prediction.Dropped delete(ApiRequest request) {
    request.takesOnly("model", "version", "input");
    return cache.delete(key(request.body()));
  }

  private Prediction.Batch lookupBatch(ApiRequest request) {
    request.takesOnly("model", "version", "inputs");
    Scope scope = scope(request.body());
    List<?> inputs = many(request, "inputs");
    List<PredictionKey> keys = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      keys.add(PredictionKey.of(scope, inputs.get(i), "inputs[" + i + "]"));
    }
    return cache.lookup(scope, keys);
  }

  private Prediction.Stored putBatch(ApiRequest request) {
    request.takesOnly("model", "version", "predictions", "token");
    Scope scope = scope(request.body());
    List<?> predictions = many(request, "predictions");
    List<PredictionKey> keys = new ArrayList<>(predictions.size());
    List<String> values = new ArrayList<>(predictions.size());
    for (int i = 0; i < predictions.size(); i++) {
      String path = "predictions[" + i + "]";
      if (!(predictions.get(i) instanceof Map<?, ?> one)
          || !one.keySet().equals(java.util.Set.of("input", "value"))) {
        throw new InvalidInputException(path, "must be {\"input\": …, \"value\": …}");
      }
      keys.add(PredictionKey.of(scope, one.get("input"), path + ".input"));
      values.add(cache.written(one.get("value"), path + ".value"));
    }
    return cache.put(scope, keys, values, token(request));
  }

  private Prediction.Dropped invalidate(ApiRequest request) {
    request.takesOnly("model", "version");
    Map<String, Object> body = request.body();
    Scope scope =
        body.containsKey("version")
            ? Scope.of(body.get("model"), body.get("version"))
            : new Scope(Scope.of(body.get("model"), "any").model(), null);
    return cache.invalidate(scope);
  }

  private PredictionKey key(Map<String, Object> body) {
    Scope scope = scope(body);
    return PredictionKey.of(scope, required(body, "input", "input"), "input");
  }

  private Scope scope(Map<String, Object> body) {
    Scope scope = Scope.of(body.get("model"), body.get("version"));
    if (!properties.knows(scope.model())) {
      throw new InvalidInputException(
          "model",
          "is none that this hub caches; list it under hub.cache.models, or set"
              + " hub.cache.any-model=true");
    }
    return scope;
  }

  /** That is null is one thing, that it is missing another. */
  private static Object required(Map<String, Object> body, String name, String path) {
    if (!body.containsKey(name)) {
      throw new InvalidInputException(path, "is missing: any JSON value");
    }
    return body.get(name);
  }

  private static List<?> many(ApiRequest request, String name) {
    if (!(request.body().get(name) instanceof List<?> all) || all.isEmpty() || all.size() > MOST) {
      throw new InvalidInputException(name, "must be an array of 1 to " + MOST + " items");
    }
    return all;
  }

  private static String token(ApiRequest request) {
    String token = request.bodyText("token");
    return token == null ? "" : token;
  }

  private Duration wait(ApiRequest request) {
    String text = request.bodyText("wait");
    if (text == null) {
      return properties.waitFor();
    }
    try {
      Duration wait = DurationStyle.detectAndParse(text);
      if (!wait.isNegative() && wait.compareTo(CacheProperties.LONGEST_WAIT) <= 0) {
        return wait;
      }
    } catch (IllegalArgumentException e) {
      // told below, with an example
    }
    throw new InvalidInputException("wait", "must be a time from 0s to 10s, such as 500ms");
  }
}
