package routes.ingest;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.ingest.IngestProperties.Source;
import routes.platform.redis.RedisPumps;

/**
 * Takes what is published to a Pub/Sub channel while this hub listens. Every replica hears it, and
 * one makes something of it. What comes faster than it can be taken waits in memory up to a bound,
 * and is lost beyond it: whose messages must not be lost sends them to a stream.
 */
final class ChannelPump implements Pump {

  private static final Logger LOG = LoggerFactory.getLogger(ChannelPump.class);
  private static final int MOST = 10_000;
  private static final long MOST_BYTES = 32L << 20;

  private final String name;
  private final Source source;
  private final Ingest ingest;
  private final RedisPumps pumps;
  private final Waiting waiting = new Waiting();
  private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>(MOST);
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private StatefulRedisPubSubConnection<String, byte[]> connection;

  private record Heard(byte[] body, long at) {}

  ChannelPump(String name, Source source, Ingest ingest, RedisPumps pumps) {
    this.name = name;
    this.source = source;
    this.ingest = ingest;
    this.pumps = pumps;
  }

  private void hear(byte[] body) {
    if (bytes.addAndGet(body.length) > MOST_BYTES
        || !heard.offer(new Heard(body, System.nanoTime()))) {
      bytes.addAndGet(-body.length);
      if (lost.getAndIncrement() % 1_000 == 0) {
        LOG.warn("channel {} is faster than it can be taken: messages are lost", source.channel());
      }
    }
  }

  @Override
  public void run() {
    boolean away = false;
    while (waiting.isOn()) {
      try {
        connect();
        away = false;
        Heard next = heard.poll(500, TimeUnit.MILLISECONDS);
        if (next != null) {
          try {
            ingest.takeInTheEnd(
                new Received(name, next.body, Map.of("channel", source.channel())), waiting);
          } finally {
            bytes.addAndGet(-next.body.length);
          }
        }
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException | Error e) {
        if (!away && waiting.isOn()) {
          LOG.warn(
              "channel {} is not heard until Redis answers: {}", source.channel(), e.getMessage());
        }
        away = true;
        disconnect();
        waiting.pause(500);
      }
    }
    disconnect();
  }

  private void connect() {
    if (connection != null && connection.isOpen()) {
      return;
    }
    disconnect();
    connection = pumps.listen(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, byte[] body) {
            hear(body);
          }
        });
    connection.sync().subscribe(source.channel());
  }

  private void disconnect() {
    if (connection != null) {
      connection.closeAsync();
      connection = null;
    }
  }

  @Override
  public double lag() {
    Heard oldest = heard.peek();
    return oldest == null ? 0 : (System.nanoTime() - oldest.at) / 1e9;
  }

  @Override
  public long lost() {
    return lost.get();
  }

  @Override
  public void stop() {
    waiting.end();
  }
}
