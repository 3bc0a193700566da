package routes.memory;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPressureTest {

  @ParameterizedTest
  @CsvSource({
    "CALM,  0.79, CALM",
    "CALM,  0.80, TIGHT",
    "CALM,  0.95, FULL",
    "TIGHT, 0.79, TIGHT",
    "TIGHT, 0.751, TIGHT",
    "TIGHT, 0.74, CALM",
    "TIGHT, 0.95, FULL",
    "FULL,  0.94, FULL",
    "FULL,  0.89, TIGHT",
    "FULL,  0.10, CALM",
  })
  void next(MemoryPressure now, double share, MemoryPressure then) {
    assertThat(now.next(share, 0.8, 0.95)).isEqualTo(then);
  }

  /** What lies within the slack of a bound changes nothing, however often it is looked at. */
  @Property
  void noShareMovesALevelTwice(
      @ForAll MemoryPressure now, @ForAll @DoubleRange(min = 0, max = 1.2) double share) {
    MemoryPressure once = now.next(share, 0.8, 0.95);
    assertThat(once.next(share, 0.8, 0.95)).isEqualTo(once);
  }
}
