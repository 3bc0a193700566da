package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import routes.Api;

/** Holds over the API, on a snapshot of a real backup. */
class HoldsApiTest extends BackupSteps {

  @Test
  void aHoldIsPlacedShownAuditedAndReleased() {
    succeeded(run("backup.postgres", "small"));
    String id = repositories.open().resolve("small", "latest").id().value();
    Api operator = as("operator");
    String hold = "/api/snapshots/small/" + id + "/holds/audit-2026";
    String body =
        "{\"reason\": \"asked for by the auditors\", \"until\": \"2126-01-01T00:00:00Z\"}";

    Api.Answer placed = operator.post(hold, body);

    assertThat(placed.status()).as(placed.toString()).isEqualTo(200);
    assertThat(placed.text("/holds/audit-2026/reason")).isEqualTo("asked for by the auditors");
    assertThat(operator.post(hold, body).status()).as("again").isEqualTo(200);
    assertThat(operator.post(hold, "{\"reason\": \"mine\"}").status()).isEqualTo(409);
    assertThat(operator.get("/api/snapshots?source=small").text("/items/0/holds/audit-2026/until"))
        .isEqualTo("2126-01-01T00:00:00Z");
    assertThat(repositories.open().remove("small", new routes.repository.format.SnapshotId(id)))
        .isFalse();

    assertThat(operator.delete(hold).status()).isEqualTo(200);
    assertThat(operator.delete(hold).status()).isEqualTo(404);
    assertThat(operator.get("/api/snapshots?source=small").json().at("/items/0/holds")).isEmpty();
    assertThat(admin().get("/api/audit?limit=50").json().findValuesAsText("action"))
        .contains("snapshot.hold", "snapshot.release");
  }

  @Test
  void aHoldNeedsNoReason() {
    succeeded(run("backup.postgres", "small"));
    Api operator = as("operator");
    String hold = "/api/snapshots/small/latest/holds/plain";

    Api.Answer placed = operator.post(hold, null);

    assertThat(placed.text("/holds/plain/reason")).as(placed.toString()).isEmpty();
    assertThat(placed.json().at("/holds/plain").has("until")).isFalse();
    assertThat(operator.post(hold, "{\"reason\": \"" + "r".repeat(500) + "\"}").status())
        .as("it has another reason")
        .isEqualTo(409);
    assertThat(operator.delete(hold).json().path("holds")).isEmpty();
  }

  @Test
  void whatIsWrongIsNamed() {
    succeeded(run("backup.postgres", "small"));
    Api operator = as("operator");
    String holds = "/api/snapshots/small/latest/holds/";

    assertThat(operator.post(holds + "%20x", "{}").text("/field")).isEqualTo("name");
    assertThat(operator.post(holds + "x", "{\"until\": \"soon\"}").text("/field"))
        .isEqualTo("until");
    assertThat(operator.post(holds + "x", "{\"until\": \"2020-01-01T00:00:00Z\"}").text("/field"))
        .isEqualTo("until");
    assertThat(
            operator.post(holds + "x", "{\"until\": \"+294277-01-01T00:00:00Z\"}").text("/field"))
        .isEqualTo("until");
    for (String reason : List.of("r".repeat(501), "\\u0000")) {
      assertThat(operator.post(holds + "x", "{\"reason\": \"" + reason + "\"}").text("/field"))
          .isEqualTo("reason");
    }
    assertThat(operator.post(holds + "x", "{\"by\": \"me\"}").text("/field")).isEqualTo("by");
    assertThat(operator.post("/api/snapshots/no-such/latest/holds/x", "{}").status())
        .isEqualTo(404);
    assertThat(operator.post("/api/snapshots/UPPER/latest/holds/x", "{}").status()).isEqualTo(404);
  }
}
