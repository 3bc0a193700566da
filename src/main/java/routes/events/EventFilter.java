package routes.events;

import java.util.Set;
import routes.messaging.outbox.HubEvent.Severity;

/**
 * What a client wants to be told.
 *
 * @param channels empty: all
 * @param least severity
 * @param types how types begin; empty: all
 * @param positions whether an event {@code position} says that the id moved on without an event:
 *     scripts of a page see no other
 */
record EventFilter(Set<String> channels, Severity least, String types, boolean positions) {

  boolean wants(EventRecord event) {
    return (channels.isEmpty() || channels.contains(event.at().channel()))
        && event.severity().compareTo(least) >= 0
        && event.type().startsWith(types);
  }
}
