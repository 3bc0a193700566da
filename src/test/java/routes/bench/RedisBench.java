package routes.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandType;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

  private static final String LOOKUP = "look-up, hub";
  private static final String PEER = "look-up, Vert.x";
  private static final String BARE = "GET, redis-benchmark";
  private static final String BATCHES = "look-ups in batches of 100, hub";
  private static final String PUBLISH = "notifications to 10 readers, hub";
  private static final String XADD = "XADD, redis-benchmark";

  private final DevServices services;
  private final Path folder;
  private final int seconds;
  private final Map<String, Series> perSecond = new LinkedHashMap<>();
  private final Map<String, Series> p99 = new LinkedHashMap<>();
  private final Series streams = new Series();
  private long lost;
  private long missed;

  /** Answers of the hub without the prediction, which is there. */
  private long without;

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
      Answers answers = new Answers(hub.port(), peerPort, key, load);
      OUT.println("warms up");
      answers.ask(Math.max(20, seconds), false); // a JVM compiles for so long, the peer's no less
      for (int round = 1; round <= rounds; round++) {
        OUT.println("round " + round + " of " + rounds);
        answers.ask(seconds, true);
        bare(redis);
        Readers.Seen published = Readers.publish(hub.port(), key, client, 10, 50_000);
        add(PUBLISH, published.perSecond());
        lost += published.lost();
        EventClients.Seen seen = EventClients.listen(hub, key, 200, 100, Math.max(5, seconds));
        streams.add(seen.p99());
        missed += seen.missed();
        OUT.printf(
            Locale.ROOT,
            "  %-36s %10.1f ms p99, %d of %d received%n",
            "200 event streams at 100 msg/s",
            seen.p99(),
            seen.received(),
            seen.received() + seen.missed());
      }
      report(redis);
    } finally {
      client.shutdown();
    }
  }

  /** The hub as a user starts it, with one more setting: all streams may be open. */
  private HubServer hub() throws Exception {
    Map<String, String> settings = new HashMap<>(services.properties());
    settings.put("hub.cache.models.fraud.ttl", "1h");
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
    private final int hub;
    private final int peer;
    private final Map<String, String> key;
    private final Load load;

    Answers(int hub, int peer, Map<String, String> key, Load load) {
      this.hub = hub;
      this.peer = peer;
      this.key = key;
      this.load = load;
    }

    void ask(int seconds, boolean counts) throws InterruptedException {
      Load.Seen ours =
          load.run(
              hub,
              "/api/predictions/lookup",
              key,
              number -> Buffer.buffer(question(number)),
              "0.9731",
              seconds);
      Load.Seen theirs =
          load.run(
              peer,
              "/lookup",
              Map.of("Authorization", "Bearer token"),
              number -> Buffer.buffer(question(number)),
              "0.9731",
              seconds);
      Load.Seen batches =
          load.run(hub, "/api/predictions/lookup/batch", key, RedisBench::batch, "0.9731", seconds);
      if (counts) {
        without += ours.others() + batches.others();
        add(LOOKUP, ours.perSecond());
        time(LOOKUP, ours.p99());
        add(PEER, theirs.perSecond());
        time(PEER, theirs.p99());
        add(BATCHES, batches.perSecond() * BATCH);
      }
    }
  }

  private static Buffer batch(int number) {
    return Buffer.buffer(
        IntStream.range(0, BATCH)
            .mapToObj(each -> input(number * BATCH + each))
            .collect(
                Collectors.joining(
                    ", ", "{\"model\": \"fraud\", \"version\": \"3\", \"inputs\": [", "]}")));
  }

  /** What Redis alone does, as its own program sees it. */
  private void bare(StatefulRedisConnection<String, String> redis)
      throws IOException, InterruptedException {
    Path program = RedisPrograms.find("redis-benchmark");
    if (program == null) {
      return;
    }
    String[] address = services.redis().address().split(":");
    List<String> command =
        List.of(
            program.toString(),
            "-h",
            address[0],
            "-p",
            address[1],
            "--user",
            "bench",
            "-a",
            "none",
            "-c",
            Integer.toString(CONNECTIONS),
            "-n",
            "200000",
            "--csv");
    add(BARE, perSecond(command, "GET", "bench:key"));
    add(
        XADD,
        perSecond(
            command,
            "XADD",
            "bench:stream",
            "MAXLEN",
            "~",
            "100000",
            "*",
            "id",
            "0b6d9a6e-6f0c-4c59-9b0e-0f4f3c2f9d11",
            "type",
            "bench.told",
            "event",
            "x".repeat(400)));
    redis.sync().del("bench:stream");
  }

  private static double perSecond(List<String> command, String... asked)
      throws IOException, InterruptedException {
    List<String> all = new java.util.ArrayList<>(command);
    all.addAll(List.of(asked));
    Process process = RedisPrograms.process(all).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("redis-benchmark: " + said);
    }
    String last = said.strip().lines().reduce((one, two) -> two).orElseThrow();
    // "GET bench:key","105152.47","0.167",…: the first number is requests per second.
    String[] fields = last.substring(1, last.length() - 1).split("\",\"");
    return Double.parseDouble(fields[1]);
  }

  private void add(String name, double value) {
    perSecond.computeIfAbsent(name, n -> new Series()).add(value);
    OUT.printf(Locale.ROOT, "  %-36s %10.0f /s%n", name, value);
  }

  private void time(String name, double millis) {
    p99.computeIfAbsent(name, n -> new Series()).add(millis);
    OUT.printf(Locale.ROOT, "  %-36s %10.1f ms p99%n", "", millis);
  }

  private void report(StatefulRedisConnection<String, String> redis) {
    String version =
        redis
            .sync()
            .info("server")
            .lines()
            .filter(line -> line.startsWith("redis_version:"))
            .map(line -> line.substring(14).strip())
            .findFirst()
            .orElse("?");
    OUT.printf(
        Locale.ROOT,
        "%n%d cores, JDK %s, Redis %s, %d connections, medians%n%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        version,
        CONNECTIONS);
    OUT.println("| | seen | beside | ratio | wanted |");
    OUT.println("|---|---|---|---|---|");
    row(perSecond, LOOKUP, PEER, "/s", "≥ 0.5");
    row(p99, LOOKUP, PEER, "ms, p99", "≤ 2");
    row(perSecond, LOOKUP, BARE, "/s", "–");
    row(perSecond, BATCHES, LOOKUP, "/s", "≥ 20");
    row(perSecond, PUBLISH, XADD, "/s", "≥ 0.5, and 0 lost: " + lost + " lost");
    OUT.printf(
        "| answers of the hub without the prediction, all rounds | %d | – | – | 0 |%n", without);
    OUT.printf(
        Locale.ROOT,
        "| 200 event streams at 100 msg/s | %.1f ms, p99 | %d missed | – | ≤ 250 ms |%n",
        streams.median(),
        missed);
  }

  private static void row(
      Map<String, Series> all, String ours, String theirs, String unit, String wanted) {
    if (!all.containsKey(theirs)) {
      OUT.printf(
          "| %s | %.0f %s | %s is not here | – | %s |%n",
          ours, all.get(ours).median(), unit, theirs, wanted);
      return;
    }
    double mine = all.get(ours).median();
    double peers = all.get(theirs).median();
    OUT.printf(
        Locale.ROOT,
        "| %s | %,.1f %s | %s: %,.1f | %.2f | %s |%n",
        ours,
        mine,
        unit,
        theirs,
        peers,
        mine / peers,
        wanted);
  }
}
