package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import routes.repository.store.FileObjectStore;

/** Whose turn it is to be drilled. */
class LeastRecentlyDrilledTest {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir Path folder;

  private SnapshotId publish(Repository repository, int day) {
    try (ChunkPipeline pipeline =
        repository.pipeline(ChunkPipeline.Settings.of(1, 1), Optional.empty())) {
      Instant at = NOW.plusSeconds(86_400L * day);
      return repository.publish(
          new Manifest(
              Manifest.FORMAT,
              "shop",
              "postgres",
              "hub",
              "run",
              1,
              at,
              at,
              Map.of(),
              Map.of(),
              null,
              Manifest.NOT_ENCRYPTED,
              Manifest.Totals.of(List.of(), 0),
              List.of()),
          pipeline);
    }
  }

  private static void drilled(Repository repository, SnapshotId id, Instant at) {
    repository.recordDrill(
        "shop", id, "run-" + at.getEpochSecond(), Map.of("at", at.toString(), "verified", true));
  }

  @Test
  void everySnapshotHasItsTurnThoseNeverDrilledFirst() {
    Repository repository = Repository.open(FileObjectStore.open(folder, CLOCK), "hub", CLOCK);
    assertThat(LeastRecentlyDrilled.of(repository, "shop")).isEmpty();
    List<SnapshotId> ids = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      ids.add(publish(repository, day));
    }
    List<SnapshotId> turns = new ArrayList<>();
    for (int week = 0; week < 8; week++) {
      SnapshotId turn =
          LeastRecentlyDrilled.of(repository, "shop").map(SnapshotInfo::id).orElseThrow();
      turns.add(turn);
      drilled(repository, turn, NOW.plusSeconds(1_000_000L + week));
    }
    assertThat(turns.subList(0, 4)).containsExactly(ids.get(3), ids.get(2), ids.get(1), ids.get(0));
    assertThat(turns.subList(4, 8)).isEqualTo(turns.subList(0, 4));
  }
}
