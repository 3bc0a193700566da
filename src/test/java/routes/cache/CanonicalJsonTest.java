package routes.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.CompactJson;

/** RFC 8785, held against its own examples and against another program that implements it. */
class CanonicalJsonTest {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static CanonicalJson read(String json) {
    try {
      return JSON.readValue(json, CanonicalJson.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String normal(String json) {
    return read(json).text();
  }

  private static String hash(String json) {
    return PredictionKey.of(new ModelVersion("m", "1"), read(json), "input").hash();
  }

  private static String hash(Object value) {
    return hash(written(value));
  }

  private static String written(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is stored for a value is what a tree of it would be written as. */
  @Property(tries = 300)
  void aValueIsStoredWithoutItsBlanks(@ForAll("json") Object value) throws IOException {
    String pretty = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);

    assertThat(JSON.readValue(pretty, CompactJson.class).text()).isEqualTo(written(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          -0             | 0
          -0.0           | 0.0
          0.250          | 0.250
          1e2            | 1E+2
          12345678901234567890123.0 | 12345678901234567890123.0
          "\\u00e9\\/\\u0001" | "é/\\u0001"
          {"b": 1, "a": null}     | {"b":1,"a":null}
          """)
  void aValueIsStoredAsATreeOfItWouldBe(String json, String stored) throws IOException {
    assertThat(JSON.readValue(json, CompactJson.class).text()).isEqualTo(stored);
    assertThat(written(JSON.readValue(json, Object.class))).isEqualTo(stored);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          1.0                       | 1
          1e0                       | 1
          -0                        | 0
          -0.0                      | 0
          0.1                       | 0.1
          0.10000000000000000555    | 0.1
          333333333.33333329        | 333333333.3333333
          1E30                      | 1e+30
          4.50                      | 4.5
          2e-3                      | 0.002
          0.000000000000000000000000001 | 1e-27
          1e21                      | 1e+21
          1e20                      | 100000000000000000000
          1.5e20                    | 150000000000000000000
          9007199254740991.0        | 9007199254740991
          9007199254740991e0        | 9007199254740991
          90071992547409910e-1      | 9007199254740991
          1.7976931348623157e308    | 1.7976931348623157e+308
          5e-324                    | 5e-324
          9007199254740991          | 9007199254740991
          -9007199254740991         | -9007199254740991
          "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/" | "€$\\u000f\\nA'B\\"\\\\\\\\\\"/"
          {"b":[],"a":{}}           | {"a":{},"b":[]}
          {"\\ud83d\\ude00":1,"\\ufb33":2} | {"\ud83d\ude00":1,"\ufb33":2}
          [ true , false , null ]   | [true,false,null]
          """)
  void hasOneText(String json, String text) {
    assertThat(normal(json)).isEqualTo(text);
  }

  @Test
  void isTheRfcsOwnExample() {
    assertThat(
            normal(
                """
                {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                 "literals": [null, true, false]}"""))
        .isEqualTo(
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  /** Known to the Python example and to the documented format. */
  @Test
  void hasTheHashThatTheDocumentationShows() {
    assertThat(hash("{\"amount\": 12.50, \"country\": \"DE\"}"))
        .isEqualTo("f6e7a934dc1d07ba06e0b861e8fab59e327500096a404018142bc7ada629f5c0");
  }

  @Test
  void onlyControlCharactersAreEscaped() {
    assertThat(normal("\"\\u007f\\u0080\\u2028\"")).isEqualTo("\"\u007f\u0080\u2028\"");
  }

  @Test
  void anAccentInTwoCodePointsIsAnotherText() {
    assertThat(normal("\"\\u00e9\"")).isNotEqualTo(normal("\"e\\u0301\""));
  }

  @ParameterizedTest
  @CsvSource({
    "9007199254740992",
    "-9007199254740992",
    "9223372036854775807",
    "-9223372036854775808",
    "100000000000000000000",
    "9007199254740993.0",
    "9007199254740992.0",
    "-9007199254740993.00",
    "9007199254740993.5",
    "9007199254740991.5",
    "9007199254740993e0",
    "9.007199254740993e15",
    "90071992547409930e-1",
    "9007199254740993e1",
    "123456789012345678901234567890.0",
    "1000000000000000000000000000001e1",
    "1.0e400",
    "1e400",
    "-1e400",
    "1e-400"
  })
  void whatADoubleWouldMergeWithItsNeighbourIsRefused(String number) {
    assertThatThrownBy(() -> read("{\"a\":[0," + number + "]}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("a[1]: ")
        .hasMessageContaining("as a string");
  }

  @Property(tries = 500)
  void isWhatTheOtherProgramWrites(@ForAll("json") Object value) throws IOException {
    // It takes objects and arrays only.
    String json = JSON.writeValueAsString(List.of(Collections.singletonMap("v", value)));

    assertThat(normal(json)).isEqualTo(new JsonCanonicalizer(json).getEncodedString());
  }

  @Property(tries = 300)
  void orderAndSpaceMakeNoDifference(@ForAll("json") Object value, @ForAll long seed)
      throws IOException {
    Object shuffled = shuffled(value, new Random(seed));
    String pretty = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(shuffled);

    assertThat(hash(pretty)).isEqualTo(hash(value));
  }

  @Property(tries = 300)
  void keysAreEqualOnlyForEqualValues(@ForAll("json") Object one, @ForAll("json") Object other) {
    assertThat(hash(one).equals(hash(other))).isEqualTo(same(one).equals(same(other)));
  }

  /** Equal when they are the same to JCS: numbers as doubles, objects without order. */
  private static Object same(Object value) {
    if (value instanceof Map<?, ?> members) {
      Map<Object, Object> same = new LinkedHashMap<>();
      members.forEach((name, member) -> same.put(name, same(member)));
      return same;
    }
    if (value instanceof List<?> items) {
      return items.stream().map(item -> Collections.singletonList(same(item))).toList();
    }
    return value instanceof Number number ? number.doubleValue() + 0.0 : value;
  }

  private static Object shuffled(Object value, Random random) {
    if (value instanceof Map<?, ?> members) {
      List<Map.Entry<?, ?>> entries = new ArrayList<>(members.entrySet());
      Collections.shuffle(entries, random);
      Map<Object, Object> shuffled = new LinkedHashMap<>();
      entries.forEach(each -> shuffled.put(each.getKey(), shuffled(each.getValue(), random)));
      return shuffled;
    }
    if (value instanceof List<?> items) {
      return items.stream()
          .map(item -> Collections.singletonList(shuffled(item, random)).get(0))
          .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }
    return value;
  }

  /** With a fraction or an exponent, or it would be written as a whole number. */
  private static Object decimal(double number) {
    BigDecimal decimal = new BigDecimal(Double.toString(number));
    return decimal.scale() == 0 ? decimal.setScale(1) : decimal;
  }

  @Provide
  Arbitrary<Object> json() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withChars(' ', '"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'a', 'é', '€', '\ufb33')
            .withCharRange('0', 'z')
            .ofMaxLength(8);
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            text.map(each -> (Object) each),
            Arbitraries.longs().between(-9007199254740991L, 9007199254740991L).map(n -> (Object) n),
            Arbitraries.doubles()
                .filter(n -> n == 0 || Math.abs(n) > 1e-300)
                // What is written with all its digits is refused from here on.
                .filter(n -> Math.abs(n) < 1e15 || Math.abs(n) > 1e18)
                .map(CanonicalJsonTest::decimal),
            Arbitraries.of(true, false));
    return within(leaf, text, 3);
  }

  private static Arbitrary<Object> within(
      Arbitrary<Object> leaf, Arbitrary<String> text, int depth) {
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<Object> inner = within(leaf, text, depth - 1);
    return Arbitraries.oneOf(
        leaf,
        inner.list().ofMaxSize(3).map(each -> (Object) each),
        Arbitraries.maps(text, inner).ofMaxSize(3).map(each -> (Object) each));
  }
}
