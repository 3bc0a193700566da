package routes.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisClockTest {

  /** A deadline that is too late lets a command write what its caller was told is not written. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          the first look takes the least      |   0 | 100 | 140 | 100
          a look pulled apart keeps the known | 110 |  90 | 180 | 110
          a better look corrects upwards      | 100 | 105 | 120 | 105
          a clock that was put back           | 110 |  50 |  60 |  50
          """)
  void redisClockIsNeverTakenForLaterThanItMayBe(
      String why, long known, long least, long most, long ahead) {
    assertThat(RedisGate.ahead(known, least, most)).isEqualTo(ahead);
  }
}
