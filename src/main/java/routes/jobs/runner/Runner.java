package routes.jobs.runner;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.jobs.EndedRun;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.jobs.JobsProperties;
import routes.jobs.RunStoppedException.Reason;
import routes.jobs.ledger.ClaimedRun;
import routes.jobs.ledger.Ledger;
import routes.jobs.ledger.RunEnds;
import routes.jobs.ledger.RunnerSignal;
import routes.jobs.triggers.Triggers;
import routes.kernel.WorkLoop;

/**
 * One per replica: claims due runs into free slots, keeps their leases, and hands back what it
 * cannot finish. {@link RunExecution} does the work of one run.
 */
@Component
class Runner implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  /** How often this hub asks which of its runs were cancelled: each stops within two seconds. */
  private static final Duration CANCEL_EVERY = Duration.ofMillis(500);

  private final JobCatalogue jobs;
  private final Ledger ledger;
  private final RunEnds ends;
  private final Triggers triggers;
  private final RunExecution execution;
  private final RunnerSignal signal;
  private final JobMetrics metrics;
  private final JobsProperties properties;

  private final String node = nodeName();
  private final Semaphore slots;
  private final Map<UUID, ActiveRun> active = new ConcurrentHashMap<>();
  private final AtomicBoolean running = new AtomicBoolean();
  private ExecutorService workers;
  private List<WorkLoop> clockwork;
  private WorkLoop claimer;

  Runner(
      JobCatalogue jobs,
      Ledger ledger,
      RunEnds ends,
      Triggers triggers,
      RunExecution execution,
      RunnerSignal signal,
      JobMetrics metrics,
      JobsProperties properties) {
    this.jobs = jobs;
    this.ledger = ledger;
    this.ends = ends;
    this.triggers = triggers;
    this.execution = execution;
    this.signal = signal;
    this.metrics = metrics;
    this.properties = properties;
    this.slots = new Semaphore(properties.slots());
  }

  /** Not with the other beans: a run claimed before Camel is up would fail for nothing. */
  @Override
  public boolean isAutoStartup() {
    return false;
  }

  /** The highest: it stops first, while Camel and the pool are still there. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean isRunning() {
    return running.get();
  }

  @Override
  @EventListener(ApplicationReadyEvent.class)
  public void start() {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    workers =
        Executors.newCachedThreadPool(
            task -> new Thread(task, "run-" + UUID.randomUUID().toString().substring(0, 4)));
    clockwork =
        List.of(
            WorkLoop.every(
                properties.renewEvery(), "jobs-renew", "renewing leases of runs", this::renewAll),
            WorkLoop.every(
                CANCEL_EVERY, "jobs-cancel", "looking for cancelled runs", this::cancelAsked),
            WorkLoop.every(
                properties.reconcileEvery(),
                "jobs-reconcile",
                "reconciling triggers",
                () -> triggers.reconcile(ledger.now())));
    claimer =
        WorkLoop.start(
            "jobs-claim", "claiming runs", this::claim, () -> signal.await(properties.pollEvery()));
    LOG.info("runner {} has {} slots", node, properties.slots());
  }

  /** Waits for a slot, and fills it when there is a run to do. */
  private boolean claim() throws InterruptedException {
    slots.acquire();
    boolean handedOver = false;
    try {
      long before = System.nanoTime();
      Optional<ClaimedRun> claimed = ledger.claim(node, jobs.all().stream().map(Job::id).toList());
      if (claimed.isPresent()) {
        begin(claimed.get(), before);
        handedOver = true;
      }
    } finally {
      if (!handedOver) {
        slots.release();
      }
    }
    return handedOver;
  }

  private void begin(ClaimedRun run, long claimedAt) {
    RunExecution.Attempt attempt = execution.open(run, node, claimedAt);
    ActiveRun mine = attempt.run();
    active.put(run.id(), mine);
    workers.execute(
        () -> {
          try {
            execution.execute(attempt);
          } catch (RuntimeException e) {
            // Its end could not be written: the lease lapses and another attempt follows.
            LOG.warn("run {} of {} has no written end", run.id(), run.job(), e);
          } finally {
            active.remove(run.id(), mine);
            slots.release();
            signal.wake();
          }
        });
  }

  private void renewAll() {
    for (ActiveRun mine : active.values()) {
      try {
        mine.renew();
      } catch (RuntimeException e) {
        LOG.warn("cannot renew the lease of run {}: {}", mine.id(), e.getMessage());
        mine.renewalFailed();
      }
    }
    for (EndedRun ended : ends.reap()) {
      LOG.info("run {} of {} ended as {}", ended.id(), ended.job(), ended.state());
      metrics.ended(ended.job(), ended.state(), Duration.ZERO);
    }
  }

  private void cancelAsked() {
    if (active.isEmpty()) {
      return;
    }
    ledger
        .cancelled(node)
        .forEach(
            (id, by) -> {
              ActiveRun mine = active.get(id);
              if (mine != null) {
                mine.cancel(by);
              }
            });
  }

  /** Lets runs finish for a while, then stops them and hands them back. */
  @Override
  public void stop() {
    if (!running.compareAndSet(true, false)) {
      return;
    }
    claimer.stop();
    // A claim under way may still bring a run: it must find a worker, to be handed back.
    claimer.finish(Duration.ofSeconds(5));
    try {
      workers.shutdown();
      if (!workers.awaitTermination(properties.shutdownGrace().toMillis(), TimeUnit.MILLISECONDS)) {
        active.values().forEach(run -> run.stop(Reason.SHUTDOWN, "this hub is being stopped"));
        if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
          LOG.warn("{} runs did not stop; their leases lapse", active.size());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clockwork.forEach(WorkLoop::stop);
  }

  private static String nodeName() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "hub";
    }
    // The random part: a restarted process must not be taken for its predecessor.
    return host
        + "-"
        + ProcessHandle.current().pid()
        + "-"
        + UUID.randomUUID().toString().substring(0, 4);
  }
}
