package routes.cache;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;
import routes.cache.CacheProperties.Loader;
import routes.cache.PredictionStore.Found;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.http.ConfiguredHttp;
import routes.kernel.json.CompactJson;

/**
 * Makes the predictions that are asked for most, as a caller that was told to load would: the
 * model's own endpoint is asked and the answer put. An input is never written to the run's log.
 */
@Component
class CacheWarm {

  /** A model that fails so often in a row is down: the run ends, and a later attempt goes on. */
  private static final int HOPELESS = 5;

  private final CacheProperties properties;
  private final PredictionStore store;
  private final PredictionCache cache;
  private final HotInputTracker used;
  private final ConfiguredHttp http;
  private final ObjectMapper json =
      new ObjectMapper(new JsonFactory())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  CacheWarm(
      CacheProperties properties,
      PredictionStore store,
      PredictionCache cache,
      HotInputTracker used,
      ConfiguredHttp http) {
    this.properties = properties;
    this.store = store;
    this.cache = cache;
    this.used = used;
    this.http = http;
  }

  public Plan plan(WarmRequest request) {
    ModelVersion scope = ModelVersion.of(request.model(), request.version());
    return new Plan(
        inputs(request).stream()
            .map(input -> key(scope, input))
            .map(
                key ->
                    isFresh(key)
                        ? new Plan.Item("keep", key.prediction(), "it is fresh")
                        : new Plan.Item("make", key.prediction(), "it is missing or stale"))
            .toList());
  }

  public WarmOutcome run(WarmRequest request, RunContext run)
      throws IOException, InterruptedException {
    ModelVersion scope = ModelVersion.of(request.model(), request.version());
    Loader loader = properties.loaderOf(request.model());
    if (loader == null) { // it had one when the run was asked for
      throw new InvalidInputException(
          "params.model", "has no loader: set hub.cache.models." + request.model() + ".loader.url");
    }
    List<String> inputs = inputs(request);
    int made = 0;
    int fresh = 0;
    int failed = 0;
    int inARow = 0;
    for (String input : inputs) {
      run.checkpoint();
      PredictionKey key = key(scope, input);
      Found found = store.lookup(key, properties.staleForOf(scope.model()), properties.lease());
      if (found.isFresh(properties.staleForOf(scope.model()))) {
        fresh++;
      } else {
        try {
          cache.put(scope, List.of(key), List.of(make(loader, scope, input)), found.token());
          made++;
          inARow = 0;
        } catch (IOException e) {
          failed++;
          run.warn("a prediction was not made: " + e.getMessage());
          if (++inARow >= HOPELESS) {
            throw new IOException(HOPELESS + " failures in a row; the last: " + e.getMessage(), e);
          }
        }
      }
      run.progress(made + fresh + failed, inputs.size(), "predictions", scope.names());
    }
    used.fade(scope);
    return new WarmOutcome(inputs.size(), made, fresh, failed);
  }

  private List<String> inputs(WarmRequest request) {
    String of = request.inputsOf().isEmpty() ? request.version() : request.inputsOf();
    return used.top(ModelVersion.of(request.model(), of), (int) request.most());
  }

  private PredictionKey key(ModelVersion scope, String input) {
    try {
      json.readTree(input);
      return PredictionKey.ofNormal(scope, input);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an input that was remembered is not JSON", e);
    }
  }

  private boolean isFresh(PredictionKey key) {
    var staleFor = properties.staleForOf(key.scope().model());
    return store.lookup(key, staleFor, null).isFresh(staleFor);
  }

  /**
   * @return the prediction, as it is stored
   * @throws IOException with words that hold nothing of the input or the answer
   */
  private String make(Loader loader, ModelVersion scope, String input)
      throws IOException, InterruptedException {
    String body =
        "{\"model\":%s,\"version\":%s,\"input\":%s}"
            .formatted(
                json.writeValueAsString(scope.model()),
                json.writeValueAsString(scope.version()),
                input);
    ConfiguredHttp.Answer answer =
        http.post(
            URI.create(loader.url()),
            loader.authorization(),
            body,
            loader.timeout(),
            PredictionStore.MOST_BYTES);
    if (answer.status() != 200) {
      throw new IOException("the model answers " + answer.status());
    }
    if (answer.cut()) {
      throw new IOException("the model's answer is larger than " + PredictionStore.MOST_BYTES);
    }
    try {
      return PredictionCache.value(
          json.readValue(new String(answer.body(), StandardCharsets.UTF_8), CompactJson.class),
          "value");
    } catch (JsonProcessingException | NumberFormatException e) { // an exponent of ten digits
      throw new IOException("the model's answer is not JSON");
    }
  }
}
