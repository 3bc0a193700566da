package routes.stores.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * Connections for pumps, which block in a read or send long pipelines: on the one that requests
 * share, a cached answer would wait behind them.
 */
@Component
public class RedisPumpConnections {

  private final LettuceConnectionFactory factory;

  public RedisPumpConnections(LettuceConnectionFactory factory) {
    this.factory = factory;
  }

  /**
   * A connection of one's own, to be closed by its owner. It connects anew by itself; a command
   * while it is not connected fails at once, so a pump waits and asks again.
   *
   * @param patience longest that a command may take, a blocking read's wait included
   * @throws io.lettuce.core.RedisException when Redis cannot be reached now
   */
  public StatefulRedisConnection<String, String> open(Duration patience) {
    return open(StringCodec.UTF8, patience);
  }

  /** As {@link #open(Duration)}, for keys and values of another form. */
  public <K, V> StatefulRedisConnection<K, V> open(RedisCodec<K, V> codec, Duration patience) {
    StatefulRedisConnection<K, V> connection = client().connect(codec);
    connection.setTimeout(patience);
    return connection;
  }

  private RedisClient client() {
    return (RedisClient) factory.getRequiredNativeClient();
  }
}
