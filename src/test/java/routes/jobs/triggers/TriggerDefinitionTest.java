package routes.jobs.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggerDefinitionTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          the end counts, the beginning does not | 0 0 2 * * ?   | UTC           | 2026-03-01T02:00:00Z | 2026-03-03T02:00:00Z | 2026-03-02T02:00:00Z 2026-03-03T02:00:00Z
          nothing between two fires              | 0 0 2 * * ?   | UTC           | 2026-03-01T02:00:00Z | 2026-03-02T01:59:59Z | ''
          an empty span                          | 0 0 2 * * ?   | UTC           | 2026-03-01T02:00:00Z | 2026-03-01T02:00:00Z | ''
          the zone's clock is followed           | 0 0 2 * * ?   | Europe/Berlin | 2026-01-01T00:00:00Z | 2026-01-01T12:00:00Z | 2026-01-01T01:00:00Z
          also in summer                         | 0 0 2 * * ?   | Europe/Berlin | 2026-06-30T12:00:00Z | 2026-07-01T12:00:00Z | 2026-07-01T00:00:00Z
          several in an hour                     | 0 0/20 * * * ? | UTC          | 2026-03-01T00:00:00Z | 2026-03-01T01:00:00Z | 2026-03-01T00:20:00Z 2026-03-01T00:40:00Z 2026-03-01T01:00:00Z
          far apart, found by widening looks     | 0 0 0 1 1 ?   | UTC           | 2020-06-01T00:00:00Z | 2023-06-01T00:00:00Z | 2021-01-01T00:00:00Z 2022-01-01T00:00:00Z 2023-01-01T00:00:00Z
          """)
  void fireTimes(String what, String cron, String zone, Instant from, Instant to, String times) {
    assertThat(trigger(cron, zone).fireTimes(from, to))
        .extracting(Instant::toString)
        .containsExactly(times.isEmpty() ? new String[0] : times.split(" "));
  }

  @Test
  void theNewestThousandAreLookedBackOn() {
    Instant to = Instant.parse("2026-03-01T00:00:00Z");

    List<Instant> times =
        trigger("* * * * * ?", "UTC").fireTimes(to.minus(Duration.ofDays(30)), to);

    assertThat(times).hasSize(TriggerDefinition.MOST_MISSED).isSorted().endsWith(to);
    assertThat(times.get(0)).isEqualTo(to.minusSeconds(TriggerDefinition.MOST_MISSED - 1));
  }

  @ParameterizedTest(name = "{0}: {2} runs for {1} fires, the newest late: {3}")
  @CsvSource({
    "ALL, 3, 3, true", "LAST, 3, 1, true", "NONE, 3, 0, true",
    "ALL, 3, 3, false", "LAST, 3, 1, false", "NONE, 3, 1, false",
    "ALL, 0, 0, true", "LAST, 0, 0, true", "NONE, 0, 0, true"
  })
  void misfirePolicy(TriggerDefinition.Misfire misfire, int fires, int made, boolean late) {
    Instant day = Instant.parse("2026-03-01T00:00:00Z");
    List<Instant> times =
        java.util.stream.IntStream.range(0, fires).mapToObj(day::plusSeconds).toList();

    assertThat(trigger(misfire).madeUpFor(times, time -> late))
        .isEqualTo(times.subList(fires - made, fires));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30s   | PT30S
          15m   | PT15M
          26h   | PT26H
          PT2H  | PT2H
          0s    | PT0S
          """)
  void durations(String text, Duration duration) {
    assertThat(TriggerDefinition.duration("j/t", "timeout", text)).isEqualTo(duration);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"-5s", "soon", "5 parsecs"})
  void badDurationsNameTriggerAndKey(String text) {
    assertThatThrownBy(() -> TriggerDefinition.duration("j/t", "timeout", text))
        .hasMessageStartingWith("trigger j/t: timeout is '" + text + "' but must be ");
  }

  private static TriggerDefinition trigger(String cron, String zone) {
    return make(cron, zone, TriggerDefinition.Misfire.ALL);
  }

  private static TriggerDefinition trigger(TriggerDefinition.Misfire misfire) {
    return make("0 0 2 * * ?", "UTC", misfire);
  }

  private static TriggerDefinition make(
      String cron, String zone, TriggerDefinition.Misfire misfire) {
    return new TriggerDefinition(
        "test.job/t",
        "test.job",
        cron,
        ZoneId.of(zone),
        Map.of(),
        TriggerDefinition.Overlap.FORBID,
        misfire,
        Duration.ofMinutes(1),
        0,
        Duration.ZERO,
        null,
        "");
  }
}
