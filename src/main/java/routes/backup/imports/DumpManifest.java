package routes.backup.imports;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.stereotype.Component;
import routes.backup.config.HubFacts;
import routes.backup.config.Sources;
import routes.backup.postgres.script.SqlDump;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkWriter;
import routes.repository.format.ChunkRef;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;

/** Reads one dump to its end: its content becomes chunks, and what is known of it a manifest. */
@Component
record DumpManifest(ImportProperties properties, Sources sources, HubFacts facts, Clock clock) {

  /**
   * Reads the dump through the pipeline.
   *
   * @return what it is, to be published when it is not there yet
   * @throws RefusedException when it is no whole dump, or changed while it was read
   */
  Manifest read(Importing.Task task, DumpFile file, Instant takenAt, ChunkPipeline pipeline)
      throws IOException {
    DumpInspection inspection = new DumpInspection();
    DigestInputStream packed =
        new DigestInputStream(new Counted(file), DigestUtils.getSha256Digest());
    List<ChunkRef> chunks;
    try (InputStream in = Decompression.of(packed);
        ChunkWriter writer = pipeline.writer()) {
      LineChunks.copy(
          in,
          writer,
          (bytes, offset, length) -> {
            task.run().checkpoint();
            inspection.feed(bytes, offset, length);
          });
      inspection.finish();
      chunks = writer.finish();
    }
    String wanted = properties.imports().get(task.from()).database();
    String database =
        inspection.database(wanted == null ? sources.source(task.source()).database() : wanted);
    Map<String, Object> about = inspection.about();
    Map<String, Object> server = new TreeMap<>();
    Map<String, String> tools = new TreeMap<>(Map.of("hub", facts.version()));
    server.put("file", file.name());
    server.put("size", file.size());
    server.put("modified", file.modified().toString());
    server.put("sha256", HexFormat.of().formatHex(packed.getMessageDigest().digest()));
    if (database != null) {
      about.put("database", database);
      server.put("database", database);
    }
    if (inspection.serverVersion() != null) {
      server.put("version", inspection.serverVersion());
    }
    if (inspection.clientVersion() != null) {
      tools.put("pg_dump", inspection.clientVersion());
    }
    List<Entry> entries = List.of(Entry.of(EntryKind.FILE, file.name(), about, chunks));
    return new Manifest(
        Manifest.FORMAT,
        task.source(),
        SqlDump.KIND,
        task.repository().hub(),
        task.run().id().toString(),
        task.run().attempt(),
        takenAt,
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        server,
        tools,
        task.run().traceId(),
        Manifest.NOT_ENCRYPTED,
        Manifest.Totals.of(entries, pipeline.counters().newBytes()),
        entries);
  }

  /** Ends with a failure when the file is not as large as it was listed. */
  private static final class Counted extends java.io.FilterInputStream {
    private final long size;
    private long count;

    Counted(DumpFile file) throws IOException {
      super(file.content().open());
      this.size = file.size();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      count += Math.max(0, read);
      if (count > size || (read < 0 && count < size)) {
        throw new RefusedException("changed while it was read: is it still being written?");
      }
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
