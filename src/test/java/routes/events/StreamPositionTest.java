package routes.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a client is, in all streams at once. */
class StreamPositionTest {

  @ParameterizedTest(name = "{0} in {1} goes on after {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          5-3.b              | b | 5-3
          5-3.b              | a | 5-3
          5-3.b              | c | 5-2
          5-0.b              | c | 4-18446744073709551615
          5                  | a | 4-18446744073709551615
          0                  | a | 0-0
          5-18446744073709551615.b | c | 5-18446744073709551614
          """)
  void oneIdSaysWhereToGoOnInEveryStream(String position, String channel, String offset) {
    assertThat(StreamPosition.parse(position).orElseThrow().offset(channel)).isEqualTo(offset);
  }

  @Test
  void theyAreInTheOrderInWhichEventsAreTold() {
    List<String> order =
        List.of("4-18446744073709551615.z", "5", "5-0.a", "5-0.b", "5-1.a", "5-9.a", "5-10.a", "6");

    assertThat(order.stream().map(text -> StreamPosition.parse(text).orElseThrow())).isSorted();
    assertThat(order)
        .allMatch(text -> StreamPosition.parse(text).orElseThrow().text().equals(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "-1",
        "5-",
        "5-0",
        "5-0.",
        "5-0.A",
        "5-0.a\n",
        "5-18446744073709551616.a",
        "5 ",
        "9999999999999999999-0.a",
        "5-0.a.b"
      })
  void whatIsNoPositionIsNone(String text) {
    assertThat(StreamPosition.parse(text)).isEmpty();
  }
}
