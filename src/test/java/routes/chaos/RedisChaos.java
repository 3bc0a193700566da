package routes.chaos;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.devservices.DevServices;
import routes.devservices.HubServer;
import routes.devservices.Options;
import routes.devservices.RedisServer;
import routes.kernel.SqlFile;

/**
 * {@code ./hub chaos redis}: two hubs relay notifications to a Redis that is killed again and
 * again, and that loses what it had not synced. A consumer with a group, which drops ids it knows,
 * must receive each of them, and those of a key in their order.
 */
public final class RedisChaos {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  static final String CHANNEL = "chaos";

  /** Written in the statement that the hub itself writes events with. */
  private static final String APPEND = SqlFile.load("messaging/outbox-append-all");

  private static final int BATCH = 500;

  // So much may wait that the relay is busy, and no more than a disk bears.
  private static final int MOST_WAITING = 20_000;

  /**
   * What happened.
   *
   * @param events written, count
   * @param kills SIGKILLs sent to Redis
   * @param cut bytes that Redis lost of its append-only file
   * @param lost events that the consumer never received
   * @param duplicates that it received and dropped, by id
   * @param disorder events that came before an earlier one of their key
   */
  record Report(
      int events, int kills, long cut, long lost, long duplicates, long disorder, Duration took) {}

  private final JdbcClient jdbc;
  private final RedisServer redis;
  private final Random random;
  private final PrintStream out;
  private final Duration unsynced;
  private final int keys;
  private final Map<String, Integer> written = new HashMap<>();
  private int events;

  /**
   * @param unsynced how much Redis loses with each kill: what it wrote in so long before
   * @param keys of events, count
   */
  RedisChaos(
      JdbcClient jdbc, RedisServer redis, long seed, PrintStream out, Duration unsynced, int keys) {
    this.jdbc = jdbc;
    this.redis = redis;
    this.random = new Random(seed);
    this.out = out;
    this.unsynced = unsynced;
    this.keys = keys;
  }

