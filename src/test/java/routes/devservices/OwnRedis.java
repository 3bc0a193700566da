package routes.devservices;

import java.io.IOException;
import java.nio.file.Path;

/** A Redis of one test, to be killed and stopped as it likes. */
public final class OwnRedis implements AutoCloseable {

  private final LocalRedis redis;

  private OwnRedis(LocalRedis redis) {
    this.redis = redis;
  }

  /** Starts the installed or the embedded server under a folder. */
  public static OwnRedis start(Path home) throws IOException {
    RunAs runAs = RunAs.choose();
    Path binary = RedisServer.binary(runAs, home.resolve("cache"));
    OwnRedis own =
        new OwnRedis(new LocalRedis(binary, home.resolve("redis"), Ports::random, false, runAs));
    own.start();
    return own;
  }

  public int port() {
    return redis.port();
  }

  public String password() {
    return redis.password();
  }

  /** Starts it again, on the same port and with what it kept. */
  public void start() {
    redis.start();
  }

  /** Ends it as SIGKILL does. */
  public void kill() {
    redis.kill();
  }

  /** Lets it stand still, its connections open: SIGSTOP. */
  public void pause() {
    redis.signal("STOP");
  }

  /** Lets it go on. */
  public void resume() {
    redis.signal("CONT");
  }

  @Override
  public void close() {
    redis.close();
  }
}
