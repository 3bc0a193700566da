package routes.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A process that stands still, as a laptop does that is closed: what it missed is no heap of runs.
 */
@Tag("slow")
class StandstillTest {

  private static final Duration STANDSTILL = Duration.ofSeconds(20);

  @Test
  void whatItMissedIsDecidedByThePolicyOfEachTrigger() {
    try (Cluster cluster =
        new Cluster("standstill", triggers(), Map.of("hub.jobs.reconcile-every", "1h"))) {
      HubProcess hub = cluster.ready(cluster.start());
      for (String policy : List.of("all", "last", "none")) {
        await().atMost(Cluster.PATIENCE).until(() -> newest(cluster, policy) != null);
      }
      hub.freeze();
      Instant frozen = cluster.now();
      await().atMost(Cluster.PATIENCE).until(() -> cluster.now().isAfter(frozen.plus(STANDSTILL)));
      Instant thawed = cluster.now();
      hub.thaw();
      for (String policy : List.of("all", "last", "none")) {
        await()
            .atMost(Cluster.PATIENCE)
            .until(() -> newest(cluster, policy).isAfter(thawed.plusSeconds(4)));
      }

      // What was due while it stood still, but for the second that it was frozen in.
      Instant from = frozen.plusSeconds(1);
      assertThat(runs(cluster, "all", from, thawed)).hasSizeGreaterThanOrEqualTo(18);
      assertThat(runs(cluster, "last", from, thawed)).hasSizeLessThanOrEqualTo(1);
      assertThat(runs(cluster, "none", from, thawed)).hasSizeLessThanOrEqualTo(1);
      assertThat(runs(cluster, "last", from, thawed.plusSeconds(2))).isNotEmpty();
    }
  }

  private static Instant newest(Cluster cluster, String policy) {
    return cluster
        .jdbc
        .sql("SELECT max(fire_time) FROM hub.job_run WHERE trigger_id = :id")
        .param("id", "cluster.mark/" + policy)
        .query((row, n) -> row.getTimestamp(1))
        .list()
        .stream()
        .filter(java.util.Objects::nonNull)
        .map(Timestamp::toInstant)
        .findFirst()
        .orElse(null);
  }

  private static List<Instant> runs(Cluster cluster, String policy, Instant from, Instant to) {
    return cluster
        .jdbc
        .sql(
            """
            SELECT fire_time FROM hub.job_run
            WHERE trigger_id = :id AND fire_time > :from AND fire_time <= :to""")
        .param("id", "cluster.mark/" + policy)
        .param("from", Timestamp.from(from))
        .param("to", Timestamp.from(to))
        .query(Timestamp.class)
        .list()
        .stream()
        .map(Timestamp::toInstant)
        .toList();
  }

  private static String triggers() {
    StringBuilder yaml = new StringBuilder();
    for (String policy : List.of("all", "last", "none")) {
      yaml.append(
          """
          - templatedRoute:
              routeTemplateRef: job
              routeId: schedule.%1$s
              parameters:
                - {name: job, value: cluster.mark}
                - {name: name, value: %1$s}
                - {name: cron, value: "* * * * * ?"}
                - {name: overlap, value: allow}
                - {name: misfire, value: %1$s}
                - {name: params, value: '{"name": "%1$s"}'}
          """
              .formatted(policy));
    }
    return yaml.toString();
  }
}
