package routes.kernel.errors;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureLogTest {

  private static List<ILoggingEvent> written(Throwable failure) {
    Logger log = (Logger) LoggerFactory.getLogger("failure-log-test");
    ListAppender<ILoggingEvent> seen = new ListAppender<>();
    seen.start();
    log.addAppender(seen);
    try {
      FailureLog.write(log, Failures.toProblem(failure), failure);
      return List.copyOf(seen.list);
    } finally {
      log.detachAppender(seen);
    }
  }

  @Test
  void anExpectedRefusalIsOneLine() {
    for (Throwable refusal :
        List.of(
            new HttpException(503, "Unavailable", "4 streams are open already", Map.of()),
            new IllegalStateException(new SQLException("refused", "08001")))) {
      List<ILoggingEvent> written = written(refusal);
      assertThat(written).hasSize(1);
      assertThat(written.get(0).getLevel()).isEqualTo(Level.WARN);
      assertThat(written.get(0).getThrowableProxy()).isNull();
    }
  }

  @Test
  void aFailureOfTheHubsHasItsStack() {
    List<ILoggingEvent> written = written(new IllegalStateException("ours"));
    assertThat(written).hasSize(1);
    assertThat(written.get(0).getLevel()).isEqualTo(Level.ERROR);
    assertThat(written.get(0).getThrowableProxy()).isNotNull();
  }

  @Test
  void aCallersMistakeAndWhatIsToldElsewhereAreNotWritten() {
    assertThat(written(new InvalidInputException("a", "is wrong"))).isEmpty();
    assertThat(written(new OverloadedException("too much"))).isEmpty();
    assertThat(written(new RedisUnavailableException("away", null))).isEmpty();
  }
}
