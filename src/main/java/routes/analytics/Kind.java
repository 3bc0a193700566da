package routes.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.JsonSchemaRules;

/** What red teams deliver, each with its table, its schema and its natural key. */
enum Kind {
  RESULTS("results", "campaign", "result_id"),
  ATTACK_PATTERNS("attack-patterns", "pattern_id"),
  VULNERABILITIES("vulnerabilities", "vulnerability_id", "model_name", "model_version");

  private final String text;
  private final List<String> key;
  private final CsvHeader header;

  Kind(String text, String... key) {
    this.text = text;
    this.key = List.of(key);
    this.header = CsvHeader.of(JsonSchemaRules.schema(schema()));
  }

  /** As paths, messages and drops name it. */
  String text() {
    return text;
  }

  /** What a CSV file of it begins with. */
  CsvHeader header() {
    return header;
  }

  String schema() {
    return "classpath:schemas/redteam-" + text + ".json";
  }

  /** The natural key of a row, as one text. */
  String keyOf(JsonNode row) {
    return key.stream().map(name -> row.path(name).asText()).collect(Collectors.joining("/"));
  }

  /** Whether somebody should be woken for it: an attack that got through, a weakness still open. */
  boolean isCritical(JsonNode row) {
    return row.path("severity").asText().equals("critical")
        && switch (this) {
          case RESULTS -> row.path("outcome").asText().equals("succeeded");
          case VULNERABILITIES -> row.path("status").asText().equals("open");
          case ATTACK_PATTERNS -> false;
        };
  }

  /**
   * @throws InvalidInputException when there is none of that name
   */
  static Kind of(String text) {
    return Arrays.stream(values())
        .filter(kind -> kind.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "kind", "must be results, attack-patterns or vulnerabilities"));
  }
}
