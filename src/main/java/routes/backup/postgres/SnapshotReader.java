package routes.backup.postgres;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import routes.jobs.RunContext;
import routes.repository.CorruptChunkException;
import routes.repository.Entry;
import routes.repository.EntryComparison;
import routes.repository.EntryKind;
import routes.repository.Manifest;
import routes.repository.MissingChunkException;
import routes.repository.Repository;

/** Reads entries of a snapshot, each chunk verified; damage is told by the entry's name. */
final class SnapshotReader {

  private final Repository repository;
  private final Manifest manifest;
  private final RunContext run;

  SnapshotReader(Repository repository, Manifest manifest, RunContext run) {
    this.repository = repository;
    this.manifest = manifest;
    this.run = run;
  }

  /** Takes one verified chunk, valid until it returns. */
  interface Sink {
    void chunk(ByteBuffer plain) throws IOException;
  }

  /**
   * @throws DamagedException when a chunk is missing or corrupt
   */
  void read(Entry entry, Sink sink) throws IOException {
    try (ReadAhead chunks = new ReadAhead(entry.chunks(), () -> repository.reader(manifest))) {
      for (ByteBuffer chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
        run.checkpoint();
        sink.chunk(chunk);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + label(entry) + " was read");
    } catch (CorruptChunkException e) {
      throw new DamagedException(label(entry), e.id(), e);
    } catch (MissingChunkException e) {
      throw new DamagedException(label(entry), e.id(), e);
    }
  }

  EntryComparison comparison(Entry entry) {
    return repository.comparison(manifest, entry);
  }

  static String label(Entry entry) {
    return entry.kind() == EntryKind.TABLE ? "table " + entry.name() : entry.name();
  }
}
