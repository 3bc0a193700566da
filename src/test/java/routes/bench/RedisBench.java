package routes.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandType;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import routes.devservices.DevServices;
import routes.devservices.HubServer;
import routes.devservices.JavaProcess;
import routes.devservices.Ports;

/**
 * {@code ./hub bench redis}: cached look-ups through REST beside a hand-written Vert.x server and
 * bare Redis, batches, notifications to ten readers of a stream, and two hundred open event
 * streams; one client, one machine, in turns. Prints the table of the README.
 */
public final class RedisBench {

  private static final PrintStream OUT = System.out;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As {@code ./hub start} gives them. */
  private static final String[] JVM =
      System.getenv().getOrDefault("HUB_JAVA_OPTS", "@scripts/jvm.options").split(" +");

  private static final int CONNECTIONS = 32;
  private static final int INPUTS = 1000;
  private static final int BATCH = 100;

  private final DevServices services;
  private final Path folder;
  private final int seconds;
  private final RedisFigures figures = new RedisFigures();

  private RedisBench(DevServices services, Path folder, int seconds) {
    this.services = services;
    this.folder = folder;
    this.seconds = seconds;
  }

  /**
   * @param args {@code --rounds=3}, {@code --seconds=10}
   */
  public static void main(String[] args) throws Exception {
    Setting.run(
        "redis",
        args,
        Map.of("rounds", 3, "seconds", 10),
        setting -> {
          new RedisBench(setting.services(), setting.folder(), setting.whole("seconds"))
              .run(setting.whole("rounds"));
        });
    System.exit(0); // Vert.x' threads are no daemons
  }

