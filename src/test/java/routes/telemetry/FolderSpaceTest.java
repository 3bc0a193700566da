package routes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Space of a folder, also of one that is not there yet; and what the clockwork does with failures.
 */
class FolderSpaceTest {

  private final MeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void aFolderThatIsNotThereYetLiesOnTheDiskOfItsParent(@TempDir Path folder) {
    FolderSpace space = new FolderSpace("repository", Optional.of(folder.resolve("a/b")), meters);
    assertThat(meters.get("hub.disk.free").gauge().value()).isNaN();

    space.refresh();

    assertThat(meters.get("hub.disk.size").gauge().value())
        .isEqualTo(folder.toFile().getTotalSpace());
    assertThat(meters.get("hub.disk.free").gauge().value()).isPositive();
  }

  @Test
  void withoutAFolderThereIsNothingToTell() {
    new FolderSpace("repository", Optional.empty(), meters).refresh();

    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void badSettingsAreNamedWithoutTheToken() {
    assertThatThrownBy(() -> new MetricsProperties(Duration.ZERO, ""))
        .hasMessageContaining("hub.metrics.every");
    assertThatThrownBy(() -> new MetricsProperties(Duration.ofSeconds(10), "too-short"))
        .hasMessageContaining("hub.metrics.token")
        .hasMessageNotContaining("too-short");
    assertThat(new MetricsProperties(Duration.ofSeconds(10), "s".repeat(32)).toString())
        .doesNotContain("ss");
  }
}
