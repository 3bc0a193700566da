package routes.repository;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkReader;
import routes.repository.chunks.ChunkWriter;
import routes.repository.chunks.ZstdCodec;
import routes.repository.format.ChunkRef;
import routes.repository.format.ChunkSizes;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.store.FileObjectStore;
import routes.repository.store.TestStore;

/** A repository of hub {@code hub-a} in a folder, with small chunks. */
public final class RepositoryFixture {
  public static final Instant NOW = Instant.parse("2026-11-20T03:00:00.123456Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  public static final ChunkSizes SIZES = new ChunkSizes(256, 768, 2048);

  public final TestStore store;
  public final Repository repository;

  public RepositoryFixture(Path folder) {
    store = new TestStore(FileObjectStore.open(folder, CLOCK));
    repository = Repository.open(store, "hub-a", CLOCK);
  }

  /** Name of the threads of a pipeline. */
  public static final String UPLOADS = "test-upload";

  public static ChunkPipeline.Settings settings(int uploads, int buffers) {
    return new ChunkPipeline.Settings(
        uploads,
        buffers,
        SIZES,
        work -> {
          Thread thread = new Thread(work, UPLOADS);
          thread.setDaemon(true);
          return thread;
        });
  }

  public ChunkPipeline pipeline() {
    return repository.pipeline(settings(2, 4), Optional.empty());
  }

  public static byte[] row(int i) {
    return (i + "\tuser" + i * 7919L + "\tsome text that repeats\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  public static List<byte[]> rows(int from, int to) {
    List<byte[]> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(row(i));
    }
    return rows;
  }

  public static List<ChunkRef> write(ChunkPipeline pipeline, List<byte[]> rows) {
    try (ChunkWriter writer = pipeline.writer()) {
      rows.forEach(writer::row);
      return writer.finish();
    }
  }

  public static Entry table(String name, List<ChunkRef> chunks) {
    return Entry.of(
        EntryKind.TABLE,
        name,
        Map.of("schema", "public", "table", name, "columns", List.of("id", "name", "note")),
        chunks);
  }

  static Manifest manifest(String source, Instant takenAt, List<Entry> entries) {
    return new Manifest(
        Manifest.FORMAT,
        source,
        "postgres",
        "hub-a",
        "run-1",
        1,
        takenAt,
        takenAt.plusSeconds(60),
        Map.of("version", "15.13", "database", "shop", "encoding", "UTF8", "lsn", "0/1A2B3C4D"),
        Map.of("pg_dump", "15.13"),
        null,
        Manifest.NOT_ENCRYPTED,
        Manifest.Totals.of(entries, 0),
        entries);
  }

  /** Publishes a snapshot of one table with these rows. */
  public SnapshotId publish(String source, Instant takenAt, List<byte[]> rows) {
    try (ChunkPipeline pipeline = pipeline()) {
      List<Entry> entries = List.of(table("customer", write(pipeline, rows)));
      return repository.publish(manifest(source, takenAt, entries), pipeline);
    }
  }

  public byte[] content(List<ChunkRef> refs) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (ChunkReader reader = new ChunkReader(store, new ZstdCodec())) {
      for (ChunkRef ref : refs) {
        ByteBuffer chunk = reader.read(ref);
        all.write(chunk.array(), chunk.arrayOffset(), chunk.remaining());
      }
    }
    return all.toByteArray();
  }

  public static byte[] joined(List<byte[]> rows) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    rows.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