  private void run(int rounds) throws Exception {
    int peerPort = Ports.random();
    Files.writeString(
        Files.createFile(
            folder.resolve("peer"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
        peerPort + "\n" + services.redis().url() + "\ntoken\n");
    RedisClient client = RedisClient.create(services.redis().url());
    try (HubServer hub = hub();
        JavaProcess peer = peer();
        Load load = new Load(CONNECTIONS);
        StatefulRedisConnection<String, String> redis = client.connect()) {
      redis
          .sync()
          .aclSetuser(
              "bench",
              new AclSetuserArgs()
                  .on()
                  .nopass()
                  .keyPattern("bench:*")
                  .addCommand(CommandType.GET)
                  .addCommand(CommandType.XADD)
                  .addCommand(CommandType.CONFIG));
      Map<String, String> key = Map.of("Authorization", "Bearer " + serviceKey(hub));
      fill(hub, key, redis);
      Answers answers = new Answers(hub, peer, peerPort, key, load);
      OUT.println("warms up");
      answers.ask(Math.max(20, seconds), false); // a JVM compiles for so long, the peer's no less
      for (int round = 1; round <= rounds; round++) {
        OUT.println("round " + round + " of " + rounds);
        answers.ask(seconds, true);
        new BareRedis(services.redis().address(), CONNECTIONS).ask(redis, figures);
        Readers.Seen published = Readers.publish(hub.port(), key, client, 10, 50_000);
        figures.add(RedisFigures.PUBLISH, published.perSecond());
        figures.lost(published.lost());
        figures.streams(EventClients.listen(hub, key, 200, 100, Math.max(5, seconds)));
      }
      figures.report(redis, CONNECTIONS);
    } finally {
      client.shutdown();
    }
  }

  /** The hub as a user starts it, with one more setting: all streams may be open. */
  private HubServer hub() throws Exception {
    Map<String, String> settings = new HashMap<>(services.properties());
    settings.put("hub.cache.models.fraud.ttl", "1h");
    settings.put("hub.api.streams-per-key", "256");
    return HubServer.start(folder.resolve("hub"), settings, JVM);
  }

  private JavaProcess peer() {
    return new JavaProcess(
        List.of("-Xmx512m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")),
        List.of(VertxCache.class.getName(), folder.resolve("peer").toString()),
        folder.resolve("peer.log"));
  }

  private static String serviceKey(HubServer hub) {
    return hub.api().post("/api/keys", "{\"name\": \"bench\", \"role\": \"service\"}").text("/key");
  }

  static String input(int number) {
    int which = Math.floorMod(number * 7919, INPUTS);
    return "{\"amount\": "
        + which
        + ", \"country\": \"CH\", \"merchant\": \"m-"
        + which
        + "\", \"hour\": 3, \"features\": [0.25, 1.5, -3, 17, 0.125]}";
  }

  static String question(int number) {
    return "{\"model\": \"fraud\", \"version\": \"3\", \"input\": " + input(number) + "}";
  }

  private static final String VALUE =
      "{\"label\": \"fraud\", \"score\": 0.9731, \"reasons\": [\"amount\", \"merchant\", \"hour\"]}";

  private static void fill(
      HubServer hub, Map<String, String> key, StatefulRedisConnection<String, String> redis)
      throws IOException {
    routes.Api api = new routes.Api(hub.port(), key.get("Authorization").substring(7));
    for (int number = 0; number < INPUTS; number++) {
      String put = question(number).replaceFirst("}$", ", \"value\": " + VALUE + "}");
      routes.Api.Answer answer = api.send(api.request("PUT", "/api/predictions", put));
      if (answer.status() != 200) {
        throw new IllegalStateException(answer.toString());
      }
      redis
          .sync()
          .set(
              VertxCache.key(new io.vertx.core.json.JsonObject(question(number))),
              JSON.readTree(VALUE).toString());
    }
    redis.sync().set("bench:key", JSON.readTree(VALUE).toString());
  }

  /** Look-ups of both, in turns. */
  private final class Answers {
    private final HubServer hub;
    private final JavaProcess peerProcess;
    private final int peer;
    private final Map<String, String> key;
    private final Load load;

    Answers(HubServer hub, JavaProcess peerProcess, int peer, Map<String, String> key, Load load) {
      this.hub = hub;
      this.peerProcess = peerProcess;
      this.peer = peer;
      this.key = key;
      this.load = load;
    }

    void ask(int seconds, boolean counts) throws InterruptedException {
      long ourTime = processorMicros(hub);
      Load.Seen ours =
          load.run(
              hub.port(),
              "/api/predictions/lookup",
              key,
              number -> Buffer.buffer(question(number)),
              "0.9731",
              seconds);
      ourTime = processorMicros(hub) - ourTime;
      long theirTime = processorMicros(peerProcess);
      Load.Seen theirs =
          load.run(
              peer,
              "/lookup",
              Map.of("Authorization", "Bearer token"),
              number -> Buffer.buffer(question(number)),
              "0.9731",
              seconds);
      theirTime = processorMicros(peerProcess) - theirTime;
      Load.Seen batches =
          load.run(
              hub.port(),
              "/api/predictions/lookup/batch",
              key,
              RedisBench::batch,
              "0.9731",
              seconds);
      if (counts) {
        figures.without(ours.others() + batches.others());
        figures.add(RedisFigures.LOOKUP, ours.perSecond());
        figures.time(RedisFigures.LOOKUP, ours.p99());
        figures.processor(RedisFigures.LOOKUP, (double) ourTime / ours.answers());
        figures.add(RedisFigures.PEER, theirs.perSecond());
        figures.processor(RedisFigures.PEER, (double) theirTime / theirs.answers());
        figures.time(RedisFigures.PEER, theirs.p99());
        figures.add(RedisFigures.BATCHES, batches.perSecond() * BATCH);
      }
    }
  }

  /** Processor time that a process has had, in steps of 10 ms. */
  private static long processorMicros(JavaProcess process) {
    return ProcessHandle.of(Long.parseLong(process.pid()))
            .flatMap(handle -> handle.info().totalCpuDuration())
            .orElseThrow()
            .toNanos()
        / 1000;
  }

  private static Buffer batch(int number) {
    return Buffer.buffer(
        IntStream.range(0, BATCH)
            .mapToObj(each -> input(number * BATCH + each))
            .collect(
                Collectors.joining(
                    ", ", "{\"model\": \"fraud\", \"version\": \"3\", \"inputs\": [", "]}")));
  }
}
