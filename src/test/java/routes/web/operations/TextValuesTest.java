package routes.web.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.web.security.Role;

/** What text is taken for a value, and what is refused that Spring or Jackson would take. */
class TextValuesTest {

  private static Class<?> type(String name) {
    return switch (name) {
      case "uuid" -> UUID.class;
      case "instant" -> Instant.class;
      case "duration" -> Duration.class;
      case "boolean" -> boolean.class;
      case "int" -> int.class;
      case "long" -> Long.class;
      case "key" -> IdempotencyKey.class;
      default -> Role.class;
    };
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          uuid     | 1-1-1-1-1                             | UUID
          uuid     | 7F1B4F1E6A5D4C1C9F602F1F7E0C9A55      | UUID
          uuid     | 7f1b4f1e-6a5d-4c1c-9f60-2f1f7e0c9a5g  | UUID
          instant  | 2026-01-31                            | instant
          instant  | +294277-01-01T00:00:00Z               | years 1 to 9999
          instant  | -0001-01-01T00:00:00Z                 | years 1 to 9999
          instant  | 1700000000                            | instant
          duration | soon                                  | duration
          duration | 99999999999999999999d                 | duration
          duration | P106751991167301D                     | duration
          boolean  | yes                                   | true or false
          boolean  | TRUE                                  | true or false
          boolean  | 1                                     | true or false
          int      | 0x10                                  | whole number
          int      | 2147483648                            | whole number
          int      | +1                                    | whole number
          int      | ' 1'                                  | whole number
          int      | 1.0                                   | whole number
          long     | 9223372036854775808                   | whole number
          key      | ' '                                   | visible ASCII
          role     | ADMIN                                 | service, viewer, operator, admin
          role     | root                                  | service, viewer, operator, admin
          """)
  void isRefused(String type, String text, String says) {
    assertThatThrownBy(() -> TextValues.parser(type(type)).apply(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says)
        .hasMessageStartingWith("must be");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          uuid     | 7f1b4f1e-6a5d-4c1c-9f60-2f1f7e0c9a55 | 7f1b4f1e-6a5d-4c1c-9f60-2f1f7e0c9a55
          instant  | 2026-01-31T02:00:00+01:00            | 2026-01-31T01:00:00Z
          instant  | 0001-01-01T00:00:00Z                 | 0001-01-01T00:00:00Z
          duration | 90d                                  | PT2160H
          duration | PT12H                                | PT12H
          boolean  | true                                 | true
          int      | -5                                   | -5
          long     | 9223372036854775807                  | 9223372036854775807
          role     | operator                             | OPERATOR
          """)
  void isTaken(String type, String text, String value) {
    assertThat(TextValues.parser(type(type)).apply(text)).hasToString(value);
  }
}
