package routes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import routes.Api;
import routes.Covers;
import routes.HubTest;
import routes.kernel.errors.RedisUnavailableException;
import routes.kernel.json.JsonSchemaRules;

/** Predictions are dropped by an event of their model, as by the API. */
@Covers("cache.invalidate")
class CacheRoutesTest extends HubTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Autowired private StringRedisTemplate redis;

  private final String version = UUID.randomUUID().toString();

  /** On a busy machine Redis may need longer than the hub waits: then it is asked again. */
  private Exchange send(Object body) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                camel
                    .createFluentProducerTemplate()
                    .to("direct:cache.invalidate")
                    .withHeader("CamelRedis.Command", "FLUSHALL")
                    .withBody(body)
                    .send(),
            done -> !(done.getException() instanceof RedisUnavailableException));
  }

  private void put(Api service) {
    String prediction =
        "{\"model\":\"fraud\",\"version\":\"%s\",\"input\":{\"a\":1},\"value\":1}"
            .formatted(version);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                service
                    .send(service.request("PUT", "/api/predictions", prediction))
                    .text("/stored")
                    .equals("1"));
  }

  static Stream<String> events() {
    return Stream.of(
        "{\"model\":\"fraud\",\"version\":\"%s\"}",
        "{\"specversion\":\"1.0\",\"data\":{\"model\":\"fraud\",\"version\":\"%s\"}}");
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventDropsThePredictionsOfItsModel(String event) throws Exception {
    Api service = as("service");
    String text = event.formatted(version);
    redis.opsForValue().set("test:bystander:" + version, "x");
    for (Object body : List.of(JSON.readTree(text), text.getBytes(StandardCharsets.UTF_8))) {
      put(service);
      String before = redis.opsForValue().get("prediction-epoch:fraud:" + version);

      Exchange done = send(body);

      assertThat(done.getException()).isNull();
      assertThat(done.getMessage().getBody()).isEqualTo(new Prediction.Dropped(1));
      assertThat(redis.opsForValue().get("prediction-epoch:fraud:" + version))
          .isNotNull()
          .isNotEqualTo(before);
      assertThat(redis.getExpire("prediction-epoch:fraud:" + version))
          .isBetween(PredictionStore.EPOCH.toSeconds() - 60, PredictionStore.EPOCH.toSeconds());
      assertThat(redis.keys("prediction:fraud:" + version + ":*")).isEmpty();
    }
    assertThat(redis.opsForValue().get("test:bystander:" + version))
        .as("a header is no command")
        .isEqualTo("x");
  }

  @Test
  void itsSchemaTakesAModelAndAVersionOnly() throws Exception {
    JsonSchemaRules rules =
        JsonSchemaRules.load("classpath:schemas/cache-invalidation.json", "test");
    assertThat(rules.broken(JSON.readTree("{\"model\":\"fraud\"}"))).isEmpty();
    assertThat(rules.broken(JSON.readTree("{\"version\":\"1\"}"))).isPresent();
    assertThat(rules.broken(JSON.readTree("{\"model\":\"fraud\",\"version\":null}"))).isPresent();
    assertThat(rules.broken(JSON.readTree("{\"model\":\"\"}"))).isPresent();
  }
}
