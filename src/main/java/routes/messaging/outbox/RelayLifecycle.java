package routes.messaging.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.messaging.deadletters.ErrorPolicy;
import routes.messaging.outbox.Relay.Outcome;
import routes.messaging.outbox.RelayLanes.Batch;
import routes.stores.redis.StreamWriter;

/** The hub's one {@link RelayPump}, from when Camel is up until the hub stops. */
@Component
class RelayLifecycle implements SmartLifecycle {

  private final RelayPump pump;
  private final ProducerTemplate camel;
  private volatile boolean running;

  RelayLifecycle(
      RelayLanes lanes,
      StreamWriter writer,
      ProducerTemplate camel,
      RelaySignal signal,
      EventProperties properties,
      MeterRegistry registry) {
    this.camel = camel;
    this.pump =
        new RelayPump(nodeName(), lanes, writer::life, this::send, signal, properties, registry);
  }

  private Outcome send(Batch batch) throws Exception {
    Exchange answer =
        camel.send(
            "direct:outbox.relay",
            exchange -> {
              exchange.setProperty(ErrorPolicy.REPORTED, true);
              exchange.getMessage().setBody(batch);
            });
    if (answer.getException() != null) {
      throw answer.getException();
    }
    return answer.getMessage().getBody(Outcome.class);
  }

  /** Not with the other beans: its port is served when Camel is up. */
  @Override
  public boolean isAutoStartup() {
    return false;
  }

  /** After the runner of jobs, whose last events may still go out, and before Camel. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  @EventListener(ApplicationReadyEvent.class)
  public synchronized void start() {
    if (!running) {
      running = true;
      pump.start();
    }
  }

  @Override
  public synchronized void stop() {
    if (running) {
      running = false;
      pump.stop();
    }
  }

  private static String nodeName() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "hub";
    }
    return host + "-" + ProcessHandle.current().pid();
  }
}
