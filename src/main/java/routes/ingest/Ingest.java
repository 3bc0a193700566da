package routes.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import routes.ingest.IngestProperties.Source;
import routes.ingest.ReceivedMessage.Message;
import routes.kernel.errors.ClientException;
import routes.kernel.errors.Failures;
import routes.kernel.errors.PermanentException;
import routes.kernel.json.JsonSchemaRules;
import routes.messaging.deadletters.DeadLetters;

/**
 * What becomes of a message: work of its port, in one transaction with the note that it was taken,
 * or a dead letter. Never both, never twice.
 */
@Component
class Ingest {

  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
  private static final List<String> OUTCOMES = List.of("taken", "known", "refused", "failed");
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LAST_PAUSE_MS = 5_000;

  /** Where messages go; Camel's side of it. */
  interface Ports {

    /**
     * Does the port's work on this thread, in one transaction with the note that it is done.
     *
     * @return {@code taken}, {@code known}, or {@code refused} when rows of it became dead letters
     * @throws Exception when nothing of it was kept
     */
    String deliver(String source, Message message) throws Exception;

    /**
     * Makes a dead letter.
     *
     * @throws Exception when it is not kept
     */
    void bury(String source, DeadLetters.Letter letter, Exception why) throws Exception;
  }

  private final Map<String, Source> sources;
  private final Map<String, JsonSchemaRules> rules = new TreeMap<>();
  private final ObjectProvider<Ports> ports;
  private final MeterRegistry registry;

  Ingest(IngestProperties properties, ObjectProvider<Ports> ports, MeterRegistry registry) {
    this.sources = properties.ingest();
    sources.forEach(
        (name, source) ->
            rules.put(
                name, JsonSchemaRules.load(source.schema(), "hub.ingest." + name + ".schema")));
    this.ports = ports;
    this.registry = registry;
    // From 0 on: a counter that begins at its first count shows no increase.
    sources.keySet().forEach(name -> OUTCOMES.forEach(outcome -> counter(name, outcome)));
  }

  /**
   * Takes a message.
   *
   * @return null when it is done with, whether by its port or as a dead letter; else why another
   *     attempt may succeed: nothing of it was kept
   */
  Exception take(ReceivedMessage received) {
    Source source = sources.get(received.source());
    Message message;
    try {
      message = MessageValidation.read(received, source.maxBytes(), rules.get(received.source()));
    } catch (ClientException e) {
      return bury(received, e);
    } catch (RuntimeException | Error e) {
      // It would fail the same way however often it came, and those behind it wait.
      return bury(received, new PermanentException("it cannot be read", e));
    }
    try {
      count(received, ports.getObject().deliver(received.source(), message));
      return null;
    } catch (Exception e) {
      return failed(received, e);
    } catch (Error e) {
      // Camel lets errors through; one would end the pump.
      return failed(received, new PermanentException("its port broke down", e));
    }
  }

  /**
   * Takes a message, in as many attempts as it may have; while the database is away they are not
   * counted, since nothing could be kept of it.
   *
   * @return false when the pump was stopped before it was done with
   */
  boolean takeInTheEnd(ReceivedMessage received, InterruptiblePause waiting) {
    long pause = FIRST_PAUSE_MS;
    int most = sources.get(received.source()).attempts();
    for (int attempt = 1; waiting.isOn(); attempt++) {
      Exception failure = take(received);
      boolean storeAway = failure != null && Failures.toProblem(failure).status() == 503;
      if (failure != null && attempt >= most && !storeAway) {
        failure = bury(received, failure);
      }
      if (failure == null) {
        return true;
      }
      LOG.info("a message of {} is tried again: {}", received.source(), Failures.describe(failure));
      waiting.pause(pause);
      pause = Math.min(2 * pause, LAST_PAUSE_MS);
    }
    return false;
  }

  private Exception failed(ReceivedMessage received, Exception why) {
    return Failures.mayHeal(why) ? why : bury(received, why);
  }

  /**
   * Makes it a dead letter.
   *
   * @return null; or why it could not be one
   */
  Exception bury(ReceivedMessage received, Exception why) {
    Source source = sources.get(received.source());
    DeadLetters.Letter letter =
        new DeadLetters.Letter(
            MessageValidation.idOf(received, source.maxBytes()),
            source.port(),
            received.body(),
            "application/json",
            received.headers());
    try {
      ports.getObject().bury(received.source(), letter, why);
      count(received, why instanceof ClientException ? "refused" : "failed");
      return null;
    } catch (Exception e) {
      LOG.warn(
          "message {} of {} is no dead letter yet: {}",
          letter.messageId(),
          received.source(),
          e.getMessage());
      return e;
    }
  }

  private void count(ReceivedMessage received, String outcome) {
    counter(received.source(), outcome).increment();
  }

  private Counter counter(String source, String outcome) {
    return Counter.builder("hub.ingest.messages")
        .description("Messages from channels and streams, by what became of them")
        .tags("source", source, "outcome", outcome)
        .register(registry);
  }
}
