package routes.backup.catalogue;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.repository.format.ChunkId;
import routes.repository.format.SnapshotId;

/**
 * {@code hub.damaged_chunk}: what was found damaged or missing and was neither sent nor read again
 * since. It goes with its snapshot.
 */
@Component
record DamagedChunks(JdbcClient jdbc) {

  void found(String source, SnapshotId snapshot, Collection<ChunkId> chunks) {
    for (ChunkId chunk : chunks) {
      jdbc.sql(SqlFile.load("backup/damaged-chunk-add"))
          .param("source", source)
          .param("snapshot", snapshot.value())
          .param("chunk", chunk.hex())
          .update();
    }
  }

  /** Forgets those that are known to be whole again, whatever snapshot names them. */
  void whole(Set<ChunkId> chunks) {
    // The few that are damaged are looked for among the many that are not, never the other way.
    List<String> healed =
        jdbc.sql("SELECT DISTINCT chunk FROM hub.damaged_chunk").query(String.class).list().stream()
            .filter(chunk -> chunks.contains(new ChunkId(chunk)))
            .toList();
    if (!healed.isEmpty()) {
      jdbc.sql("DELETE FROM hub.damaged_chunk WHERE chunk IN (:chunks)")
          .param("chunks", healed)
          .update();
    }
  }
}
