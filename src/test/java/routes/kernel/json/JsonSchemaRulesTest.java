package routes.kernel.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a schema says of a value, and what a schema may not say. */
class JsonSchemaRulesTest {

  private static JsonNode json(String text) throws Exception {
    return StrictJson.mapper().readTree(text);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a": 1, "b": ["x"]}    | ''
          {"b": []}               | / breaks required 'a'
          {"a": "secret"}         | /a breaks type "integer"
          {"a": 1, "b": ["x", 5]} | /b/1 breaks type "string"
          {"a": 1, "c": "secret"} | / breaks additionalProperties 'c' false
          """)
  void theFirstBrokenRuleIsToldWithItsPlace(String value, String broken) throws Exception {
    JsonSchemaRules rules =
        JsonSchemaRules.of(
            json(
                """
                {"type": "object", "required": ["a"], "additionalProperties": false, "properties":
                  {"a": {"type": "integer"}, "b": {"items": {"$ref": "#/$defs/t"}}},
                 "$defs": {"t": {"type": "string"}}}"""));

    assertThat(rules.broken(json(value)).orElse("")).isEqualTo(broken).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "classpath:schemas/redteam-message.json",
        "other.json",
        "//host/x"
      })
  void aSchemaRefersToNothingOutsideOfItself(String place) throws Exception {
    JsonNode schema =
        json("{\"items\": [{\"properties\": {\"a\": {\"$ref\": \"" + place + "\"}}}]}");

    assertThatThrownBy(() -> JsonSchemaRules.of(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("$ref");
  }

  @Test
  void aSchemaThatCannotBeUsedStopsTheHubAndNamesItsKey(@TempDir Path folder) throws Exception {
    Path none = Files.writeString(folder.resolve("x.json"), "[]");
    for (String place :
        new String[] {none.toString(), folder + "/missing", "classpath:none.json"}) {
      assertThatThrownBy(() -> JsonSchemaRules.load(place, "hub.ingest.a.schema"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("hub.ingest.a.schema: " + place);
    }
  }
}
