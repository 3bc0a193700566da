package routes.notify.publish;

import java.util.List;
import java.util.UUID;
import routes.messaging.outbox.HubEvent.Severity;

/**
 * Events to be published.
 *
 * @param channel where
 * @param events 1 to 1,000, all taken or none
 * @param by who publishes them
 * @param idempotencyKey a repeat with the same key is answered as the first was; null: none
 */
record Publication(String channel, List<Event> events, String by, String idempotencyKey) {

  /**
   * One event.
   *
   * @param id null: a new one
   * @param key events of one key keep their order, and are about it; null: its id
   */
  record Event(UUID id, String key, String type, Severity severity, Object data) {}

  /** What was published: the ids, in the order of the events. */
  record Published(String channel, List<UUID> ids) {}
}
