package routes.platform.outbox;

import org.springframework.stereotype.Component;
import routes.platform.WakeUpSignal;

/** Wakes this replica's relay: an event was committed. */
@Component
class RelaySignal extends WakeUpSignal {}
