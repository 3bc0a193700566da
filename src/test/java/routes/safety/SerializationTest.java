package routes.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import routes.Api;
import routes.HubTest;

/**
 * Bytes from Redis become text and nothing else: no object of Java is ever made of them, by what
 * the routes say, by what the code calls, and by what the JVM allows.
 */
class SerializationTest extends HubTest {

  /** Does something as soon as it is read: what a gadget's last link would. */
  static final class Trap implements Serializable {
    private static final long serialVersionUID = 1L;
    static final AtomicInteger SPRUNG = new AtomicInteger();

    private void readObject(ObjectInputStream in) {
      SPRUNG.incrementAndGet();
    }
  }

  @Autowired private RedisConnectionFactory factory;

  private static byte[] serialized(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  /**
   * As ysoserial makes them: collections of the JDK that call their elements while they are read.
   */
  private static List<byte[]> gadgets() throws IOException {
    Map<Object, Object> map = new HashMap<>();
    map.put(URI.create("http://127.0.0.1:1/").toURL(), new Trap());
    PriorityQueue<Object> queue =
        new PriorityQueue<>(2, (Comparator<Object> & Serializable) (one, other) -> 0);
    queue.add(new Trap());
    queue.add(new Trap());
    return List.of(serialized(map), serialized(queue), serialized(new Trap()));
  }

  @Test
  void theTrapSpringsWhereObjectsAreRead() throws Exception {
    int before = Trap.SPRUNG.get();
    for (byte[] gadget : gadgets()) {
      new ObjectInputStream(new ByteArrayInputStream(gadget)).readObject();
    }
    assertThat(Trap.SPRUNG.get()).isGreaterThan(before + 2);
  }

  @Test
  void aGadgetInTheCacheOrInASessionDoesNothing() throws Exception {
    Api service = as("service");
    String ask =
        "{\"model\": \"fraud\", \"version\": \""
            + UUID.randomUUID()
            + "\", \"load\": false, \"input\": 1}";
    String key = service.post("/api/predictions/lookup", ask).text("/key");
    String id =
        service.post("/api/sessions", "{\"session\": {\"user_id\": \"trapped\"}}").text("/id");
    int before = Trap.SPRUNG.get();
    for (byte[] gadget : gadgets()) {
      try (RedisConnection redis = factory.getConnection()) {
        redis.stringCommands().set(key.getBytes(StandardCharsets.US_ASCII), gadget);
        redis.stringCommands().set(("session:" + id).getBytes(StandardCharsets.US_ASCII), gadget);
      }

      assertThat(service.post("/api/predictions/lookup", ask).text("/result")).isEqualTo("miss");
      assertThat(
              service
                  .post(
                      "/api/predictions/lookup/batch",
                      ask.replace("\"load\": false, ", "")
                          .replace("\"input\": 1", "\"inputs\": [1]"))
                  .text("/items/0/result"))
          .isEqualTo("miss");
      assertThat(service.get("/api/sessions", "X-Session-Id", id).status()).isEqualTo(404);
      assertThat(
              service
                  .post("/api/sessions/revoke", "{\"user\": \"trapped\"}")
                  .json()
                  .path("ended")
                  .asInt())
          .isZero();
    }
    assertThat(Trap.SPRUNG.get()).isEqualTo(before);
    service.post("/api/predictions/delete", ask.replace("\"load\": false, ", ""));
    service.send(service.request("DELETE", "/api/sessions", null, "X-Session-Id", id));
  }

  /** Endpoints in code and in YAML, also those of files that no test loads. */
  @Test
  void everyEndpointOfRedisNamesItsSerializer() throws IOException {
    List<String> endpoints = new java.util.ArrayList<>();
    for (Path file : sources()) {
      String text = Files.readString(file);
      assertThat(text)
          .as(file.toString())
          .doesNotContain("JdkSerializationRedisSerializer")
          .doesNotContain("ObjectInputStream")
          .doesNotContainPattern("new RedisTemplate<")
          .doesNotContainPattern("springRedis\\((?![^;]*serializer)");
      // Of an endpoint in YAML, its parameters follow the address.
      Pattern.compile("[\"' ]spring-redis:[^*](?:[^\\n]*\\n){1,8}")
          .matcher(text)
          .results()
          .forEach(found -> endpoints.add(found.group()));
    }
    assertThat(endpoints)
        .isNotEmpty()
        .allMatch(endpoint -> endpoint.matches("(?s).*serializer(=|: \"?)#.*"));
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
      return files
          .filter(file -> file.toString().matches(".*\\.(java|yaml|yml|properties)"))
          .toList();
    }
  }

  /** With the options that the hub is started with, here and in its image. */
  @Test
  void theJvmItselfReadsNoObjects(@TempDir Path home) throws Exception {
    Path program = home.resolve("Reads.java");
    Files.writeString(
        program,
        """
        import java.io.*;
        class Reads {
          public static void main(String[] args) throws Exception {
            var bytes = new ByteArrayOutputStream();
            try (var out = new ObjectOutputStream(bytes)) {
              out.writeObject(new java.util.HashMap<>());
            }
            new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
          }
        }
        """);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    Process process =
        new ProcessBuilder(java.toString(), "@scripts/jvm.options", program.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("java.io.InvalidClassException").contains("REJECTED");
    assertThat(Files.readString(Path.of("compose/hub/Dockerfile"))).contains("@/hub/jvm.options");
  }
}
