package routes.platform.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.platform.audit.Audit;
import routes.platform.error.ConflictException;
import routes.platform.error.ErrorPolicy;
import routes.platform.error.Failures;
import routes.platform.error.NotFoundException;
import routes.platform.sql.SqlFile;

/**
 * Gives dead letters to their ports again. One that fails again is the same letter, with one
 * failure more.
 */
@Component
class DeadLetterReplay {

  private static final String CLAIM = SqlFile.load("platform/dead-letter-claim");
  private static final String RELEASE = SqlFile.load("platform/dead-letter-release");
  private static final String REPLAYED = SqlFile.load("platform/dead-letter-replayed");

  private final Map<String, ReplayPort> ports = new TreeMap<>();
  private final DeadLetterDesk desk;
  private final DeadLetters deadLetters;
  private final ProducerTemplate camel;
  private final JdbcClient jdbc;
  private final Audit audit;

  DeadLetterReplay(
      List<ReplayPort> ports,
      DeadLetterDesk desk,
      DeadLetters deadLetters,
      ProducerTemplate camel,
      JdbcClient jdbc,
      Audit audit) {
    ports.forEach(each -> this.ports.put(each.port(), each));
    this.desk = desk;
    this.deadLetters = deadLetters;
    this.camel = camel;
    this.jdbc = jdbc;
    this.audit = audit;
  }

  /**
   * What became of one.
   *
   * @param why it was not taken; null: it was
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Replayed(UUID id, boolean replayed, String why) {}

  /** Names of ports that take their letters again. */
  List<String> ports() {
    return List.copyOf(ports.keySet());
  }

  /**
   * @throws NotFoundException when there is none
   * @throws ConflictException when it waits no more, is being replayed, or its port takes none
   */
  Replayed replay(UUID id, String by) {
    DeadLetterDesk.Line line = desk.get(id).letter();
    ReplayPort port = ports.get(line.port());
    if (port == null) {
      throw new ConflictException(
          "the port '" + line.port() + "' takes no letters again; these do: " + ports.keySet(),
          Map.of("deadLetter", id));
    }
    if (!line.state().equals("waiting")) {
      throw new ConflictException(
          "dead letter " + id + " waits no more: it is " + line.state(), Map.of("deadLetter", id));
    }
    if (jdbc.sql(CLAIM).param("id", id).update() == 0) {
      throw new ConflictException(
          "dead letter " + id + " is being replayed; look again in a while",
          Map.of("deadLetter", id));
    }
    Optional<Throwable> failure;
    try {
      failure = send(port, desk.letter(id));
    } finally {
      jdbc.sql(RELEASE).param("id", id).update();
    }
    audit.record(
        by,
        "dead-letter.replay",
        id.toString(),
        Map.of("port", port.port(), "taken", failure.isEmpty()));
    if (failure.isPresent()) {
      return new Replayed(id, false, Failures.describe(failure.get()));
    }
    jdbc.sql(REPLAYED).param("id", id).param("by", by).update();
    return new Replayed(id, true, null);
  }

  /** One after the other, as given; one that cannot be replayed does not stop the others. */
  List<Replayed> replay(List<UUID> ids, String by) {
    return ids.stream().map(id -> orWhyNot(id, by)).toList();
  }

  private Replayed orWhyNot(UUID id, String by) {
    try {
      return replay(id, by);
    } catch (NotFoundException | ConflictException e) {
      return new Replayed(id, false, e.getMessage());
    }
  }

  private Optional<Throwable> send(ReplayPort port, DeadLetters.Letter letter) {
    AtomicInteger left = new AtomicInteger();
    Exchange exchange =
        camel.send(
            "direct:" + port.port(),
            sent -> {
              sent.setProperty(ErrorPolicy.REPORTED, true);
              sent.setProperty(ReplayPort.LETTER, letter);
              sent.setProperty(DeadLetters.LEFT, left);
              DeadLetters.ownHeaders(letter.headers()).forEach(sent.getMessage()::setHeader);
              sent.getMessage().setHeader(Exchange.CONTENT_TYPE, letter.mediaType());
              sent.getMessage().setBody(letter.body());
            });
    if (exchange.getException() != null) {
      deadLetters.record(letter, exchange.getException());
      return Optional.of(exchange.getException());
    }
    // The port itself made a dead letter of it again.
    return left.get() > 0
        ? Optional.of(new IllegalStateException("it failed again; see its error"))
        : Optional.empty();
  }
}
