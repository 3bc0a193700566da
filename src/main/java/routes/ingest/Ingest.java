package routes.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.ingest.IngestProperties.Source;
import routes.ingest.Received.Message;
import routes.platform.deadletter.DeadLetters;
import routes.platform.error.ClientException;
import routes.platform.error.Failures;
import routes.platform.error.PermanentException;
import routes.platform.json.JsonRules;
import routes.platform.sql.SqlFile;

/**
 * What becomes of a message: work of its port, in one transaction with the note that it was taken,
 * or a dead letter. Never both, never twice.
 */
@Component
class Ingest {

  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
  private static final String NOTE = SqlFile.load("ingest/note");
  private static final String FORGET = SqlFile.load("ingest/forget");

  private static final List<String> OUTCOMES = List.of("taken", "known", "refused", "failed");
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LAST_PAUSE_MS = 5_000;

  /** Where messages go; Camel's side of it. */
  interface Ports {

    /**
     * Does the port's work on this thread, in its transaction.
     *
     * @return how many of its rows became dead letters
     */
    int deliver(String source, Message message) throws Exception;

    /** Makes a dead letter. */
    void bury(String source, DeadLetters.Letter letter, Exception why);
  }

  private final Map<String, Source> sources;
  private final Map<String, JsonRules> rules = new TreeMap<>();
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final ObjectProvider<Ports> ports;
  private final MeterRegistry registry;

  Ingest(
      IngestProperties properties,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      ObjectProvider<Ports> ports,
      MeterRegistry registry) {
    this.sources = properties.ingest();
    sources.forEach(
        (name, source) ->
            rules.put(name, JsonRules.load(source.schema(), "hub.ingest." + name + ".schema")));
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.ports = ports;
    this.registry = registry;
    // From 0 on: a counter that begins at its first count shows no increase.
    sources.keySet().forEach(name -> OUTCOMES.forEach(outcome -> counter(name, outcome)));
  }

  /** What a port's failure is wrapped in, to leave the transaction. */
  private static final class UndoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private UndoneException(Exception cause) {
      super(cause);
    }
  }

  /**
   * Takes a message.
   *
   * @return null when it is done with, whether by its port or as a dead letter; else why another
   *     attempt may succeed: nothing of it was kept
   */
  Exception take(Received received) {
    Source source = sources.get(received.source());
    Message message;
    try {
      message = Admission.read(received, source.maxBytes(), rules.get(received.source()));
    } catch (ClientException e) {
      return bury(received, e);
    } catch (RuntimeException | Error e) {
      // It would fail the same way however often it came, and those behind it wait.
      return bury(received, new PermanentException("it cannot be read", e));
    }
    try {
      count(received, transaction.execute(status -> deliver(received, message)));
      return null;
    } catch (UndoneException e) {
      return failed(received, (Exception) e.getCause());
    } catch (RuntimeException e) {
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
  boolean takeInTheEnd(Received received, Waiting waiting) {
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

  /** What became of it; a message of which rows were refused is no success. */
  private String deliver(Received received, Message message) {
    int noted =
        jdbc.sql(NOTE).param("source", received.source()).param("id", message.id()).update();
    if (noted == 0) {
      return "known";
    }
    try {
      return ports.getObject().deliver(received.source(), message) > 0 ? "refused" : "taken";
    } catch (Exception e) {
      throw new UndoneException(e);
    }
  }

  private Exception failed(Received received, Exception why) {
    return Failures.mayHeal(why) ? why : bury(received, why);
  }

  /**
   * Makes it a dead letter.
   *
   * @return null; or why it could not be one
   */
  Exception bury(Received received, Exception why) {
    Source source = sources.get(received.source());
    DeadLetters.Letter letter =
        new DeadLetters.Letter(
            Admission.idOf(received, source.maxBytes()),
            source.port(),
            received.body(),
            "application/json",
            received.headers());
    try {
      ports.getObject().bury(received.source(), letter, why);
      count(received, why instanceof ClientException ? "refused" : "failed");
      return null;
    } catch (RuntimeException e) {
      LOG.warn(
          "message {} of {} is no dead letter yet: {}",
          letter.messageId(),
          received.source(),
          e.getMessage());
      return e;
    }
  }

  /** Forgets ids of long ago. */
  void forget() {
    jdbc.sql(FORGET).update();
  }

  private void count(Received received, String outcome) {
    counter(received.source(), outcome).increment();
  }

  private Counter counter(String source, String outcome) {
    return Counter.builder("hub.ingest.messages")
        .description("Messages from channels and streams, by what became of them")
        .tag("source", source)
        .tag("outcome", outcome)
        .register(registry);
  }
}
