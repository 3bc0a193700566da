package routes.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * The peer: a prediction cache as a team would write it by hand for one service, with Vert.x and
 * its Redis client. {@code POST /lookup} with model, version and input; the key is a SHA-256 of
 * them; a bearer token is compared. No contract, no trace, no metrics, no stampede protection.
 */
public final class VertxCache extends AbstractVerticle {

  private static final String HIT = "{\"hit\":true,\"value\":";

  private final int port;
  private final String redisUrl;
  private final String token;
  private Redis redis;

  private VertxCache(int port, String redisUrl, String token) {
    this.port = port;
    this.redisUrl = redisUrl;
    this.token = "Bearer " + token;
  }

  /**
   * @param args a file of three lines: port, URL of Redis, token
   */
  public static void main(String[] args) throws IOException {
    String[] lines = Files.readString(Path.of(args[0])).split("\n");
    Vertx vertx = Vertx.vertx();
    vertx
        .deployVerticle(
            () -> new VertxCache(Integer.parseInt(lines[0]), lines[1], lines[2]),
            new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }

  @Override
  public void start(io.vertx.core.Promise<Void> started) {
    redis =
        Redis.createClient(
            vertx,
            new RedisOptions()
                .setConnectionString(redisUrl)
                .setMaxPoolSize(8)
                .setMaxPoolWaiting(1024));
    vertx
        .createHttpServer()
        .requestHandler(this::serve)
        .listen(port, "127.0.0.1")
        .<Void>mapEmpty()
        .onComplete(started);
  }

  private void serve(HttpServerRequest request) {
    if (!token.equals(request.getHeader("Authorization"))) {
      request.response().setStatusCode(401).end();
      return;
    }
    request.bodyHandler(body -> lookUp(request, body));
  }

  private void lookUp(HttpServerRequest request, Buffer body) {
    String key;
    try {
      key = key(body.toJsonObject());
    } catch (DecodeException e) {
      request.response().setStatusCode(400).end();
      return;
    }
    redis
        .send(Request.cmd(Command.GET).arg(key))
        .onSuccess(
            value ->
                request
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(value == null ? "{\"hit\":false}" : HIT + value + "}"))
        .onFailure(failure -> request.response().setStatusCode(503).end());
  }

  /** Sorted members: the same input however it is written. */
  static String key(JsonObject asked) {
    String input = new JsonObject(new TreeMap<>(asked.getJsonObject("input").getMap())).encode();
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return "peer:"
          + asked.getString("model")
          + ":"
          + asked.getString("version")
          + ":"
          + HexFormat.of()
              .formatHex(sha256.digest(input.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
