package routes.jobs.ledger;

import org.springframework.stereotype.Component;
import routes.kernel.WakeUpSignal;

/** Wakes this replica's runner: a run may be due. */
@Component
public class RunnerSignal extends WakeUpSignal {}
