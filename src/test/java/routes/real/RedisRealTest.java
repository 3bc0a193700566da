package routes.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Tag;
import routes.contract.RedisContract;

/** The platform's Redis keeps the contract with what the hub's own user may do. */
@Tag("real")
class RedisRealTest extends RedisContract {

  private final RealServers servers = new RealServers();

  @Override
  protected void assumeThere() {
    servers.assumeRunning("redis");
  }

  @Override
  protected String url() {
    try {
      return "redis://hub:" + servers.secret("redis-hub") + "@127.0.0.1:" + servers.port("redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
