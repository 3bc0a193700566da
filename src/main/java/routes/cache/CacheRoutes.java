package routes.cache;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.component.redis.RedisConstants;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;
import routes.cache.Prediction.Dropped;
import routes.kernel.json.StrictJson;
import routes.messaging.deadletters.PortCall;
import routes.messaging.deadletters.ReplayPort;

/**
 * Port {@code direct:cache.invalidate}: drops what the cache holds of a model, or of one version.
 * Body in: {@code {"model": …, "version": …}} as JSON, such as the event of a model that {@code
 * hub.ingest} takes, or a {@link ModelVersion}; out: {@link Dropped}.
 */
@Component
class CacheRoutes extends EndpointRouteBuilder {

  private static final String SCOPE = "scope";

  private final PredictionStore store;
  private final ProducerTemplate producer;

  CacheRoutes(PredictionStore store, ProducerTemplate producer) {
    this.store = store;
    this.producer = producer;
  }

  /** Messages that could not be taken can be replayed. */
  @Bean
  static ReplayPort refusedInvalidations() {
    return new ReplayPort("cache.invalidate");
  }

  @Override
  public void configure() {
    from(direct("cache.invalidate"))
        .routeId("cache.invalidate")
        .routeDescription("Drops what the cache holds of a model, or of one version of it")
        .process(CacheRoutes::read)
        .id("cache.invalidate.read")
        // First: no prediction that is being made from before comes back.
        .to("spring-redis:hub:0?command=SETEX&redisTemplate=#stringRedisTemplate&serializer=#bytes")
        .id("cache.invalidate.epoch")
        .process(this::unlink)
        .id("cache.invalidate.unlink");
  }

  private static void read(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    ModelVersion scope = scope(message.getBody());
    exchange.setProperty(SCOPE, scope);
    message.removeHeaders("*");
    message.setHeader(RedisConstants.KEY, scope.epoch());
    message.setHeader(RedisConstants.VALUE, PredictionStore.name());
    message.setHeader(RedisConstants.TIMEOUT, PredictionStore.EPOCH.toSeconds());
  }

  private static ModelVersion scope(Object body) throws IOException {
    if (body instanceof ModelVersion scope) {
      return scope;
    }
    JsonNode all =
        body instanceof byte[] letter
            ? StrictJson.mapper().readTree(StrictJson.text(letter))
            : (JsonNode) body;
    JsonNode asked = all.has("specversion") ? all.path("data") : all;
    return ModelVersion.of(
        asked.path("model").asText(), asked.has("version") ? asked.get("version").asText() : null);
  }

  private void unlink(Exchange exchange) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setBody(new Dropped(store.unlink(exchange.getProperty(SCOPE, ModelVersion.class))));
  }

  /**
   * Through the port, which counts and traces it.
   *
   * @throws routes.kernel.errors.RedisUnavailableException when it cannot be done now, or not to
   *     the end
   */
  Dropped invalidate(ModelVersion scope) {
    return PortCall.call(producer, "cache.invalidate", scope, Dropped.class);
  }
}