  /**
   * @param args {@code --events=1000000}, {@code --kills=10}, {@code --seed=n}
   */
  public static void main(String[] args) throws Exception {
    int events = 1_000_000;
    int kills = 10;
    long seed = System.nanoTime();
    for (String arg : args) {
      if (arg.matches("--events=\\d{1,9}")) {
        events = Integer.parseInt(arg.substring("--events=".length()));
      } else if (arg.matches("--kills=\\d{1,4}")) {
        kills = Integer.parseInt(arg.substring("--kills=".length()));
      } else if (arg.matches("--seed=-?\\d{1,18}")) {
        seed = Long.parseLong(arg.substring("--seed=".length()));
      } else {
        System.err.println("hub: chaos redis takes --events=n, --kills=n and --seed=n, not " + arg);
        System.exit(2);
      }
    }
    ((ch.qos.logback.classic.Logger)
            org.slf4j.LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
        .setLevel(ch.qos.logback.classic.Level.ERROR);
    Path folder = Files.createTempDirectory("hub-chaos-");
    System.out.println("seed " + seed);
    Report report = real(folder, events, kills, seed);
    System.out.println("events     " + report.events());
    System.out.println(
        "kills      " + report.kills() + ", " + report.cut() + " bytes lost by Redis");
    System.out.println("took       " + report.took().toSeconds() + " s");
    System.out.println("duplicates " + report.duplicates() + " dropped by id");
    System.out.println("lost       " + report.lost());
    System.out.println("disorder   " + report.disorder());
    boolean good = report.lost() == 0 && report.disorder() == 0;
    if (good) {
      org.springframework.util.FileSystemUtils.deleteRecursively(folder);
    } else {
      System.out.println("logs are in " + folder);
    }
    System.exit(good ? 0 : 1);
  }

  private static Report real(Path folder, int events, int kills, long seed) throws Exception {
    List<HubServer> hubs = new ArrayList<>();
    try (DevServices services = DevServices.start(Options.forTests(folder.resolve("stores")));
        RedisServer redis = RedisServer.ofItsOwn(folder.resolve("redis"));
        HikariDataSource database = new HikariDataSource()) {
      Map<String, String> settings = new HashMap<>(services.properties());
      settings.put("spring.data.redis.url", redis.url());
      try {
        hubs.add(HubServer.start(folder.resolve("hub-1"), settings, "-Xmx384m"));
        hubs.add(
            HubServer.launch(
                folder.resolve("hub-2"), folder.resolve("hub-1"), settings, "-Xmx384m"));
        hubs.get(1).ready();
        database.setJdbcUrl(settings.get("hub.database.url"));
        database.setUsername(services.postgres().username());
        database.setPassword(services.postgres().password());
        database.setMaximumPoolSize(2);
        return new RedisChaos(
                JdbcClient.create(database), redis, seed, System.out, Duration.ofSeconds(1), 500)
            .run(events, kills, folder);
      } finally {
        hubs.forEach(HubServer::close);
      }
    }
  }

  /**
   * @param folder holds the server's files
   */
  Report run(int wanted, int kills, Path folder) throws Exception {
    long began = System.nanoTime();
    int killed = 0;
    long cut = 0;
    long received = 0;
    RedisClient client = RedisClient.create(redis.url());
    try (Unsynced file = new Unsynced(folder, unsynced);
        DedupingConsumer consumer = new DedupingConsumer(client, "events:" + CHANNEL)) {
      while (events < wanted) {
        append(Math.min(batch(wanted), wanted - events));
        if (killed < kills && events >= (long) wanted * (killed + 1) / (kills + 1)) {
          long before = received;
          await("the relay is at work").atMost(PATIENCE).until(() -> consumer.received() > before);
          pause(random.nextInt(200)); // somewhere in it
          redis.kill();
          killed++;
          cut += file.lose();
          for (int more = random.nextInt(4); more > 0 && events < wanted; more--) {
            append(Math.min(batch(wanted), wanted - events));
          }
          pause(random.nextInt((int) unsynced.toMillis() * 2));
          redis.start();
          received = consumer.received();
          out.println(
              killed + " kills, " + events + " events, " + consumer.received() + " received");
        }
        notTooMany();
      }
      await("all are relayed").atMost(PATIENCE).until(() -> waiting() == 0);
      await("all are received, or nothing comes any more")
          .atMost(PATIENCE)
          .until(() -> consumer.received() == events || consumer.idle(Duration.ofSeconds(20)));
      return new Report(
          events,
          killed,
          cut,
          events - consumer.received(),
          consumer.duplicates(),
          consumer.disorder(),
          Duration.ofNanos(System.nanoTime() - began));
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    }
  }

  private static int batch(int wanted) {
    return Math.min(BATCH, Math.max(1, wanted / 40));
  }

  private void append(int count) {
    String[] ids = new String[count];
    String[] channels = new String[count];
    String[] subjects = new String[count];
    String[] types = new String[count];
    String[] envelopes = new String[count];
    for (int i = 0; i < count; i++) {
      String key = "key-" + random.nextInt(keys);
      int n = written.merge(key, 1, Integer::sum);
      ids[i] = UUID.randomUUID().toString();
      channels[i] = CHANNEL;
      subjects[i] = key;
      types[i] = "chaos.notified";
      envelopes[i] =
          "{\"specversion\": \"1.0\", \"id\": \"%s\", \"source\": \"/hub/chaos\", \"type\": \"chaos.notified\", \"subject\": \"%s\", \"severity\": \"info\", \"data\": {\"n\": %d}}"
              .formatted(ids[i], key, n);
    }
    jdbc.sql(APPEND)
        .param("ids", ids)
        .param("channels", channels)
        .param("keys", subjects)
        .param("types", types)
        .param("envelopes", envelopes)
        .query(UUID.class)
        .list();
    events += count;
  }

  private void notTooMany() {
    if (events % (BATCH * 20) == 0 && waiting() > MOST_WAITING) {
      await("the relay goes on").atMost(PATIENCE).until(() -> waiting() < MOST_WAITING / 2);
    }
  }

  private long waiting() {
    return jdbc.sql("SELECT count(*) FROM hub.outbox WHERE relayed_at IS NULL")
        .query(Long.class)
        .single();
  }

  private static void pause(int millis) {
    await().pollDelay(Duration.ofMillis(millis)).atMost(PATIENCE).until(() -> true);
  }
}
