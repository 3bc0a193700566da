package routes.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A hub that stands still at the worst moment: it runs two runs, and is in the middle of a
 * transaction that writes a fire. One of the runs has ended elsewhere when the hub goes on, the
 * other has not.
 */
final class FrozenHub {

  private final Cluster cluster;
  private final HubProcess hub;
  private final Cluster.Row takenOver;
  private final Cluster.Row stillRunning;
  private final Instant since;

  /**
   * @param schedule fired for {@code at}, without a commit
   */
  FrozenHub(Cluster cluster, HubProcess hub, String schedule, Instant at) {
    this.cluster = cluster;
    this.hub = hub;
    cluster.release("taken-over");
    takenOver = held("taken-over");
    stillRunning = held("still-running");
    cluster.tell(hub, "half-fire " + schedule + " " + at);
    cluster.answer(hub, -1);
    since = cluster.now();
    hub.freeze();
  }

  /** The hub that is asked is also the first to be woken; when another was faster, once more. */
  private Cluster.Row held(String name) {
    while (true) {
      Cluster.Row run = cluster.hold(hub, name);
      if (hub.is(run.leaseOwner())) {
        return run;
      }
      cluster.ask(hub, "cancel " + run.id());
      cluster.in("cancelled", run.id());
    }
  }

  /** The run that may end elsewhere, as it was before. */
  Cluster.Row takenOver() {
    return takenOver;
  }

  /** By the database's clock. */
  Instant since() {
    return since;
  }

  /** Lets the hub go on, and compares the ledger before with the ledger after. */
  void thawAfter(Duration pause) {
    await()
        .atMost(pause.plus(Cluster.PATIENCE))
        .until(() -> cluster.now().isAfter(since.plus(pause)));
    Cluster.Row run = cluster.in("running", stillRunning.id());
    assertThat(run.fence()).isGreaterThan(stillRunning.fence());
    List<String> endedRow = cluster.row(takenOver.id());
    List<String> endedLog = cluster.log(takenOver.id());
    List<String> runningLog = cluster.log(run.id());
    hub.thaw();

    for (Cluster.Row lost : List.of(takenOver, stillRunning)) {
      await("the thawed hub sees its loss")
          .atMost(Cluster.PATIENCE)
          .until(() -> hub.hasLogged(lost.id() + " of cluster.hold now belongs to another hub"));
    }
    UUID next = UUID.fromString(cluster.ask(hub, "submit cluster.mark thawed"));
    cluster.in("succeeded", next);

    assertThat(cluster.row(takenOver.id())).as("of the run that had ended").isEqualTo(endedRow);
    assertThat(cluster.log(takenOver.id())).isEqualTo(endedLog);
    // The other's row is renewed by its new owner all the time, but its log is quiet.
    assertThat(cluster.run(run.id())).isEqualTo(run);
    assertThat(cluster.log(run.id())).isEqualTo(runningLog);
    cluster.release("still-running");
    assertThat(cluster.in("succeeded", run.id()).headline())
        .isEqualTo("held by attempt " + run.attempt());
  }
}
