package routes.cache;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * The answer to a look-up.
 *
 * @param result what was found
 * @param key where it lies in Redis, or would
 * @param value the prediction, JSON as it was stored
 * @param stale true: there should be a fresher one, which somebody makes
 * @param expiresInMs how long Redis keeps it; null: without end, or there is none
 * @param load true: make the prediction and put it, nobody else does meanwhile; false: somebody
 *     does
 * @param token to be put with it
 * @param away true: Redis does not answer, so nothing is known
 * @param full true: the batch has no room for it; look it up again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Prediction(
    Result result,
    String key,
    @Schema(
            description = "JSON as it was stored",
            types = {"object", "array", "string", "number", "boolean", "null"})
        @JsonRawValue
        String value,
    Boolean stale,
    Long expiresInMs,
    Boolean load,
    String token,
    Boolean away,
    Boolean full) {

  /** What was found. */
  enum Result {
    @JsonProperty("hit")
    HIT,
    @JsonProperty("stale")
    STALE,
    @JsonProperty("miss")
    MISS
  }

  /**
   * The answer to a batch, in its order.
   *
   * @param token to be put with what is missing
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Batch(List<Prediction> items, String token, Boolean away) {}

  /**
   * The answer to a put.
   *
   * @param stored how many predictions were
   * @param why null when all were; {@code invalidated} since the token was given, or Redis is
   *     {@code away}
   * @param keys where they lie, in the order given; null when none were stored
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Stored(int stored, String why, List<String> keys) {}

  /** How many predictions were dropped. */
  record Dropped(long dropped) {}

  static Prediction away(PredictionKey key) {
    return new Prediction(Result.MISS, key.prediction(), null, null, null, null, null, true, null);
  }

  static Prediction full(PredictionKey key) {
    return new Prediction(Result.MISS, key.prediction(), null, null, null, null, null, null, true);
  }

  static Prediction miss(PredictionKey key, Boolean load, String token) {
    return new Prediction(Result.MISS, key.prediction(), null, null, null, load, token, null, null);
  }

  static Prediction hit(PredictionKey key, String value, long leftMs) {
    return new Prediction(
        Result.HIT, key.prediction(), value, null, left(leftMs), null, null, null, null);
  }

  static Prediction stale(
      PredictionKey key, String value, long leftMs, Boolean load, String token) {
    return new Prediction(
        Result.STALE, key.prediction(), value, true, left(leftMs), load, token, null, null);
  }

  private static Long left(long ms) {
    return ms < 0 ? null : ms;
  }
}
