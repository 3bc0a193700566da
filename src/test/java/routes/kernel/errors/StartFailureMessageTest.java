package routes.kernel.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Why a hub does not start is one line that names what to mend. */
class StartFailureMessageTest {

  @Test
  void aBadValueNamesItsKey() {
    FailureAnalysis told =
        new StartFailureMessage()
            .analyze(
                new BeanCreationException(
                    "bean", "x", new IllegalArgumentException("hub.database.url is not set")));

    assertThat(told.getDescription()).isEqualTo("hub.database.url is not set");
    assertThat(told.getAction()).contains("./hub doctor");
  }

  @Test
  void aDatabaseThatIsAwayNamesTheKeysToCheck() {
    FailureAnalysis told =
        new StartFailureMessage()
            .analyze(
                new BeanCreationException(
                    "bean", "x", new SQLException("Connection to 127.0.0.1:1 refused")));

    assertThat(told.getDescription()).contains("127.0.0.1:1 refused");
    assertThat(told.getAction()).contains("hub.database.url");
  }

  @Test
  void whatItDoesNotKnowIsLeftToOthers() {
    assertThat(new StartFailureMessage().analyze(new IllegalStateException("other"))).isNull();
  }
}
