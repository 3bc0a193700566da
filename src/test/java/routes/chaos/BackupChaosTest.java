package routes.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.CommitSeed;
import routes.devservices.TestStores;

/** {@code ./hub chaos backup}, for one kill or for eight. */
class BackupChaosTest {

  @Test
  void noSnapshotLacksAChunkAndNothingIsLeftOver(@TempDir Path folder) throws Exception {
    survives(1, folder);
  }

  @Tag("slow")
  @Test
  void norAfterManyKills(@TempDir Path folder) throws Exception {
    survives(8, folder);
  }

  private static void survives(int kills, Path folder) throws Exception {
    long seed = CommitSeed.get();
    String name = "chaos_" + UUID.randomUUID().toString().substring(0, 8);
    try (Scene scene = new Scene(TestStores.get().services(), folder, name)) {
      BackupChaos.Report report =
          new BackupChaos(scene, seed, new PrintStream(OutputStream.nullOutputStream())).run(kills);

      assertThat(report.violations()).as("seed " + seed + ", " + report).isEmpty();
      assertThat(report.kills()).isGreaterThanOrEqualTo(kills);
      assertThat(report.snapshots()).isPositive();
    }
  }
}
