package routes.stores.redis;

import java.util.List;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;
import routes.kernel.errors.Failures;

/** Redis: connected to with all of {@code spring.data.redis.*}, as the hub does. */
@Order(31)
record RedisCheckup(ObjectProvider<RedisConnectionFactory> redis) implements Checkup {

  @Override
  public List<Check> checks() {
    return List.of(new Check("spring.data.redis", this::redis));
  }

  private void redis(Findings findings) {
    RedisConnectionFactory factory;
    try {
      factory = redis.getObject();
    } catch (BeansException e) {
      // Its message holds the URL, and that the password.
      findings.fail(
          "the URL is not a Redis URL", "spring.data.redis.url=redis://:password@host:6379");
      return;
    }
    try (RedisConnection connection = factory.getConnection()) {
      RedisInfo info = RedisInfo.of(connection.serverCommands().info());
      findings.ok("Redis " + info.text("redis_version"));
      info.warnings().forEach(warning -> findings.warn(warning.what(), warning.mend()));
    } catch (RuntimeException e) {
      String said = String.valueOf(Failures.root(e).getMessage());
      boolean password = said.startsWith("WRONGPASS") || said.startsWith("NOAUTH");
      findings.fail(
          said,
          password
              ? "check the password in spring.data.redis.url"
              : "check spring.data.redis.url, and that the server runs and listens there");
    }
  }
}
