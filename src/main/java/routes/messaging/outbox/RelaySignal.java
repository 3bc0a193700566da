package routes.messaging.outbox;

import org.springframework.stereotype.Component;
import routes.kernel.WakeUpSignal;

/** Wakes this replica's relay: an event was committed. */
@Component
class RelaySignal extends WakeUpSignal {}
