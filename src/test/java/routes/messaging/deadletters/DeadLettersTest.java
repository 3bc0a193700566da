package routes.messaging.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.HubTest;

/** What failed for good is kept whole, once, and counted. */
class DeadLettersTest extends HubTest {

  private static final byte[] BODY = {0, (byte) 0xff, 'x'};

  @Autowired private DeadLetters deadLetters;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private MeterRegistry meters;

  @Test
  void theSameMessageIsOneRowThatCountsItsFailures() {
    String port = "test.port-" + UUID.randomUUID();
    DeadLetters.Letter letter =
        new DeadLetters.Letter(
            "m-1", port, BODY, "application/octet-stream", Map.of("a", "1", "cAMELHttpUri", "x"));

    UUID first = deadLetters.record(letter, new IllegalStateException("first"));
    jdbc.sql("UPDATE hub.dead_letter SET replayed_at = now() WHERE id = :id")
        .param("id", first)
        .update();
    UUID second = deadLetters.record(letter, new IllegalStateException("second"));

    assertThat(second).isEqualTo(first);
    Map<String, Object> row =
        jdbc.sql(
                "SELECT body, failures, headers::text AS headers, error ->> 'detail' AS detail,"
                    + " replayed_at FROM hub.dead_letter WHERE id = :id")
            .param("id", first)
            .query()
            .singleRow();
    assertThat((byte[]) row.get("body")).isEqualTo(BODY);
    assertThat(row.get("failures")).isEqualTo(2);
    assertThat(row.get("headers")).isEqualTo("{\"a\": \"1\"}");
    assertThat(row.get("detail")).isEqualTo("second");
    assertThat(row.get("replayed_at")).isNull();
    assertThat(meters.get("hub.dead.letters").tag("port", port).counter().count()).isEqualTo(2);
  }

  @Test
  void anotherBodyOfTheSameIdIsALetterOfItsOwn() {
    String port = "test.port-" + UUID.randomUUID();
    UUID first = fail(port, "1");
    UUID second = fail(port, "2");
    jdbc.sql(
            "UPDATE hub.dead_letter SET original_body = body, body = 'mended', edited_at = now()"
                + " WHERE id = :id")
        .param("id", first)
        .update();
    UUID third = fail(port, "3");

    assertThat(List.of(fail(port, "1"), fail(port, "mended"))).containsOnly(first);
    assertThat(fail(port, "2")).isEqualTo(second);
    assertThat(fail(port, "3")).isEqualTo(third);
    assertThat(
            jdbc.sql(
                    "SELECT convert_from(body, 'UTF8') || ' ' || failures FROM hub.dead_letter"
                        + " WHERE port = :port")
                .param("port", port)
                .query(String.class)
                .list())
        .containsExactlyInAnyOrder("mended 3", "2 2", "3 2");
  }

  private UUID fail(String port, String body) {
    return deadLetters.record(
        new DeadLetters.Letter(
            "m".repeat(500), port, body.getBytes(StandardCharsets.UTF_8), "text/plain", Map.of()),
        new IllegalStateException("no"));
  }

  @Test
  void nothingThatAMessageHoldsKeepsItFromBeingKept() {
    String port = "test.port-" + UUID.randomUUID();
    String id = "long\0".repeat(2_000);
    DeadLetters.Letter letter = new DeadLetters.Letter(id, port, BODY, null, Map.of("a\0", "b\0"));

    UUID first = deadLetters.record(letter, new IllegalStateException("bad\0"));

    assertThat(deadLetters.record(letter, new IllegalStateException("again"))).isEqualTo(first);
    deadLetters.taken(port, id, "test");
    assertThat(
            jdbc.sql(
                    "SELECT media_type FROM hub.dead_letter WHERE id = :id AND replayed_at < now()")
                .param("id", first)
                .query(String.class)
                .single())
        .isEqualTo("application/octet-stream");
  }

  @Test
  void itSurvivesTheRollbackOfTheWorkThatFailed() {
    UUID[] id = new UUID[1];
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> {
              id[0] =
                  deadLetters.record(
                      new DeadLetters.Letter(
                          UUID.randomUUID().toString(), "test.port", BODY, "text/plain", Map.of()),
                      new IllegalStateException("no"));
              status.setRollbackOnly();
            });

    assertThat(
            jdbc.sql("SELECT count(*) FROM hub.dead_letter WHERE id = :id")
                .param("id", id[0])
                .query(Long.class)
                .single())
        .isOne();
  }
}
