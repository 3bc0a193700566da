package routes.jobs.ledger;

import java.util.Collection;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.jobs.EndedRun;
import routes.jobs.Outcome;
import routes.jobs.RunEndListener;

/** Writes ends of runs; the ledger's row and what listeners write are one. */
@Component
public class RunEnds {

  private final Ledger ledger;
  private final List<RunEndListener> listeners;
  private final TransactionTemplate transaction;

  public RunEnds(
      Ledger ledger, List<RunEndListener> listeners, PlatformTransactionManager transactions) {
    this.ledger = ledger;
    this.listeners = listeners;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * @param outcome null unless it succeeded
   * @param failure null unless it failed
   * @return false when the run is no longer this claim's: nothing was written
   */
  public boolean finish(ClaimedRun run, Ledger.End end, Outcome outcome, Throwable failure) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              boolean ours = ledger.finish(run, end);
              if (ours) {
                tell(
                    new EndedRun(
                        run.id(),
                        run.job(),
                        run.triggerId(),
                        run.params(),
                        run.dryRun(),
                        run.attempt(),
                        end.state(),
                        outcome,
                        failure));
              }
              return ours;
            }));
  }

  /** Ends runs that nobody else will. */
  public Collection<EndedRun> reap() {
    return transaction.execute(
        status -> {
          Collection<EndedRun> ended = ledger.reap();
          ended.stream().filter(run -> run.attempt() > 0).forEach(this::tell);
          return ended;
        });
  }

  private void tell(EndedRun run) {
    listeners.forEach(listener -> listener.ended(run));
  }
}
