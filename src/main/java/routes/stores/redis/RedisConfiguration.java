package routes.stores.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.data.redis.ClientResourcesBuilderCustomizer;
import org.springframework.boot.autoconfigure.data.redis.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.autoconfigure.data.redis.RedisProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * How the hub talks to Redis: a command while there is no connection fails at once instead of
 * waiting in a queue that has no bound, and a server that answers nothing is told from one that is
 * only slow.
 */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

  @Bean
  LettuceClientConfigurationBuilderCustomizer failFast(RedisProperties properties) {
    return builder ->
        builder.clientOptions(
            ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled())
                .socketOptions(
                    SocketOptions.builder()
                        .connectTimeout(properties.getConnectTimeout())
                        .keepAlive(true)
                        .build())
                .build());
  }

  /**
   * What Camel's endpoints and the features use: text only, so no class is ever made of a value.
   */
  @Bean
  StringRedisTemplate stringRedisTemplate(LettuceConnectionFactory factory, RedisGate gate) {
    return new GatedRedis(factory, gate);
  }

  /** For Camel's endpoints: bytes as they came, of which no class is made and no text lost. */
  @Bean
  RedisSerializer<byte[]> bytes() {
    return RedisSerializer.byteArray();
  }

  /** Lettuce's own attempts lie up to half a minute apart; a pump would stand still for so long. */
  @Bean
  ClientResourcesBuilderCustomizer reconnectSoon() {
    return resources ->
        resources.reconnectDelay(
            Delay.fullJitter(
                Duration.ofMillis(10), Duration.ofSeconds(1), 10, TimeUnit.MILLISECONDS));
  }
}
