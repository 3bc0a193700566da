package routes.notify.transport;

import java.util.UUID;
import routes.notify.rules.Target;

/**
 * What is sent to one target, once or several times: the same bytes each time.
 *
 * @param id of the delivery: receivers drop ids they know
 * @param target name
 * @param kind of the target
 * @param body the event's envelope, or one message for several, as JSON
 * @param count how many events it tells of
 */
public record Message(UUID id, String target, Target.Kind kind, String body, int count) {}
