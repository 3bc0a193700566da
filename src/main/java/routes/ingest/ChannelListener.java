package routes.ingest;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.data.redis.listener.Topic;
import org.springframework.util.backoff.FixedBackOff;
import routes.kernel.DaemonThreads;

/**
 * Listens to one Pub/Sub channel for Camel's {@code spring-redis} consumer, and hands it one
 * message after the other. What comes faster than it is taken waits in memory up to a bound, and is
 * lost beyond it; by default each message would have a thread of its own. It connects when the
 * route starts, and Lettuce connects again.
 */
final class ChannelListener extends RedisMessageListenerContainer implements Backlog {

  private static final Logger LOG = LoggerFactory.getLogger(ChannelListener.class);
  private static final int MOST = 10_000;
  private static final long MOST_BYTES = 32L << 20;

  private final Topic channel;
  private final ThreadPoolExecutor worker;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();

  ChannelListener(String source, String channel, RedisConnectionFactory redis) {
    this.channel = new ChannelTopic(channel);
    this.worker =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST),
            DaemonThreads.named("ingest-" + source),
            (heard, pool) -> lose((Heard) heard));
    setConnectionFactory(redis);
    setTaskExecutor(Runnable::run); // the worker is behind processMessage, which knows the size
    setRecoveryBackoff(new FixedBackOff(0, 0)); // the route's supervisor tries again
    afterPropertiesSet();
    start();
  }

  private final class Heard implements Runnable {
    private final MessageListener listener;
    private final Message message;
    private final long at = System.nanoTime();

    private Heard(MessageListener listener, Message message) {
      this.listener = listener;
      this.message = message;
    }

    @Override
    public void run() {
      try {
        ChannelListener.super.processMessage(listener, message, null);
      } finally {
        bytes.addAndGet(-message.getBody().length);
      }
    }
  }

  @Override
  protected void processMessage(MessageListener listener, Message message, byte[] pattern) {
    Heard heard = new Heard(listener, message);
    if (bytes.addAndGet(message.getBody().length) > MOST_BYTES) {
      lose(heard);
    } else {
      worker.execute(heard);
    }
  }

  private void lose(Heard heard) {
    bytes.addAndGet(-heard.message.getBody().length);
    if (lost.getAndIncrement() % 1_000 == 0) {
      LOG.warn(
          "Channel {} is faster than its messages can be taken: some are lost", channel.getTopic());
    }
  }

  @Override
  public void addMessageListener(MessageListener listener, Collection<? extends Topic> ignored) {
    super.addMessageListener(listener, List.of(channel));
  }

  @Override
  public void removeMessageListener(MessageListener listener, Collection<? extends Topic> ignored) {
    super.removeMessageListener(listener, List.of(channel));
  }

  @Override
  public double lag() {
    Heard oldest = (Heard) worker.getQueue().peek();
    return oldest == null ? 0 : (System.nanoTime() - oldest.at) / 1e9;
  }

  @Override
  public long lost() {
    return lost.get();
  }

  /** What waits is lost, as is what is published while no hub listens. */
  @Override
  public void destroy() throws Exception {
    worker.shutdownNow();
    super.destroy();
  }
}
