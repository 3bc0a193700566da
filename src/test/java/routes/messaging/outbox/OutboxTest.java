package routes.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.HubTest;

/** An event is written with the change it tells of, or not at all. */
class OutboxTest extends HubTest {

  @Autowired private Outbox outbox;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private ObjectMapper json;

  @Test
  void anEventIsAnEnvelopeWrittenOnce() throws Exception {
    UUID id = UUID.randomUUID();
    Outbox.Draft draft =
        new Outbox.Draft(id, "backup", "main", "backup.snapshot.published", Map.of("rows", 5));

    for (int i = 0; i < 2; i++) {
      new TransactionTemplate(transactions).executeWithoutResult(status -> outbox.append(draft));
    }

    JsonNode envelope =
        json.readTree(
            jdbc.sql("SELECT envelope::text FROM hub.outbox WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single());
    assertThat(envelope.get("specversion").asText()).isEqualTo("1.0");
    assertThat(envelope.get("id").asText()).isEqualTo(id.toString());
    assertThat(envelope.get("source").asText()).isEqualTo("/hub/ml-security-hub");
    assertThat(envelope.get("type").asText()).isEqualTo("backup.snapshot.published");
    assertThat(envelope.get("data").get("rows").asInt()).isEqualTo(5);
  }

  @Test
  void aChangeThatIsRolledBackTellsNothing() {
    UUID id = UUID.randomUUID();
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> {
              outbox.append(new Outbox.Draft(id, "backup", "main", "backup.failed", Map.of()));
              status.setRollbackOnly();
            });

    assertThat(
            jdbc.sql("SELECT count(*) FROM hub.outbox WHERE id = :id")
                .param("id", id)
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void outsideOfATransactionItIsRefused() {
    Outbox.Draft draft =
        new Outbox.Draft(UUID.randomUUID(), "backup", "main", "backup.failed", Map.of());

    assertThatThrownBy(() -> outbox.append(draft))
        .isInstanceOf(IllegalTransactionStateException.class);
  }

  @Test
  void aNulInAnEventUndoesNothing() {
    UUID id = UUID.randomUUID();
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status ->
                outbox.append(
                    new Outbox.Draft(
                        id,
                        "backup",
                        "main",
                        "t",
                        Map.of("a", "x\0\0y", "b", "\\u0000", "c", "\\\0"))));
    assertThat(
            jdbc.sql(
                    "SELECT concat_ws('|', envelope #>> '{data,a}', envelope #>> '{data,b}',"
                        + " envelope #>> '{data,c}') FROM hub.outbox WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single())
        .isEqualTo("x\ufffd\ufffdy|\\u0000|\\\ufffd");
  }
}
