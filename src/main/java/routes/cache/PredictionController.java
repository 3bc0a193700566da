package routes.cache;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.CompactJson;
import routes.web.operations.Fails;
import routes.web.operations.MaxBody;
import routes.web.operations.Needs;
import routes.web.security.Role;

/** The prediction cache over HTTP. Inputs stand in bodies, never in an address, which is logged. */
@RestController
record PredictionController(CacheProperties properties, PredictionCache cache, CacheRoutes routes) {

  record Lookup(
      @NotNull String model,
      @NotNull String version,
      @NotNull CanonicalJson input,
      @Schema(
              description = "false: the caller will not make the prediction; left out: true",
              implementation = Boolean.class)
          JsonNode load,
      @Schema(
              description =
                  "How long to wait for the one that makes it, 0s to 10s; left out:"
                      + " hub.cache.wait-for",
              type = "string")
          @JsonProperty("wait") // no component may have that name
          Duration waitFor) {

    Lookup {
      if (load != null && !load.isBoolean()) {
        throw new InvalidInputException("load", "must be true or false");
      }
      if (waitFor != null
          && (waitFor.isNegative() || waitFor.compareTo(CacheProperties.LONGEST_WAIT) > 0)) {
        throw new InvalidInputException("wait", "must be a time from 0s to 10s, such as 500ms");
      }
    }
  }

  @PostMapping("/api/predictions/lookup")
  @Needs(Role.SERVICE)
  @MaxBody("2MB")
  @Operation(
      operationId = "predictions.lookup",
      summary =
          "Looks up what a model answered to an input; of those that find nothing one is asked to"
              + " make it")
  Prediction lookup(@Valid @RequestBody Lookup request) {
    return cache.lookup(
        key(scope(request.model(), request.version()), request.input()),
        request.load() == null || request.load().booleanValue(),
        request.waitFor() == null ? properties.waitFor() : request.waitFor());
  }

  record Put(
      @NotNull String model,
      @NotNull String version,
      @NotNull CanonicalJson input,
      @Schema(description = "At most 1 MiB") @NotNull CompactJson value,
      @Schema(description = "Of the look-up that found nothing, or left out") String token) {}

  @PutMapping("/api/predictions")
  @Needs(Role.SERVICE)
  @MaxBody("4MB")
  @Operation(operationId = "predictions.put", summary = "Stores what a model answered to an input")
  Prediction.Stored put(@Valid @RequestBody Put request) {
    PredictionKey key = key(scope(request.model(), request.version()), request.input());
    String value = PredictionCache.value(request.value(), "value");
    return cache.put(key.scope(), List.of(key), List.of(value), token(request.token()));
  }

  record One(@NotNull String model, @NotNull String version, @NotNull CanonicalJson input) {}

  @PostMapping("/api/predictions/delete")
  @Needs(Role.SERVICE)
  @MaxBody("2MB")
  @Operation(
      operationId = "predictions.delete",
      summary = "Drops what a model answered to an input")
  @ApiResponse(responseCode = "200", description = "How many there were")
  @Fails(status = 503, when = "Redis does not answer; Retry-After says when to ask again")
  Prediction.Dropped delete(@Valid @RequestBody One request) {
    return cache.delete(key(scope(request.model(), request.version()), request.input()));
  }

  record Inputs(
      @NotNull String model,
      @NotNull String version,
      @NotNull @Size(min = 1, max = 1_000) List<CanonicalJson> inputs) {}

  @PostMapping("/api/predictions/lookup/batch")
  @Needs(Role.SERVICE)
  @MaxBody("8MB")
  @Operation(
      operationId = "predictions.lookupBatch",
      summary = "Looks up to 1000 inputs of one version of a model up in one step")
  Prediction.Batch lookupBatch(@Valid @RequestBody Inputs request) {
    ModelVersion scope = scope(request.model(), request.version());
    List<PredictionKey> keys = new ArrayList<>(request.inputs().size());
    for (int i = 0; i < request.inputs().size(); i++) {
      keys.add(PredictionKey.of(scope, request.inputs().get(i), "inputs[" + i + "]"));
    }
    return cache.lookup(scope, keys);
  }

  record Pair(
      @NotNull CanonicalJson input,
      @Schema(description = "At most 1 MiB") @NotNull CompactJson value) {}

  record Pairs(
      @NotNull String model,
      @NotNull String version,
      @NotNull @Size(min = 1, max = 1_000) List<Pair> predictions,
      @Schema(description = "Of the batch that was looked up, or left out") String token) {}

  @PutMapping("/api/predictions/batch")
  @Needs(Role.SERVICE)
  @MaxBody("8MB")
  @Operation(
      operationId = "predictions.putBatch",
      summary = "Stores up to 1000 answers of one version of a model in one step")
  Prediction.Stored putBatch(@Valid @RequestBody Pairs request) {
    ModelVersion scope = scope(request.model(), request.version());
    List<PredictionKey> keys = new ArrayList<>(request.predictions().size());
    List<String> values = new ArrayList<>(request.predictions().size());
    for (int i = 0; i < request.predictions().size(); i++) {
      Pair pair = request.predictions().get(i);
      String path = "predictions[" + i + "]";
      if (pair == null || pair.input() == null || pair.value() == null) {
        throw new InvalidInputException(path, "must be {\"input\": …, \"value\": …}");
      }
      keys.add(PredictionKey.of(scope, pair.input(), path + ".input"));
      values.add(PredictionCache.value(pair.value(), path + ".value"));
    }
    return cache.put(scope, keys, values, token(request.token()));
  }

  record Dropping(
      @NotNull String model,
      @Schema(description = "Left out: all of them", implementation = String.class)
          JsonNode version) {

    Dropping {
      // Nor null, which would drop all of them by mistake.
      if (version != null && !version.isTextual()) {
        throw new InvalidInputException("version", "must be a string; left out: all of them");
      }
    }
  }

  @PostMapping("/api/predictions/invalidate")
  @Needs(Role.SERVICE)
  @Operation(
      operationId = "predictions.invalidate",
      summary = "Drops all predictions of a model, or of one version of it")
  @ApiResponse(responseCode = "200", description = "How many there were")
  @Fails(
      status = 503,
      when = "Redis does not answer; ask again: what was not dropped yet is still there")
  Prediction.Dropped invalidate(@Valid @RequestBody Dropping request) {
    return routes.invalidate(
        ModelVersion.of(
            request.model(), request.version() == null ? null : request.version().textValue()));
  }

  private static PredictionKey key(ModelVersion scope, CanonicalJson input) {
    return PredictionKey.of(scope, input, "input");
  }

  private ModelVersion scope(String model, String version) {
    ModelVersion scope = ModelVersion.of(model, version);
    if (!properties.knows(model)) {
      throw new InvalidInputException(
          "model",
          "is none that this hub caches; list it under hub.cache.models, or set"
              + " hub.cache.any-model=true");
    }
    return scope;
  }

  private static String token(String token) {
    return token == null ? "" : token;
  }
}
