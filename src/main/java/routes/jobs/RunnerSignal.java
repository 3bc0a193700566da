package routes.jobs;

import org.springframework.stereotype.Component;
import routes.platform.WakeUpSignal;

/** Wakes this replica's runner: a run may be due. */
@Component
class RunnerSignal extends WakeUpSignal {}
