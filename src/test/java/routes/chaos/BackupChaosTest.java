package routes.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.devservices.TestStores;

/** {@code ./hub chaos backup} for a minute. */
class BackupChaosTest {

  private static final int KILLS = 2;

  @Test
  void noSnapshotLacksAChunkAndNothingIsLeftOver(@TempDir Path folder) throws Exception {
    long seed = System.nanoTime();
    String name = "chaos_" + UUID.randomUUID().toString().substring(0, 8);
    try (Scene scene = new Scene(TestStores.get().services(), folder, name)) {
      BackupChaos.Report report =
          new BackupChaos(scene, seed, new PrintStream(OutputStream.nullOutputStream())).run(KILLS);

      assertThat(report.violations()).as("seed " + seed + ", " + report).isEmpty();
      assertThat(report.kills()).isGreaterThanOrEqualTo(KILLS);
      assertThat(report.snapshots()).isPositive();
    }
  }
}
