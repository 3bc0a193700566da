package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.devservices.TestStores;
import routes.repository.format.ChunkRef;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** What an encrypted repository keeps can be restored from it. */
class EncryptedRestoreTest {

  @TempDir Path folder;

  /** Equal rows make equal chunks, so one reader opens one chunk many times. */
  @Test
  void aTableOfEqualRowsComesBack() throws Exception {
    TestStores.Database database = TestStores.get().newDatabase("equal rows");
    PostgresAddress original =
        Workbench.address(database.url(), database.username(), database.password());
    Workbench.execute(
        original,
        "CREATE TABLE flags AS SELECT NULL::bool AS done, repeat('new', 300) AS state, 0 AS n"
            + " FROM generate_series(1, 45000)");
    Workbench bench = Workbench.encrypted(folder);

    Manifest snapshot = bench.backUp(original, new QuietRun());

    List<ChunkRef> chunks =
        snapshot.entries().stream()
            .filter(entry -> entry.kind() == EntryKind.TABLE)
            .findFirst()
            .orElseThrow()
            .chunks();
    assertThat(new HashSet<>(chunks))
        .as("chunks that are equal")
        .hasSizeLessThan(chunks.size() - 1);
    assertThat(bench.drill(original, snapshot, new QuietRun()).rows()).isEqualTo(45_000);
  }
}
