package routes.platform.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import org.springframework.boot.autoconfigure.data.redis.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.autoconfigure.data.redis.RedisProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
}
