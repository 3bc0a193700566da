package routes.ingest;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * {@code hub.ingest.<name>}: what is taken from Redis, and to which port it goes. A wrong value
 * stops the hub and names its key.
 *
 * @param ingest by name: 1 to 40 of a-z, 0-9 and '-'; 100 at most
 */
@ConfigurationProperties("hub")
record IngestProperties(Map<String, Source> ingest) {

  private static final int MOST = 100;

  /**
   * One source: a channel or a stream.
   *
   * @param channel a Pub/Sub channel: what is published while no hub listens is lost
   * @param stream a stream's key: nothing is lost
   * @param schema JSON Schema 2020-12 that messages are held to: {@code classpath:…} or a file
   * @param port where they go, such as {@code redteam.ingest}; none of the API
   * @param group of a stream: replicas of the hub share it; default {@code hub}
   * @param field of a stream's entry that holds the message; default {@code event}
   * @param maxBytes of one message, 1 B to 16 MB; default 1 MB
   * @param attempts at one message before it is a dead letter, 1 to 100; default 5
   * @param claimAfter a stream's message that a consumer took and did not end with is taken over
   *     after this, 100 ms to 1 day; default 1 min
   */
  record Source(
      String channel,
      String stream,
      String schema,
      String port,
      @DefaultValue("hub") String group,
      @DefaultValue("event") String field,
      @DefaultValue("1MB") DataSize maxBytes,
      @DefaultValue("5") int attempts,
      @DefaultValue("1m") Duration claimAfter) {

    boolean isStream() {
      return stream != null;
    }
  }

  IngestProperties {
    ingest = ingest == null ? Map.of() : new TreeMap<>(ingest);
    if (ingest.size() > MOST) {
      throw new IllegalArgumentException(
          "hub.ingest holds " + ingest.size() + " sources but may hold " + MOST);
    }
    ingest.forEach(IngestProperties::check);
  }

  private static void check(String name, Source source) {
    String key = "hub.ingest." + name;
    Assert.isTrue(name.matches("[a-z0-9-]{1,40}"), key + ": a name is 1 to 40 of a-z, 0-9 and '-'");
    Assert.isTrue(
        (source.channel == null) != (source.stream == null),
        key + " must have a channel or a stream, one of them");
    String from = source.isStream() ? source.stream : source.channel;
    Assert.isTrue(
        from.matches("[\\x21-\\x7e]{1,200}"),
        key
            + (source.isStream() ? ".stream" : ".channel")
            + " must be 1 to 200 visible characters");
    Assert.isTrue(
        source.schema != null && !source.schema.isBlank(),
        key + ".schema is not set: no message goes to a port unchecked");
    Assert.isTrue(
        source.port != null
            && source.port.matches("[a-z][a-z0-9.-]{0,99}")
            && !source.port.startsWith("api."),
        key + ".port must be a port such as redteam.ingest, and none of the API");
    Assert.isTrue(
        source.group.matches("[\\x21-\\x7e]{1,100}"),
        key + ".group must be 1 to 100 visible characters");
    long bytes = source.maxBytes.toBytes();
    Assert.isTrue(bytes >= 1 && bytes <= 16 << 20, key + ".max-bytes must be 1B to 16MB");
    Assert.isTrue(
        source.attempts >= 1 && source.attempts <= 100, key + ".attempts must be 1 to 100");
    Assert.isTrue(
        source.claimAfter.toMillis() >= 100 && source.claimAfter.toDays() <= 1,
        key + ".claim-after must be 100ms to 1d");
  }
}
