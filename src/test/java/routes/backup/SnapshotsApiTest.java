package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.Api;
import routes.jobs.ledger.Run;

/** What the API tells about snapshots that were really taken. */
class SnapshotsApiTest extends BackupSteps {

  @Test
  void whatLiesBetweenTwoSnapshotsIsTold() {
    String before = backup();
    TestSources.execute(TestSources.SMALL, "CREATE TABLE fresh AS SELECT 1 AS one");
    String after;
    try {
      TestSources.execute(TestSources.SMALL, "UPDATE accounts SET balance = balance + 1");
      after = backup();
    } finally {
      TestSources.execute(
          TestSources.SMALL, "DROP TABLE fresh; UPDATE accounts SET balance = balance - 1");
    }
    Api viewer = as("viewer");

    JsonNode told =
        viewer.get("/api/snapshots/small/" + before + "/diff/" + after).json().path("diff");

    assertThat(told.path("comparable").asBoolean()).isTrue();
    assertThat(change(told, "public.fresh").path("what").asText()).isEqualTo("added");
    assertThat(change(told, "public.fresh").at("/after/rows").asInt()).isEqualTo(1);
    JsonNode accounts = change(told, "public.accounts");
    assertThat(accounts.path("what").asText()).isEqualTo("changed");
    assertThat(accounts.at("/before/rows")).isEqualTo(accounts.at("/after/rows"));
    assertThat(accounts.at("/after/unsharedBytes").asLong()).isPositive();
    assertThat(change(told, "public.entries")).as("it is equal").isNull();

    JsonNode none = viewer.get("/api/snapshots/small/" + after + "/diff/" + after).json();
    assertThat(none.at("/diff/changes")).isEmpty();
    assertThat(viewer.get("/api/snapshots/small/" + after + "/diff/nothing").status())
        .isEqualTo(404);
  }

  @Test
  void theListTellsRatioAndDedup() {
    String once = backup();
    String again = backup();

    assertThat(as("viewer").get("/api/snapshots/small/" + once).json().path("source").asText())
        .isEqualTo("small");
    assertThat(
            as("viewer")
                .get("/api/snapshots/small/" + once + "/diff/" + again)
                .json()
                .at("/diff/changes"))
        .as("nothing was changed")
        .isEmpty();
    JsonNode first = as("viewer").get("/api/snapshots?source=small&limit=1").json().at("/items/0");

    assertThat(first.path("id").asText()).isEqualTo(again);
    assertThat(first.path("ratio").asDouble()).isGreaterThan(1);
    assertThat(first.path("dedup").asDouble()).isBetween(0.5, 1.0);
  }

  private String backup() {
    Run run = succeeded(ended(submit("backup.postgres", Map.of("source", "small")).id()));
    return run.summary().path("snapshot").asText();
  }

  private static JsonNode change(JsonNode diff, String name) {
    for (JsonNode change : diff.path("changes")) {
      if (change.path("name").asText().equals(name)) {
        return change;
      }
    }
    return null;
  }
}
