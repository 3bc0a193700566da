package routes.backup.postgres.archive;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import routes.jobs.RunContext;
import routes.repository.Repository;
import routes.repository.chunks.EntryComparison;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.repository.format.MissingChunkException;

/** Reads entries of a snapshot, each chunk verified; damage is told by the entry's name. */
public record SnapshotReader(Repository repository, Manifest manifest, RunContext run) {

  /** Takes one verified chunk, valid until it returns. */
  public interface Sink {
    void chunk(ByteBuffer plain) throws IOException;
  }

  /**
   * @throws DamagedException when a chunk is missing or corrupt
   */
  public void read(Entry entry, Sink sink) throws IOException {
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

  public EntryComparison comparison(Entry entry) {
    return repository.comparison(manifest, entry);
  }

  public static String label(Entry entry) {
    return entry.kind() == EntryKind.TABLE ? "table " + entry.name() : entry.name();
  }
}
