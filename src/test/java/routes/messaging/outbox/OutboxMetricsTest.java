package routes.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.messaging.deadletters.DeadLetters;
import routes.telemetry.RefreshedMetrics;

/** Events that wait for the relay, and messages that wait for a person. */
class OutboxMetricsTest extends HubTest {

  @Autowired private DeadLetters deadLetters;
  @Autowired private List<RefreshedMetrics> all;
  @Autowired private MeterRegistry meters;

  @AfterEach
  void giveTheLanesBack() {
    jdbc.sql("UPDATE hub.relay_lane SET owner = NULL, lease_until = NULL WHERE owner = 'test'")
        .update();
  }

  @Test
  void anEventThatIsNotRelayedAgesUntilItIs() {
    // The hub's own relay would take it at once.
    jdbc.sql(
            "UPDATE hub.relay_lane SET owner = 'test', lease_until = now() + interval '5 min',"
                + " fence = fence + 1")
        .update();
    UUID id = UUID.randomUUID();
    jdbc.sql(
            """
            INSERT INTO hub.outbox (id, channel, key, type, envelope, created_at)
            VALUES (:id, 'test', 'k', 'test.waits', '{}', now() - interval '300 days')""")
        .param("id", id)
        .update();
    refresh();
    double waiting = meters.get("hub.outbox.waiting").gauge().value();
    assertThat(waiting).isPositive();

    jdbc.sql(
            "UPDATE hub.outbox SET relayed_at = now() WHERE seq < (SELECT seq FROM hub.outbox WHERE id = :id)")
        .param("id", id)
        .update();
    refresh();
    assertThat(meters.get("hub.outbox.lag").gauge().value()).isGreaterThan(299 * 86_400.0);

    jdbc.sql("UPDATE hub.outbox SET relayed_at = now() WHERE relayed_at IS NULL").update();
    refresh();
    assertThat(meters.get("hub.outbox.lag").gauge().value()).isLessThan(60);
    assertThat(meters.get("hub.outbox.waiting").gauge().value()).isLessThan(waiting);
  }

  @Test
  void aDeadLetterWaitsUntilItIsReplayed() {
    String port = "test.port-" + UUID.randomUUID();
    UUID id =
        deadLetters.record(
            new DeadLetters.Letter("m", port, new byte[] {1}, "text/plain", Map.of()),
            new IllegalStateException("no"));
    refresh();
    assertThat(meters.get("hub.dead.letters.waiting").tag("port", port).gauge().value())
        .isEqualTo(1);

    jdbc.sql("UPDATE hub.dead_letter SET replayed_at = now() WHERE id = :id")
        .param("id", id)
        .update();
    refresh();
    assertThat(meters.find("hub.dead.letters.waiting").tag("port", port).gauge()).isNull();
  }

  private void refresh() {
    all.forEach(RefreshedMetrics::refresh);
  }
}
