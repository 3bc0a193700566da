package routes.jobs.runner;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.jobs.JobsProperties;
import routes.jobs.Outcome;
import routes.jobs.RunContext;
import routes.jobs.RunStoppedException.Reason;
import routes.jobs.ledger.ClaimedRun;
import routes.jobs.ledger.Ledger;
import routes.jobs.ledger.RunEnds;
import routes.kernel.errors.Failures;
import routes.kernel.errors.PermanentException;
import routes.messaging.deadletters.DeadLetters;
import routes.messaging.deadletters.ErrorPolicy;
import routes.telemetry.Spans;

/**
 * One attempt of one run: opens its root span, calls its port, writes its end. What a failure means
 * is asked of {@link Failures}.
 */
@Component
record RunExecution(
    JobCatalogue jobs,
    Ledger ledger,
    RunEnds ends,
    ProducerTemplate camel,
    Spans spans,
    OpenTelemetry telemetry,
    JobMetrics metrics,
    JobsProperties properties) {

  private static final Logger LOG = LoggerFactory.getLogger(RunExecution.class);
  private static final TextMapSetter<Exchange> HEADERS =
      (exchange, name, value) -> exchange.getMessage().setHeader(name, value);
  private static final Duration LONGEST_BACKOFF = Duration.ofHours(1);

  /** A run being worked on, and the span that all of its work stands under. */
  record Attempt(ActiveRun run, Span root) {}

  /** Begins an attempt: its span starts here, so that its trace id is known from the first line. */
  Attempt open(ClaimedRun run, String node, long claimedAt) {
    Span root =
        spans
            .tracer()
            .spanBuilder("job " + run.job())
            .setParent(Spans.after(run.traceparent()))
            .setSpanKind(SpanKind.INTERNAL)
            .setAttribute("hub.run.id", run.id().toString())
            .setAttribute("hub.run.attempt", run.attempt())
            .setAttribute("hub.trigger.kind", run.triggerKind())
            .startSpan();
    var context = root.getSpanContext();
    return new Attempt(
        new ActiveRun(
            run,
            ledger,
            node,
            context.isValid() ? context.getTraceId() : null,
            properties,
            System::nanoTime,
            claimedAt),
        root);
  }

  /** Works on the run until it has a written end, was handed back, or is no longer ours. */
  void execute(Attempt attempt) {
    ActiveRun run = attempt.run();
    Span root = attempt.root();
    ClaimedRun claim = run.claim();
    long began = System.nanoTime();
    metrics.began(claim.job());
    try (Scope ignored = root.makeCurrent();
        MDC.MDCCloseable job = MDC.putCloseable("job", claim.job());
        MDC.MDCCloseable id = MDC.putCloseable("run", claim.id().toString())) {
      run.log("INFO", begins(claim));
      Object result = null;
      Throwable failure = null;
      try {
        CurrentRun.set(run);
        result = call(run);
      } catch (Exception | Error e) {
        // Camel lets errors through. A run without a written end would be taken for a lost one and
        // be tried on every hub in turn.
        failure = e;
      } finally {
        CurrentRun.clear();
      }
      String state = end(run, result, failure);
      if (!state.equals("succeeded")) {
        root.setStatus(StatusCode.ERROR, state);
      }
      root.setAttribute("hub.run.state", state);
      metrics.ended(claim.job(), state, Duration.ofNanos(System.nanoTime() - began));
    } catch (RuntimeException e) {
      Spans.fail(root, e);
      throw e;
    } finally {
      metrics.left(claim.job());
      root.end();
    }
  }

  private Object call(ActiveRun run) throws Exception {
    ClaimedRun claim = run.claim();
    Job<?> job = jobs.get(claim.job());
    Object input = jobs.request(job, claim.params());
    AtomicInteger letters = new AtomicInteger();
    Exchange answer =
        camel.send(
            "direct:" + job.id(),
            exchange -> {
              exchange.setProperty(RunContext.PROPERTY, run);
              exchange.setProperty(ErrorPolicy.REPORTED, true);
              exchange.setProperty(DeadLetters.LEFT, letters);
              exchange.getMessage().setBody(input);
              // Camel ignores the thread's trace context; it reads this header.
              telemetry
                  .getPropagators()
                  .getTextMapPropagator()
                  .inject(Context.current(), exchange, HEADERS);
            });
    if (answer.getException() != null) {
      throw answer.getException();
    }
    run.checkpoint();
    if (letters.get() > 0) {
      // The others were worked on: another attempt would do all of them again.
      throw new PermanentException(
          letters.get() + " messages failed permanently and wait as dead letters");
    }
    return answer.getMessage().getBody();
  }

  /**
   * Writes how it ended.
   *
   * @return the state for metrics and trace; {@code retried}, {@code released} and {@code lost} are
   *     no ends of the run, only of this attempt
   */
  private String end(ActiveRun run, Object result, Throwable failure) {
    run.ending();
    Reason stopped = run.stopReason();
    if (stopped == Reason.LEASE_LOST) {
      LOG.warn(
          "run {} of {} now belongs to another hub: nothing is written",
          run.id(),
          run.claim().job());
      return "lost";
    }
    if (stopped == Reason.SHUTDOWN) {
      LOG.info("run {} of {} is handed back", run.id(), run.claim().job());
      Ledger.End end =
          new Ledger.End(
              "queued", "handed back: its hub was stopped", null, null, null, run.traceId());
      return ledger.requeue(run.claim(), Duration.ZERO, 0, end) ? "released" : "lost";
    }
    if (stopped == Reason.CANCELLED) {
      return finish(run, "cancelled", run.stopMessage(), null, null, null);
    }
    if (stopped == Reason.TIMED_OUT) {
      return fail(run, run.stopMessage(), true, null);
    }
    if (failure != null) {
      LOG.warn("run {} of {} failed", run.id(), run.claim().job(), failure);
      return fail(run, Failures.describe(failure), Failures.mayHeal(failure), failure);
    }
    if (!(result instanceof Outcome outcome)) {
      return fail(
          run, "the port direct:" + run.claim().job() + " answered no outcome", false, null);
    }
    return finish(run, "succeeded", outcome.headline(), outcome, null, null);
  }

  private String fail(ActiveRun run, String detail, boolean mayHeal, Throwable failure) {
    ClaimedRun claim = run.claim();
    Map<String, Object> error = Map.of("title", "Failed", "detail", detail);
    run.log("ERROR", detail);
    if (mayHeal && claim.retriesLeft() > 0) {
      Duration wait = backoff(claim);
      String headline =
          "attempt " + claim.attempt() + " failed, next in " + wait.toSeconds() + " s";
      Ledger.End end = new Ledger.End("queued", headline, null, error, null, run.traceId());
      return ledger.requeue(claim, wait, 1, end) ? "retried" : "lost";
    }
    return finish(run, "failed", detail, null, error, failure);
  }

  private String finish(
      ActiveRun run,
      String state,
      String headline,
      Outcome summary,
      Object error,
      Throwable failure) {
    run.log("INFO", state + ": " + headline);
    Ledger.End end =
        new Ledger.End(state, headline, summary, error, run.lastProgress(), run.traceId());
    return ends.finish(run.claim(), end, summary, failure) ? state : "lost";
  }

  private static Duration backoff(ClaimedRun claim) {
    int doublings = Math.min(10, Math.max(0, claim.attempt() - claim.lost() - 1));
    Duration wait = claim.backoff().multipliedBy(1L << doublings);
    return wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
  }

  private static String begins(ClaimedRun claim) {
    String why =
        claim.attempt() == 1
            ? "asked for by " + claim.requestedBy()
            : "attempt " + claim.attempt() + (claim.lost() > 0 ? ", taken over" : "");
    return "begins: " + why;
  }
}
