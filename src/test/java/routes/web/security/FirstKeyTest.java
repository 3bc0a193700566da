package routes.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.util.unit.DataSize;
import routes.devservices.TestStores;
import routes.kernel.HubProperties;

/** The first start of a hub, on a database of its own each time. */
class FirstKeyTest {

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(FirstKey.class);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @TempDir Path folder;

  private HikariDataSource database;
  private JdbcClient jdbc;
  private Path file;

  @BeforeEach
  void fresh() {
    TestStores.Database fresh = TestStores.get().newDatabase("firstkey");
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(fresh.url());
    config.setUsername(fresh.username());
    config.setPassword(fresh.password());
    config.setMaximumPoolSize(6);
    database = new HikariDataSource(config);
    Flyway.configure()
        .dataSource(database)
        .schemas("hub")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .locations("classpath:db/migration")
        .load()
        .migrate();
    jdbc = JdbcClient.create(database);
    file = folder.resolve("state/api-key");
  }

  /** What the class said, whatever other tests did to the console. */
  private String logged() {
    return log.list.stream()
        .map(ILoggingEvent::toString)
        .collect(java.util.stream.Collectors.joining("\n"));
  }

  @BeforeEach
  void listen() {
    log.start();
    LOGGER.addAppender(log);
  }

  @AfterEach
  void close() {
    LOGGER.detachAppender(log);
    database.close();
  }

  @Test
  void aNewHubHasAnAdminKeyThatOnlyItsOwnerReads() throws Exception {
    start(false);

    String key = Files.readString(file).strip();
    assertThat(check().check(key).orElseThrow().role()).isEqualTo(Role.ADMIN);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(logged()).contains(file.toString()).doesNotContain(key);
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void aSecondStartChangesNothing() throws Exception {
    start(false);
    String key = Files.readString(file);

    start(false);

    assertThat(Files.readString(file)).isEqualTo(key);
    assertThat(keys()).isEqualTo(1);
    assertThat(logged()).doesNotContain("holds no valid key").doesNotContain("no admin key");
  }

  @Test
  void replicasThatStartTogetherMakeOneKey() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(3);
    var hubs = Executors.newFixedThreadPool(3);
    try {
      Callable<Void> start =
          () -> {
            barrier.await();
            start(false);
            return null;
          };
      for (var started : hubs.invokeAll(List.of(start, start, start))) {
        started.get();
      }
    } finally {
      hubs.shutdown();
    }

    assertThat(keys()).isEqualTo(1);
    assertThat(check().check(Files.readString(file).strip())).isPresent();
  }

  @Test
  void aFileThatMatchesNoLiveKeyIsLeftAndTold() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "hub_of-another-database\n");

    start(false);

    assertThat(Files.readString(file)).isEqualTo("hub_of-another-database\n");
    assertThat(keys()).isZero();
    assertThat(logged())
        .contains("WARN")
        .contains("hub.api.reset-key=true")
        .doesNotContain("hub_of-another-database");
  }

  @Test
  void resetRevokesTheFirstKeyAndWritesAnother() throws Exception {
    start(false);
    String lost = Files.readString(file).strip();

    start(true);

    String fresh = Files.readString(file).strip();
    assertThat(fresh).isNotEqualTo(lost);
    assertThat(check().check(lost)).isEmpty();
    assertThat(check().check(fresh)).isPresent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(logged()).contains("hub.api.reset-key is on");
  }

  @Test
  void aLostFileAndNoLiveAdminIsTold() throws Exception {
    start(false);
    Files.delete(file);
    jdbc.sql("UPDATE hub.api_key SET expires_at = now()").update();

    start(false);

    assertThat(file).doesNotExist();
    assertThat(logged()).contains("no admin key is live").contains("hub.api.reset-key=true");
  }

  @Test
  void aFolderThatCannotBeWrittenStopsTheStartAndLeavesNoKey() throws Exception {
    Files.writeString(folder.resolve("state"), "a file where the folder should be");

    assertThatThrownBy(() -> start(false))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("hub.state-dir");
    assertThat(keys()).isZero();
  }

  private KeyCheck check() {
    return new KeyCheck(database);
  }

  private long keys() {
    return jdbc.sql("SELECT count(*) FROM hub.api_key WHERE revoked_at IS NULL")
        .query(Long.class)
        .single();
  }

  private void start(boolean reset) {
    var transactions = new JdbcTransactionManager(database);
    var audit =
        new routes.web.security.Audit(jdbc, new com.fasterxml.jackson.databind.ObjectMapper());
    KeyCheck check = check();
    ApiKeys keys = new ApiKeys(jdbc, transactions, audit, check);
    new FirstKey(
            jdbc,
            transactions,
            keys,
            check,
            audit,
            new ApiProperties(reset, DataSize.ofMegabytes(64), Duration.ofSeconds(1), 64),
            new HubProperties("test", folder.resolve("state")))
        .run(null);
  }
}
