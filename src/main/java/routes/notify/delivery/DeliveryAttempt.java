package routes.notify.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import routes.kernel.errors.Failures;
import routes.kernel.errors.PermanentException;
import routes.notify.delivery.Deliveries.Claim;
import routes.notify.delivery.Deliveries.End;
import routes.notify.rules.NotifyProperties;
import routes.notify.transport.Answer;
import routes.notify.transport.UndeliveredException;

/** One attempt of one delivery, and what follows from it. */
@Component
class DeliveryAttempt {

  private static final String ATTEMPTS = "Attempts to bring messages to targets, by how they ended";

  static final String ENDED = "Events whose way to a target has ended, by how";

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryAttempt.class);

  private final NotifyProperties properties;
  private final Deliveries deliveries;
  private final NotificationSender courier;
  private final MeterRegistry registry;

  DeliveryAttempt(
      NotifyProperties properties,
      Deliveries deliveries,
      NotificationSender courier,
      MeterRegistry registry) {
    this.properties = properties;
    this.deliveries = deliveries;
    this.courier = courier;
    this.registry = registry;
    // There from the start: what asks how much they grew sees the first one.
    for (String target : properties.targets().keySet()) {
      for (String outcome : List.of("delivered", "failed")) {
        count("hub.delivery.attempts", ATTEMPTS, target, outcome, 0);
      }
      for (String outcome : List.of("delivered", "dead")) {
        count("hub.deliveries", ENDED, target, outcome, 0);
      }
    }
  }

  /** Sends it and writes what became of it; when that cannot be written, the lease runs out. */
  void attempt(Claim claim) {
    long began = System.nanoTime();
    String outcome;
    try {
      if (claim.trouble() != null) {
        throw new PermanentException(claim.trouble());
      }
      Answer answer = courier.bring(claim.message());
      outcome =
          deliveries.delivered(claim, new End(answer.status(), answer.text(), null, since(began)))
              ? "delivered"
              : "lost";
    } catch (Exception | Error e) {
      // Camel lets errors through: a message over which it runs out of stack or memory has failed.
      outcome = failed(claim, e, since(began));
    }
    String target = claim.message().target();
    count("hub.delivery.attempts", ATTEMPTS, target, outcome, 1);
    if (outcome.equals("delivered") || outcome.equals("dead")) {
      count("hub.deliveries", ENDED, target, outcome, 1);
      String others = outcome.equals("dead") ? "dead" : "merged";
      count("hub.deliveries", ENDED, target, others, claim.message().count() - 1);
    }
  }

  private String failed(Claim claim, Throwable failure, long tookMs) {
    UndeliveredException known = Failures.find(failure, UndeliveredException.class);
    Answer answer = known == null ? null : known.answer();
    String error = Answer.clean(Failures.describe(known == null ? failure : known));
    End end =
        new End(
            answer == null ? null : answer.status(),
            answer == null ? null : answer.text(),
            error,
            tookMs);
    boolean forGood =
        known != null ? known.forGood() : Failures.find(failure, PermanentException.class) != null;
    NotifyProperties.Retry retry = properties.retry();
    if (forGood || claim.attempt() >= retry.attempts()) {
      LOG.warn(
          "delivery {} to {} failed permanently at attempt {}: {}",
          claim.message().id(),
          claim.message().target(),
          claim.attempt(),
          error);
      return deliveries.dead(claim, end, failure) ? "dead" : "lost";
    }
    Duration wait =
        Backoff.wait(
            retry,
            claim.attempt(),
            known == null ? null : known.retryAfter(),
            ThreadLocalRandom.current().nextDouble());
    return deliveries.putOff(claim, wait, end) ? "failed" : "lost";
  }

  private void count(String name, String what, String target, String outcome, int how) {
    Counter.builder(name)
        .description(what)
        .tags("target", target, "outcome", outcome)
        .register(registry)
        .increment(how);
  }

  private static long since(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }
}
