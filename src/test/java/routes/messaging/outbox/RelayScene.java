package routes.messaging.outbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.ClientOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import routes.devservices.TestStores;
import routes.messaging.deadletters.DeadLetters;
import routes.messaging.outbox.Relay.Outcome;
import routes.messaging.outbox.RelayLanes.Batch;
import routes.stores.redis.RedisPumpConnections;
import routes.stores.redis.StreamWriter;

/**
 * An outbox on a database of its own with relays to a Redis of its own: what several hubs would be,
 * without the hubs. A relay's batches may be met on their way.
 */
public final class RelayScene implements AutoCloseable {

  /** Quick, but for what a test must be able to see. */
  static final EventProperties PROPERTIES =
      new EventProperties(
          "events:",
          Duration.ofDays(7),
          Duration.ofHours(24),
          Duration.ofSeconds(5),
          Duration.ofMillis(20),
          Duration.ofSeconds(1));

  private final HikariDataSource database;
  private final JdbcClient jdbc;
  private final LettuceConnectionFactory factory;
  private final EventProperties properties;
  private final MeterRegistry meters = new SimpleMeterRegistry();

  public RelayScene(String redisUrl) {
    this(redisUrl, PROPERTIES);
  }

  RelayScene(String redisUrl, EventProperties properties) {
    this.properties = properties;
    TestStores.Database fresh = TestStores.get().newDatabase("relay");
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(fresh.url());
    config.setUsername(fresh.username());
    config.setPassword(fresh.password());
    config.setMaximumPoolSize(6);
    database = new HikariDataSource(config);
    Flyway.configure()
        .dataSource(database)
        .schemas("hub")
        .locations("classpath:db/migration")
        .load()
        .migrate();
    jdbc = JdbcClient.create(database);
    factory = factory(redisUrl);
  }

  private static LettuceConnectionFactory factory(String redisUrl) {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(
            LettuceConnectionFactory.createRedisConfiguration(redisUrl),
            LettuceClientConfiguration.builder()
                .clientOptions(
                    ClientOptions.builder()
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .build())
                .build());
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  MeterRegistry meters() {
    return meters;
  }

  EventProperties properties() {
    return properties;
  }

  RelayLanes lanes() {
    return new RelayLanes(jdbc, properties);
  }

  /** Stands between a pump and its port. */
  interface Between {
    Outcome send(Relay relay, Batch batch) throws Exception;
  }

  /** Starts a relay; it stops when it is closed. */
  public AutoCloseable relaying(String owner) {
    RelayPump pump = pump(owner);
    pump.start();
    return pump::stop;
  }

  /** A relay as each hub has one; it is not started. */
  RelayPump pump(String owner) {
    return pump(owner, (relay, batch) -> relay.settle(relay.write(batch)));
  }

  RelayPump pump(String owner, Between between) {
    return pump(owner, between, new RelaySignal(), properties);
  }

  /**
   * @param signal that wakes it
   * @param settings its own
   */
  RelayPump pump(String owner, Between between, RelaySignal signal, EventProperties settings) {
    StreamWriter writer = writer();
    Relay relay = relay(writer);
    return new RelayPump(
        owner,
        lanes(),
        writer::life,
        batch -> between.send(relay, batch),
        signal,
        settings,
        meters);
  }

  PlatformTransactionManager transactions() {
    return new DataSourceTransactionManager(database);
  }

  StreamWriter writer() {
    return new StreamWriter(new RedisPumpConnections(factory));
  }

  /** Writes entries with another user's rights. */
  StreamWriter.Written writeTo(String url, List<StreamWriter.Entry> entries) {
    LettuceConnectionFactory others = factory(url);
    try {
      StreamWriter writer = new StreamWriter(new RedisPumpConnections(others));
      return writer.write(writer.life(), entries, Instant.EPOCH);
    } finally {
      others.destroy();
    }
  }

  Relay relay(StreamWriter writer) {
    return new Relay(
        writer,
        lanes(),
        new DeadLetters(jdbc, new ObjectMapper(), meters),
        properties,
        Clock.systemUTC(),
        meters);
  }

  /**
   * Writes events: {@code {"key": …, "n": …}}, each key's counted from {@code first}.
   *
   * @param each events per key, count
   * @return their ids, in the order of seq
   */
  public List<UUID> append(String channel, List<String> keys, int first, int each) {
    return jdbc.sql(
            """
            INSERT INTO hub.outbox (id, channel, key, type, envelope)
            SELECT gen_random_uuid(), :channel, key, 'test.event',
                   jsonb_build_object('key', key, 'n', n)
            FROM generate_series(:first, :first + :each - 1) n, unnest(CAST(:keys AS text[])) key
            ORDER BY n, key
            RETURNING id""")
        .param("channel", channel)
        .param("keys", keys.toArray(String[]::new))
        .param("first", first)
        .param("each", each)
        .query(UUID.class)
        .list();
  }

  public long waiting() {
    return jdbc.sql("SELECT count(*) FROM hub.outbox WHERE relayed_at IS NULL")
        .query(Long.class)
        .single();
  }

  @Override
  public void close() {
    factory.destroy();
    database.close();
  }
}
