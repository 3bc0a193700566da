package routes.stores.redis;

import java.io.Closeable;
import java.util.List;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * Spring's template for text, behind the {@link RedisGate}: all its operations come through here.
 */
final class GatedRedis extends StringRedisTemplate {

  private final RedisGate gate;

  GatedRedis(RedisConnectionFactory factory, RedisGate gate) {
    super(factory);
    this.gate = gate;
  }

  @Override
  public <T> T execute(RedisCallback<T> action, boolean exposeConnection, boolean pipeline) {
    return gate.call(() -> super.execute(action, exposeConnection, pipeline));
  }

  @Override
  public <T> T execute(SessionCallback<T> session) {
    return gate.call(() -> super.execute(session));
  }

  @Override
  public List<Object> executePipelined(
      SessionCallback<?> session, RedisSerializer<?> resultSerializer) {
    return gate.call(() -> super.executePipelined(session, resultSerializer));
  }

  @Override
  public <T extends Closeable> T executeWithStickyConnection(RedisCallback<T> callback) {
    return gate.call(() -> super.executeWithStickyConnection(callback));
  }
}
