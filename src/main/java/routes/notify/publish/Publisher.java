package routes.notify.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import routes.kernel.SqlFile;
import routes.kernel.errors.InvalidInputException;
import routes.messaging.outbox.Outbox;
import routes.notify.publish.Publication.Event;
import routes.notify.publish.Publication.Published;

/** Writes published events to the outbox, all or none. */
@Component
class Publisher {

  private final Outbox outbox;
  private final JdbcClient jdbc;
  private final ObjectMapper json;

  Publisher(Outbox outbox, JdbcClient jdbc, ObjectMapper json) {
    this.outbox = outbox;
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * An event whose id was published within the last day is not published again.
   *
   * @return the ids; for a repeat with the same idempotency key, those of the first
   * @throws InvalidInputException an idempotency key that was used for other events
   */
  @Transactional
  public Published publish(Publication publication) {
    List<UUID> ids =
        publication.events().stream()
            .map(event -> event.id() == null ? UUID.randomUUID() : event.id())
            .toList();
    if (publication.idempotencyKey() != null) {
      List<UUID> first = remembered(publication, ids);
      if (first != null) {
        return new Published(publication.channel(), first);
      }
    }
    outbox.appendAll(drafts(publication, ids));
    return new Published(publication.channel(), ids);
  }

  private static List<Outbox.Draft> drafts(Publication publication, List<UUID> ids) {
    List<Outbox.Draft> drafts = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Event event = publication.events().get(i);
      drafts.add(
          new Outbox.Draft(
              ids.get(i),
              publication.channel(),
              event.key() == null ? ids.get(i).toString() : event.key(),
              event.type(),
              event.severity(),
              event.data()));
    }
    return drafts;
  }

  /** Null when the key is new. */
  private List<UUID> remembered(Publication publication, List<UUID> ids) {
    String key = publication.by() + "/" + publication.idempotencyKey();
    String hash = hash(publication);
    int added =
        jdbc.sql(SqlFile.load("notify/publication-add"))
            .param("key", key)
            .param("hash", hash)
            .param("ids", ids.toArray(UUID[]::new))
            .update();
    if (added == 1) {
      return null;
    }
    return jdbc.sql(SqlFile.load("notify/publication"))
        .param("key", key)
        .query(
            (row, number) -> {
              if (!hash.equals(row.getString("request_hash"))) {
                throw new InvalidInputException(
                    "Idempotency-Key", "was used for another request; take a new one");
              }
              return Arrays.asList((UUID[]) row.getArray("ids").getArray());
            })
        .single();
  }

  private String hash(Publication publication) {
    try {
      return DigestUtils.sha256Hex(
          json.writeValueAsBytes(List.of(publication.channel(), publication.events())));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("events cannot be written as JSON", e);
    }
  }
}
