package routes.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.data.redis.RedisProperties;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import routes.devservices.OwnRedis;
import routes.kernel.errors.RedisUnavailableException;

/**
 * A Redis that dies, hangs, or never was there: no call waits for it longer than its own timeout,
 * however many there are, and all is well again by itself.
 */
class RedisGateTest {

  /** Of one command, as in {@code application.yaml}. */
  private static final Duration TIMEOUT = Duration.ofMillis(150);

  /** Far above what a call may take, far below what waiting one after another would. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CALLERS = 32;

  @TempDir private Path home;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private LettuceConnectionFactory factory;
  private RedisGate gate;
  private StringRedisTemplate redis;

  private void connect(String host, int port, String password) {
    RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(host, port);
    server.setPassword(RedisPassword.of(password));
    RedisProperties properties = new RedisProperties();
    // Longer than any test: a caller that connects by itself does not come back in time.
    properties.setConnectTimeout(Duration.ofSeconds(5));
    var client = LettuceClientConfiguration.builder().commandTimeout(TIMEOUT);
    new RedisConfiguration().failFast(properties).customize(client);
    factory = new LettuceConnectionFactory(server, client.build());
    factory.afterPropertiesSet();
    factory.start();
    gate = new RedisGate(factory, registry);
    redis = new RedisConfiguration().stringRedisTemplate(factory, gate);
    redis.afterPropertiesSet();
  }

  @AfterEach
  void close() {
    gate.destroy();
    factory.destroy();
  }

  private void awaitWell() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              try {
                redis.opsForValue().set("k", "v");
                return "v".equals(redis.opsForValue().get("k"));
              } catch (RedisUnavailableException e) {
                return false;
              }
            });
  }

  /** All callers at once, twice; the slowest answer of each round. */
  private void assertAllAreToldSoon() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try {
      for (int round = 0; round < 2; round++) {
        List<Future<Duration>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          calls.add(callers.submit(this::refused));
        }
        for (Future<Duration> call : calls) {
          assertThat(call.get()).isLessThan(SOON);
        }
      }
      // Known to be away: nobody waits at all.
      assertThat(gate.isOpen()).isFalse();
      long began = System.nanoTime();
      for (int i = 0; i < 1_000; i++) {
        refused();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
    } finally {
      callers.shutdownNow();
    }
  }

  private Duration refused() {
    long began = System.nanoTime();
    try {
      redis.opsForValue().get("k");
      throw new AssertionError("there is an answer");
    } catch (RedisUnavailableException e) {
      assertThat(e.getStackTrace()).isEmpty();
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void aRedisThatDiesIsToldAndComesBack() throws Exception {
    try (OwnRedis server = OwnRedis.start(home)) {
      connect("127.0.0.1", server.port(), server.password());
      awaitWell();

      server.kill();
      assertAllAreToldSoon();

      server.start();
      awaitWell();
      assertThat(registry.get("hub.redis.refused").counter().count()).isGreaterThan(1_000);
      assertThat(registry.get("hub.redis.open").gauge().value()).isOne();
    }
  }

  @Test
  void aRedisThatIsStoppedIsToldAndComesBack() throws Exception {
    try (OwnRedis server = OwnRedis.start(home)) {
      connect("127.0.0.1", server.port(), server.password());
      awaitWell();

      server.pause();
      try {
        assertAllAreToldSoon();
        assertThat(registry.get("hub.redis.open").gauge().value()).isZero();
      } finally {
        server.resume();
      }

      awaitWell();
    }
  }

  @Test
  void aHubThatStartsBeforeItsRedisFindsIt() throws Exception {
    try (OwnRedis server = OwnRedis.start(home)) {
      server.kill();
      connect("127.0.0.1", server.port(), server.password());
      assertAllAreToldSoon();

      server.start();
      awaitWell();
    }
  }

  /** Its queue is full, so the kernel drops each further SYN: nobody says no, and nobody yes. */
  @Test
  void anAddressThatSwallowsPacketsHangsNobody() throws Exception {
    List<Socket> fillers = new ArrayList<>();
    try (ServerSocket hole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fill(hole, fillers);
      connect("127.0.0.1", hole.getLocalPort(), "none");

      assertAllAreToldSoon();
    } finally {
      for (Socket each : fillers) {
        each.close();
      }
    }
  }

  private static void fill(ServerSocket hole, List<Socket> fillers) throws IOException {
    for (int i = 0; i < 64; i++) {
      Socket filler = new Socket();
      fillers.add(filler);
      try {
        filler.connect(new InetSocketAddress(hole.getInetAddress(), hole.getLocalPort()), 200);
      } catch (java.net.SocketTimeoutException e) {
        return; // it swallows
      }
    }
    throw new AssertionError("the queue is never full: " + URI.create("tcp:/" + hole));
  }

  @Test
  void aLateAnswerOfARedisThatIsWellIsNoReasonToShut() throws Exception {
    try (OwnRedis server = OwnRedis.start(home)) {
      connect("127.0.0.1", server.port(), server.password());
      awaitWell();
      double before = registry.get("hub.redis.refused").counter().count();

      for (int i = 0; i < 3; i++) {
        // Nothing comes for a second, on a connection of its own: longer than a command may take.
        org.assertj.core.api.Assertions.assertThatThrownBy(
                () -> redis.opsForList().leftPop("nothing", Duration.ofSeconds(1)))
            .isInstanceOf(RedisUnavailableException.class);
        assertThat(gate.isOpen()).isTrue();
        assertThat(redis.opsForValue().get("k")).isEqualTo("v");
      }
      assertThat(registry.get("hub.redis.refused").counter().count()).isEqualTo(before);
    }
  }

  @Test
  void whatIsWrongWithACommandIsNoReasonToShut() throws Exception {
    try (OwnRedis server = OwnRedis.start(home)) {
      connect("127.0.0.1", server.port(), server.password());
      awaitWell();
      redis.opsForList().rightPush("list", "a");

      org.assertj.core.api.Assertions.assertThatThrownBy(() -> redis.opsForValue().get("list"))
          .isNotInstanceOf(RedisUnavailableException.class)
          .hasStackTraceContaining("WRONGTYPE");
      assertThat(gate.isOpen()).isTrue();
    }
  }
}
