package routes.notify.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.messaging.outbox.HubEvent.Severity;
import routes.notify.rules.Rule.Condition;

/** Which events a rule is about, as tables and properties. */
class RuleTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENT =
      """
      {"subject": "m-1", "data": {"kind": "jailbreak", "score": 0.90, "deep": {"n": 5, "yes": true},
       "list": [1], "none": null, "huge": 1e999999999}}""";

  private static Rule rule(
      List<String> channels, List<String> types, String severity, Condition... match) {
    return new Rule(channels, types, severity, List.of(match), List.of("t"), null, null);
  }

  private static JsonNode event() throws Exception {
    return JSON.readTree(EVENT);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          data.kind    | is    | jailbreak | true
          data.kind    | is    | Jailbreak | false
          data.kind    | above | 1         | false
          data.score   | is    | 0.9       | true
          data.score   | is    | .90       | true
          data.score   | above | 0.89      | true
          data.score   | above | 0.9       | false
          data.score   | below | 0.91      | true
          data.score   | below | 0.9       | false
          data.deep.n  | is    | 5         | true
          data.deep.yes| is    | true      | true
          data.deep    | is    | 5         | false
          data.list    | is    | 1         | false
          data.none    | is    | null      | false
          data.gone.x  | is    | 1         | false
          data.huge    | above | 1         | false
          data.huge    | below | 1         | false
          subject      | is    | m-1       | true
          data.kind    | in    | jailbreak | true
          data.kind    | in    | other     | false
          """)
  void aConditionHoldsOrNot(String field, String how, String value, boolean holds)
      throws Exception {
    Condition condition =
        new Condition(
            field,
            how.equals("is") ? value : null,
            how.equals("in") ? List.of("x", value) : List.of(),
            how.equals("above") ? new BigDecimal(value) : null,
            how.equals("below") ? new BigDecimal(value) : null);
    condition.check("k");

    assertThat(condition.holds(event())).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -      | -         | -        | info     | true
          c      | -         | -        | info     | true
          d      | -         | -        | info     | false
          c*     | a.*       | -        | info     | true
          c      | a         | -        | info     | false
          c      | *         | warning  | info     | false
          c      | *         | warning  | warning  | true
          c      | *         | warning  | critical | true
          c      | a.[b]     | -        | info     | false
          """)
  void aRuleIsAboutSomeEvents(
      String channel, String type, String least, String severity, boolean matches)
      throws Exception {
    assertThat(
            rule(
                    channel == null ? List.of() : List.of(channel),
                    type == null ? List.of() : List.of(type),
                    least)
                .matches("c", "a.b", Severity.of(severity), event()))
        .isEqualTo(matches);
  }

  @Property(tries = 500)
  void aPatternMeansWhatItsRegularExpressionWould(
      @ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'b') String text,
      @ForAll @StringLength(max = 8) @CharRange(from = '*', to = '+') String stars,
      @ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'b') String letters) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < Math.max(stars.length(), letters.length()); i++) {
      pattern.append(i < letters.length() ? letters.charAt(i) : "");
      pattern.append(i < stars.length() && stars.charAt(i) == '*' ? "*" : "");
    }
    String regex =
        Pattern.compile("\\*")
            .splitAsStream(pattern + "|")
            .map(Pattern::quote)
            .reduce((a, b) -> a + ".*" + b)
            .orElse("");

    assertThat(Rule.isLike(pattern + "|", text + "|")).isEqualTo((text + "|").matches(regex));
  }

  @Property(tries = 200)
  void noEventMakesARuleFail(@ForAll String field, @ForAll String value) {
    Condition condition = new Condition("data." + field, value, List.of(), null, null);
    Condition above = new Condition("data.a", null, List.of(), BigDecimal.ONE, null);
    JsonNode event = JSON.valueToTree(Map.of("data", Map.of("a", value, field, value)));

    condition.holds(event);
    above.holds(event);
    assertThat(
            new Rule(
                    List.of(),
                    List.of(),
                    null,
                    List.of(),
                    List.of("t"),
                    new Rule.Group(List.of("data.a"), Duration.ofSeconds(1)),
                    null)
                .groupOf("r", event))
        .startsWith("r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          C  | a | info | t | hub.notify.rules.r.channels
          c  | ( | info | t | hub.notify.rules.r.types
          c  | a | bad  | t | hub.notify.rules.r.severity
          c  | a | info | u | hub.notify.rules.r.to
          """)
  void aWrongKeyIsNamed(String channel, String type, String severity, String to, String key) {
    Rule wrong =
        new Rule(List.of(channel), List.of(type), severity, List.of(), List.of(to), null, null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> wrong.check("hub.notify.rules.r", "r", Set.of("t")))
        .withMessageStartingWith(key);
  }
}
