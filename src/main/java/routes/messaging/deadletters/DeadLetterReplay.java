package routes.messaging.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.Failures;
import routes.kernel.errors.NotFoundException;
import routes.web.security.Audit;

/**
 * Gives dead letters to their ports again. One that fails again is the same letter, with one
 * failure more.
 */
@Component
class DeadLetterReplay {

  private final Map<String, ReplayPort> ports = new TreeMap<>();
  private final DeadLetterService desk;
  private final DeadLetters deadLetters;
  private final ProducerTemplate camel;
  private final Audit audit;

  DeadLetterReplay(
      List<ReplayPort> ports,
      DeadLetterService desk,
      DeadLetters deadLetters,
      ProducerTemplate camel,
      Audit audit) {
    ports.forEach(each -> this.ports.put(each.port(), each));
    this.desk = desk;
    this.deadLetters = deadLetters;
    this.camel = camel;
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
    DeadLetterService.Line line = desk.get(id).letter();
    ReplayPort port = ports.get(line.port());
    if (port == null) {
      throw new ConflictException(
          "the port '" + line.port() + "' takes no letters again; these do: " + ports.keySet(),
          Map.of("deadLetter", id));
    }
    DeadLetterService.Claim claim =
        desk.claim(id)
            .orElseThrow(() -> DeadLetterService.conflict(id, desk.get(id).letter().state()));
    Optional<Throwable> failure;
    try {
      failure = send(port, claim.letter());
    } catch (RuntimeException | Error e) {
      desk.release(id, claim);
      throw e;
    }
    if (failure.isEmpty()) {
      desk.replayed(id, claim, by);
    } else {
      desk.release(id, claim);
    }
    audit.record(
        by,
        "dead-letter.replay",
        id.toString(),
        Map.of("port", port.port(), "taken", failure.isEmpty()));
    return new Replayed(id, failure.isEmpty(), failure.map(Failures::describe).orElse(null));
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
