package routes.backup.restore;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import routes.backup.config.RestoreProperties;

class RestorePropertiesTest {

  @ParameterizedTest
  @ValueSource(strings = {"0B", "256MB", "1023GB"})
  void whatAServerTakes(String size) {
    assertThatCode(() -> new RestoreProperties(DataSize.parse(size))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1MB", "1TB"})
  void whatItDoesNotIsToldWithItsKey(String size) {
    assertThatThrownBy(() -> new RestoreProperties(DataSize.parse(size)))
        .hasMessageContaining("hub.backup.restore.maintenance-work-mem is ");
  }
}
