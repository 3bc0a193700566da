package routes.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkWriter;
import routes.repository.format.ChunkRef;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;

/** Snapshots of one row that were taken when a test says, without a database. */
public final class KeptSnapshots {

  private static final ObjectMapper JSON = JsonMapper.builder().findAndAddModules().build();

  private KeptSnapshots() {}

  public static Manifest publish(
      Repository repository, String source, Instant takenAt, String row) {
    try (ChunkPipeline pipeline =
            repository.pipeline(ChunkPipeline.Settings.of(1, 1), Optional.empty());
        ChunkWriter writer = pipeline.writer()) {
      writer.row((row + "\n").getBytes(StandardCharsets.UTF_8));
      Manifest manifest = manifest(repository.hub(), source, takenAt, writer.finish());
      repository.publish(manifest, pipeline);
      return manifest;
    }
  }

  public static SnapshotId idOf(Repository repository, Manifest manifest) {
    return repository.list(manifest.source()).stream()
        .map(SnapshotInfo::id)
        .filter(id -> repository.read(manifest.source(), id).run().equals(manifest.run()))
        .findFirst()
        .orElseThrow();
  }

  private static Manifest manifest(
      String hub, String source, Instant takenAt, List<ChunkRef> refs) {
    long plain = refs.stream().mapToLong(ChunkRef::plain).sum();
    long stored = refs.stream().mapToLong(ChunkRef::stored).sum();
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("kind", "table");
    entry.put("name", "public.t");
    entry.put("about", Map.of());
    entry.put("rows", 1);
    entry.put("plainBytes", plain);
    entry.put("storedBytes", stored);
    entry.put("chunks", refs);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", Manifest.FORMAT);
    all.put("source", source);
    all.put("kind", "postgres");
    all.put("hub", hub);
    all.put("run", UUID.randomUUID().toString());
    all.put("attempt", 1);
    all.put("takenAt", takenAt.toString());
    all.put("finishedAt", takenAt.toString());
    all.put("encryption", Manifest.NOT_ENCRYPTED);
    all.put(
        "totals",
        Map.of("rows", 1, "plainBytes", plain, "storedBytes", stored, "newBytes", 0, "chunks", 1));
    all.put("entries", List.of(entry));
    return JSON.convertValue(all, Manifest.class);
  }
}
