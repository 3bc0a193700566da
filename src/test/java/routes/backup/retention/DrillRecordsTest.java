package routes.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrillRecordsTest {

  @ParameterizedTest(name = "{1}: {0}")
  @CsvSource({
    "'', UNPROVEN",
    "equal, VERIFIED",
    "unequal, DAMAGED",
    "damaged, DAMAGED",
    "equal damaged, DAMAGED",
    "equal damaged read, UNPROVEN",
    "equal chunk read, UNPROVEN",
    "equal damaged chunk read, UNPROVEN",
    "equal damaged read damaged, DAMAGED",
    "equal damaged read equal, VERIFIED",
    "unequal read, DAMAGED",
    "unequal damaged read, DAMAGED",
    "unequal equal damaged read, UNPROVEN",
    "equal read, VERIFIED"
  })
  void theNewestCountsAndWhatWasUnequalStaysSoUntilItIsEqual(String history, Proof proof) {
    List<JsonNode> records = new ArrayList<>();
    for (String word : history.isEmpty() ? new String[0] : history.split(" ")) {
      records.add(record(word, Instant.EPOCH.plusSeconds(records.size())));
    }

    assertThat(new DrillRecords(records).proof()).isEqualTo(proof);
    Collections.reverse(records);
    assertThat(new DrillRecords(records).proof()).as("in any order").isEqualTo(proof);
  }

  private static JsonNode record(String what, Instant at) {
    ObjectNode record = new ObjectMapper().createObjectNode().put("at", at.toString());
    return switch (what) {
      case "equal" -> record.put("verified", true).put("rows", 5);
      case "unequal" -> record.put("verified", false).put("rows", 5);
      case "chunk" -> record.put("verified", false).put("rows", 5).put("chunk", "77aa");
      case "damaged" -> record.put("verified", false);
      default -> record.put("verified", false).put("intact", true);
    };
  }
}
