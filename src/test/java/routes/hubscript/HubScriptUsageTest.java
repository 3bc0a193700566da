package routes.hubscript;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong usage of the verbs that are {@code ./hub}'s own. */
class HubScriptUsageTest extends HubScript {

  @ParameterizedTest(name = "./hub {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                     | Usage: ./hub <verb>
          up --onec              | up: unknown option --onec
          up now                 | up: unknown option now
          start --once           | start: unknown option --once
          doctor --hub.id        | doctor: unknown option --hub.id
          chaos                  | chaos: which one?
          chaos no-such          | chaos: which one?
          chaos ../x             | chaos: which one?
          real                   | real: which one?
          real nonsense          | real: which one?
          real up extra          | extra
          real install nonsense  | nonsense
          real status --unknown  | unknown option --unknown
          alert test --severity  | option --severity needs a value
          """)
  void wrongUsageIsTwo(String arguments, String reason) throws Exception {
    Ended ended = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains(reason);
  }
}
