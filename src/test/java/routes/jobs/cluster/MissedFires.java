package routes.jobs.cluster;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * A hub that is killed before the three fires of its three triggers, each with another policy, and
 * is not there again until they have passed.
 */
final class MissedFires implements AutoCloseable {

  private static final Map<String, String> SETTINGS =
      Map.of("hub.jobs.misfire-grace", "1s", "hub.jobs.reconcile-every", "1s");

  private Cluster cluster;
  private Instant first;

  /** Starts anew, with more time, when the hub was not dead before the first fire. */
  MissedFires() {
    Duration lead = Duration.ofSeconds(6);
    do {
      close();
      cluster = new Cluster("missed", "[]", SETTINGS);
      HubProcess hub = cluster.ready(cluster.start());
      first = threeOfOneMinute(cluster.now().plus(lead));
      cluster.write(triggers(first));
      cluster.ask(hub, "load");
      await()
          .atMost(Cluster.PATIENCE)
          .until(() -> cluster.count("hub.trigger_state WHERE trigger_id LIKE 'cluster.%'") == 3);
      hub.kill();
      lead = lead.multipliedBy(2);
    } while (!cluster.now().isBefore(first));
  }

  private static Instant threeOfOneMinute(Instant at) {
    Instant second = at.truncatedTo(ChronoUnit.SECONDS);
    return second.atOffset(ZoneOffset.UTC).getSecond() > 57 ? second.plusSeconds(3) : second;
  }

  private static String triggers(Instant first) {
    OffsetDateTime at = first.atOffset(ZoneOffset.UTC);
    String cron =
        "%d-%d %d %d %d %d ?"
            .formatted(
                at.getSecond(),
                at.getSecond() + 2,
                at.getMinute(),
                at.getHour(),
                at.getDayOfMonth(),
                at.getMonthValue());
    StringBuilder yaml = new StringBuilder();
    for (String policy : new String[] {"all", "last", "none"}) {
      yaml.append(
          """
          - templatedRoute:
              routeTemplateRef: job
              routeId: schedule.%1$s
              parameters:
                - {name: job, value: cluster.mark}
                - {name: name, value: %1$s}
                - {name: cron, value: "%2$s"}
                - {name: misfire, value: %1$s}
                - {name: params, value: '{"name": "%1$s"}'}
          """
              .formatted(policy, cron));
    }
    return yaml.toString();
  }

  /** When the first of the three fires was due; the others follow a second apart. */
  Instant first() {
    return first;
  }

  /** Starts a hub once the three fires have passed; returns when it has decided about them. */
  Cluster startAfterwards() {
    Instant third = first.plusSeconds(2);
    await().atMost(Duration.ofMinutes(5)).until(() -> cluster.now().isAfter(third));
    cluster.ready(cluster.start());
    await("decided")
        .atMost(Cluster.PATIENCE)
        .until(() -> cluster.count("hub.trigger_state WHERE covered_until = '" + third + "'") == 3);
    return cluster;
  }

  @Override
  public void close() {
    if (cluster != null) {
      cluster.close();
    }
  }
}
