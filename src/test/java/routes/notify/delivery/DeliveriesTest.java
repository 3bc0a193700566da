package routes.notify.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.HubTest;
import routes.NotifyTargets;
import routes.messaging.outbox.Outbox;
import routes.notify.delivery.Deliveries.Claim;
import routes.notify.delivery.Deliveries.End;

/** Claims, order, leases, groups and rates, at a target that the tests' own pump leaves alone. */
class DeliveriesTest extends HubTest {

  private static final String TARGET = "still";
  private static final End DONE = new End(200, null, null, 1);

  @Autowired private DueDeliveries claims;
  @Autowired private Deliveries deliveries;
  @Autowired private DeliveryAttempt delivering;
  @Autowired private DeliveryUpkeep care;
  @Autowired private DeliveryQueries desk;
  @Autowired private Outbox outbox;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private ObjectMapper json;

  @BeforeEach
  void afresh() {
    jdbc.sql("DELETE FROM hub.delivery WHERE target = :target").param("target", TARGET).update();
    NotifyTargets.answer("/still", 200);
  }

  private void event(String channel, String key, Object data) {
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status ->
                outbox.append(
                    new Outbox.Draft(UUID.randomUUID(), "t-" + channel, key, "a.b", data)));
  }

  private List<Claim> claim(int most) {
    return claims.claim(TARGET, "test", most);
  }

  private JsonNode body(Claim claim) throws Exception {
    return json.readTree(claim.message().body());
  }

  private void expireLeases() {
    jdbc.sql("UPDATE hub.delivery SET lease_until = now() - interval '1 s' WHERE state = 'sending'")
        .update();
  }

  private Map<String, Long> states() {
    Map<String, Long> states = new java.util.TreeMap<>();
    jdbc.sql("SELECT state, count(*) AS n FROM hub.delivery WHERE target = 'still' GROUP BY state")
        .query((row, number) -> states.put(row.getString("state"), row.getLong("n")))
        .list();
    return states;
  }

  @Test
  void anEventThatIsRolledBackLeavesNoDelivery() {
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> {
              outbox.append(new Outbox.Draft(UUID.randomUUID(), "t-still", "k", "a.b", Map.of()));
              status.setRollbackOnly();
            });

    assertThat(states()).isEmpty();
  }

  @Test
  void laterOnesOfAKeyWaitAndOthersDoNot() throws Exception {
    event("still", "k1", 1);
    event("still", "k1", 2);
    event("still", "k2", 3);

    List<Claim> first = claim(10);
    assertThat(first).hasSize(2);
    assertThat(body(first.get(0)).path("data").asInt()).isEqualTo(1);
    assertThat(body(first.get(1)).path("data").asInt()).isEqualTo(3);
    assertThat(claim(10)).isEmpty();

    assertThat(deliveries.putOff(first.get(0), java.time.Duration.ofHours(1), DONE)).isTrue();
    assertThat(claim(10)).as("put off is not ended").isEmpty();
    jdbc.sql("UPDATE hub.delivery SET not_before = now() WHERE state = 'waiting'").update();
    Claim again = claim(10).get(0);
    assertThat(again.message().id()).isEqualTo(first.get(0).message().id());
    assertThat(again.attempt()).isEqualTo(2);
    deliveries.dead(again, DONE, new IllegalStateException("no"));
    assertThat(body(claim(10).get(0)).path("data").asInt())
        .as("a poison one holds its key up until it is dead, no longer")
        .isEqualTo(2);
  }

  @Test
  void aHubThatDiedBetweenSendingAndWritingItSendsAgainUnderTheSameId() {
    event("still", "k", Map.of());
    Claim lost = claim(1).get(0);
    expireLeases();
    Claim taken = claim(1).get(0);

    assertThat(taken.message()).isEqualTo(lost.message());
    assertThat(taken.fence()).isGreaterThan(lost.fence());
    assertThat(deliveries.delivered(lost, DONE)).as("the fence has moved on").isFalse();
    assertThat(deliveries.putOff(lost, java.time.Duration.ZERO, DONE)).isFalse();
    assertThat(deliveries.dead(lost, DONE, new IllegalStateException())).isFalse();
    assertThat(deliveries.delivered(taken, DONE)).isTrue();
    assertThat(states()).containsOnly(Map.entry("delivered", 1L));
  }

  @Test
  void twoHubsKeepTheOrderOfEachKeyAndLoseNone() throws Exception {
    for (int i = 0; i < 60; i++) {
      event("still", "k" + i % 4, i);
    }
    List<Integer> sent = Collections.synchronizedList(new ArrayList<>());
    Callable<Void> hub =
        () -> {
          while (states().keySet().stream().anyMatch(each -> !each.equals("delivered"))) {
            for (Claim claim : claim(3)) {
              sent.add(body(claim).path("data").asInt());
              deliveries.delivered(claim, DONE);
            }
          }
          return null;
        };
    ExecutorService hubs = Executors.newFixedThreadPool(2);
    try {
      for (Future<Void> each : hubs.invokeAll(List.of(hub, hub))) {
        each.get();
      }
    } finally {
      hubs.shutdownNow();
    }

    assertThat(sent).hasSize(60).doesNotHaveDuplicates();
    for (int key = 0; key < 4; key++) {
      int of = key;
      assertThat(sent.stream().filter(each -> each % 4 == of).toList()).isSorted();
    }
  }

  @Test
  void aGroupIsOneMessageThatSaysHowManyAndStaysTheSame() throws Exception {
    for (int i = 0; i < 5; i++) {
      event("grouped", "k" + i, Map.of("model", "m1", "n", i));
    }
    event("grouped", "other", Map.of("model", "m2"));
    Awaitility.await().atMost(PATIENCE).until(() -> due() == 6);

    List<Claim> claims = claim(10);
    assertThat(claims).hasSize(2);
    JsonNode digest = body(claims.get(0));
    assertThat(digest.path("type").asText()).isEqualTo("notify.digest");
    assertThat(digest.at("/data/count").asInt()).isEqualTo(5);
    assertThat(digest.at("/data/events")).as("show: 2").hasSize(2);
    assertThat(digest.at("/data/events/1/data/n").asInt()).isEqualTo(1);
    assertThat(digest.at("/data/more").asInt()).isEqualTo(3);
    assertThat(claims.get(1).message().count()).isEqualTo(1);

    event("grouped", "late", Map.of("model", "m1", "n", 9));
    expireLeases();
    Claim again = claim(10).get(0);
    assertThat(again.message())
        .as("what comes later is in another message")
        .isEqualTo(claims.get(0).message());
    assertThat(deliveries.putOff(again, java.time.Duration.ofHours(1), DONE)).isTrue();
    desk.retry(again.message().id(), "test");
    Claim asked = claim(10).get(0);
    assertThat(asked.message()).as("also when somebody asks for it").isEqualTo(again.message());
    assertThat(asked.attempt()).isEqualTo(3);
    deliveries.delivered(asked, DONE);
    assertThat(states()).containsEntry("merged", 4L).containsEntry("delivered", 1L);
  }

  private int due() {
    return jdbc.sql(
            "SELECT count(*) FROM hub.delivery WHERE target = 'still' AND not_before <= clock_timestamp()")
        .query(Integer.class)
        .single();
  }

  @Test
  void aGroupThatFailsForGoodIsADeadLetterForEachEvent() {
    for (int i = 0; i < 3; i++) {
      event("grouped", "k", Map.of("model", "dead"));
    }
    Awaitility.await().atMost(PATIENCE).until(() -> due() == 3);
    Claim claim = claim(10).get(0);
    long before = letters();

    assertThat(deliveries.dead(claim, DONE, new IllegalStateException("no"))).isTrue();

    assertThat(letters() - before).isEqualTo(3);
    assertThat(states()).containsOnly(Map.entry("dead", 3L));
  }

  private long letters() {
    return jdbc.sql("SELECT count(*) FROM hub.dead_letter WHERE port = 'notify.deliver'")
        .query(Long.class)
        .single();
  }

  @Test
  void whatIsOverTheRateWaits() {
    for (int i = 0; i < 5; i++) {
      event("rated", "k" + i, i);
    }

    assertThat(claim(10)).hasSize(2);
    expireLeases();
    assertThat(claim(10)).as("another attempt is no other message").hasSize(2);
    jdbc.sql("UPDATE hub.delivery SET first_tried_at = first_tried_at - interval '2 d'").update();
    assertThat(claim(10)).as("the span has gone by").hasSize(2);
    assertThat(states()).containsEntry("waiting", 1L);
  }

  @Test
  void whatIsOverTheRateIsMergedWhereARuleSaysSo() throws Exception {
    for (int i = 0; i < 39; i++) {
      event("merging", "k" + i, i);
    }

    List<Claim> claims = claim(50);

    assertThat(claims).hasSize(2);
    assertThat(body(claims.get(0)).path("data").asInt()).isZero();
    assertThat(body(claims.get(1)).at("/data/count").asInt()).isEqualTo(38);
    claims.forEach(each -> deliveries.delivered(each, DONE));
    assertThat(states()).containsOnly(Map.entry("delivered", 2L), Map.entry("merged", 37L));
  }

  @Test
  void oneThatIsTooLargeOrTornDoesNotStopItsKey() {
    event("still", "k", Map.of("text", "x".repeat(2_000_000)));
    event("still", "k", "next");
    NotifyTargets.on(
        "/still",
        (exchange, received) ->
            exchange.sendResponseHeaders(received.body().length() > 1_000_000 ? 413 : 200, -1));

    delivering.attempt(claim(1).get(0));
    delivering.attempt(claim(1).get(0));

    assertThat(states()).containsOnly(Map.entry("dead", 1L), Map.entry("delivered", 1L));
  }

  @Test
  void whatEndedLongAgoGoesAndWhatNobodySendsIsDropped() {
    event("still", "k", 1);
    deliveries.delivered(claim(1).get(0), DONE);
    event("still", "k", 2);
    jdbc.sql(
            "UPDATE hub.delivery SET ended_at = ended_at - interval '8 d',"
                + " created_at = created_at - interval '8 d' WHERE target = 'still'")
        .update();
    UUID orphan = UUID.randomUUID();
    jdbc.sql(
            """
            INSERT INTO hub.delivery (id, target, rule, channel, type, event_id, lane, envelope, created_at)
            VALUES (:id, 'gone', 'r', 'c', 't', :id, 'l', '{}', now() - interval '8 d')""")
        .param("id", orphan)
        .update();

    care.keepBounded();

    assertThat(states()).as("what waits stays").containsOnly(Map.entry("waiting", 1L));
    assertThat(
            jdbc.sql("SELECT state FROM hub.delivery WHERE id = :id")
                .param("id", orphan)
                .query(String.class)
                .single())
        .isEqualTo("dropped");
  }

  private void spoil(int n, String envelope) {
    jdbc.sql(
            "UPDATE hub.delivery SET envelope = "
                + envelope
                + " WHERE target = 'still' AND CAST(envelope AS json) #>> '{data,n}' = :n")
        .param("n", String.valueOf(n))
        .update();
  }

  @Test
  void anEventThatCannotBeMergedGoesByItselfAndTheOthersStillDo() {
    for (int i = 0; i < 4; i++) {
      event("grouped", "k" + i, Map.of("model", "m1", "n", i));
    }
    Awaitility.await().atMost(PATIENCE).until(() -> due() == 4);
    spoil(1, "'no json'");

    for (int i = 0; i < 4; i++) {
      claim(10).forEach(each -> deliveries.delivered(each, DONE));
    }

    assertThat(states()).containsOnly(Map.entry("delivered", 3L), Map.entry("merged", 1L));
  }

  @Test
  void anEnvelopeThatIsTooLargeIsADeadLetterAndIsNeverRead() {
    event("still", "k", Map.of("n", 0));
    event("still", "k", Map.of("n", 1));
    spoil(0, "'{\"data\": \"' || repeat('x', 5000000) || '\"}'");
    long before = letters();

    Claim large = claim(1).get(0);
    delivering.attempt(large);
    delivering.attempt(claim(1).get(0));

    assertThat(large.message().body()).isNull();
    assertThat(states()).containsOnly(Map.entry("dead", 1L), Map.entry("delivered", 1L));
    assertThat(letters() - before).isEqualTo(1);
    assertThat(
            jdbc.sql("SELECT octet_length(body) FROM hub.dead_letter WHERE message_id = :id")
                .param("id", large.message().id().toString())
                .query(Long.class)
                .single())
        .isLessThan(1_000_000);
  }

  @Test
  void aMessageHoldsAsManyEventsAsItMayHaveBytes() throws Exception {
    for (int i = 0; i < 3; i++) {
      event("grouped", "k" + i, Map.of("model", "m1", "n", i));
    }
    Awaitility.await().atMost(PATIENCE).until(() -> due() == 3);
    spoil(1, "'{\"data\": \"' || repeat('x', 5000000) || '\"}'");

    JsonNode digest = body(claim(10).get(0));

    assertThat(digest.at("/data/count").asInt()).isEqualTo(3);
    assertThat(digest.at("/data/events")).hasSize(1);
    assertThat(digest.at("/data/more").asInt()).isEqualTo(2);
  }
}
