package routes.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A hub is killed before fires that are due, and is there again after them. */
@Tag("slow")
class KilledBeforeFiresTest {

  @Test
  void aStopAcrossThreeFireTimesGivesRunsAsThePolicySays() {
    try (MissedFires missed = new MissedFires()) {
      Cluster later = missed.startAfterwards();

      String runs = "hub.job_run WHERE trigger_id = 'cluster.mark/%s'";
      assertThat(later.count(runs.formatted("all"))).isEqualTo(3);
      assertThat(later.count(runs.formatted("last"))).isEqualTo(1);
      assertThat(later.count(runs.formatted("none"))).isZero();
      await()
          .atMost(Cluster.PATIENCE)
          .until(() -> later.count("hub.job_run WHERE state = 'succeeded' AND attempt = 1") == 4);
      assertThat(later.count("hub.job_run")).isEqualTo(4);
      assertThat(later.count("(SELECT DISTINCT run_id FROM cluster.mark) ran")).isEqualTo(4);
      assertThat(fires(later, "all"))
          .containsExactly(
              missed.first(), missed.first().plusSeconds(1), missed.first().plusSeconds(2));
      assertThat(fires(later, "last")).containsExactly(missed.first().plusSeconds(2));
    }
  }

  private static List<Instant> fires(Cluster cluster, String trigger) {
    return cluster
        .jdbc
        .sql("SELECT fire_time FROM hub.job_run WHERE trigger_id = :id ORDER BY fire_time")
        .param("id", "cluster.mark/" + trigger)
        .query(Timestamp.class)
        .list()
        .stream()
        .map(Timestamp::toInstant)
        .toList();
  }
}
