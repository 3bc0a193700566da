package routes.kernel.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.CharConversionException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a        | {"a": 1e309}                     | 1.8e308
          a        | {"a": -1e309}                    | 1.8e308
          a        | {"a": 1e131071}                  | 1.8e308
          a.b[1].c | {"a": {"b": [1, {"c": 1E400}]}}  | 1.8e308
          [2]      | [1, 2, 1e400]                    | 1.8e308
          body     | 1e400                            | 1.8e308
          a        | {"a": 1e-400}                    | 4.9e-324
          a        | {"a": -1.5e-131071}              | 4.9e-324
          a        | {"a": 0e-131071}                 | 4.9e-324
          a        | {"a": 1e99999999999}             | exponent
          a        | {"a": 1e-99999999999}            | exponent
          a        | {"a": "\\ud800"}                 | surrogate
          a        | {"a": "x\\udc00\\ud800y"}        | surrogate
          a[0]     | {"a": ["\\ud83d"]}               | surrogate
          """)
  void whatNoStoreHoldsIsRefusedByName(String field, String json, String why) {
    UnstorableJsonException unfit =
        catchThrowableOfType(
            UnstorableJsonException.class, () -> StrictJson.mapper().readValue(json, Object.class));

    assertThat(unfit.asInvalidInput().field()).isEqualTo(field);
    assertThat(unfit.getOriginalMessage()).contains(why);
    assertThat(catchThrowableOfType(UnstorableJsonException.class, () -> asTree(json)).field())
        .as("read as a tree, and as bytes")
        .isEqualTo(unfit.field());
  }

  /** In bytes Jackson refuses it by itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a": [{"x\\ud800": 1}]} | in a[0]
          {"\\udfff": 1}           | name with half
          """)
  void soIsHalfACharacterInAName(String json, String why) {
    UnstorableJsonException unfit =
        catchThrowableOfType(
            UnstorableJsonException.class, () -> StrictJson.mapper().readValue(json, Object.class));

    assertThat(unfit.asInvalidInput().field()).isEqualTo("body");
    assertThat(unfit.getOriginalMessage()).contains("surrogate", why);
  }

  private static JsonNode asTree(String json) throws Exception {
    return StrictJson.mapper().readTree(json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.7976931348623157e308",
        "-1e308",
        "4.9e-324",
        "1.25e1",
        "0e5",
        "-0.0",
        "0.000000000000000000001",
        "\"\\ud83d\\ude00\"",
        "\"\\u0000\"",
        "{\"\\ud83d\\ude00\": [true, null, {}]}"
      })
  void whatADoubleAndUtf8HoldIsTaken(String json) throws Exception {
    assertThat(StrictJson.mapper().readTree(json)).isNotNull();
    assertThat(StrictJson.unfit(StrictJson.unchecked().readTree(json))).isEmpty();
  }

  @Test
  void aTextWhoseNumbersAreMuchLongerThanItselfIsRefused() {
    String many = "[1e308" + ",1e308".repeat(60_000) + "]";

    assertThatThrownBy(() -> StrictJson.mapper().readTree(many))
        .isInstanceOf(UnstorableJsonException.class)
        .hasMessageContaining("without exponents");
  }

  @Test
  void oneRowIsLookedAtAsAText() throws Exception {
    JsonNode rows = StrictJson.unchecked().readTree("[{\"a\": 1}, {\"a\": [\"\\ud800\"]}]");

    assertThat(StrictJson.unfit(rows.get(0))).isEmpty();
    assertThat(StrictJson.unfit(rows.get(1)).orElseThrow().field()).isEqualTo("a[0]");
  }

  @Test
  void storedBytesAreThoseOfNumbersWithoutExponents() throws Exception {
    assertThat(StrictJson.storedBytes(StrictJson.mapper().readTree("[1e308,-1e-10]")))
        .isEqualTo("[".length() + 309 + ",-0.0000000001]".length());
    assertThat(StrictJson.storedBytes(Map.of("é", "€"))).isEqualTo("{\"é\":\"€\"}".length() + 3);
  }

  @Test
  void nulIsFoundInNamesAndTexts() throws Exception {
    assertThat(StrictJson.holdsNul(asTree("{\"a\": [{\"b\": \"x\\u0000\"}]}"))).isTrue();
    assertThat(StrictJson.holdsNul(asTree("{\"a\\u0000\": 1}"))).isTrue();
    assertThat(StrictJson.holdsNul(asTree("{\"a\": \"\\\\u0000\"}"))).isFalse();
  }

  @Test
  void textIsUtf8AndNothingElse() throws Exception {
    assertThat(StrictJson.text(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '1'}))
        .isEqualTo("1");
    byte[][] others = {
      "{}".getBytes(StandardCharsets.UTF_16),
      {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, // half of a pair
      {'"', (byte) 0xc1, (byte) 0x81, '"'}, // A, longer than need be
      {'"', (byte) 0xe4, '"'}, // ä of ISO 8859-1
    };
    for (byte[] other : others) {
      assertThatThrownBy(() -> StrictJson.text(other)).isInstanceOf(CharConversionException.class);
    }
  }
}
